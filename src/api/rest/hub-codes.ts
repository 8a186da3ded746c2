/**
 * Codes of the hub over HTTP, for the operator: seen, drawn, and retired by hand. A payment code is a person's money for a minute, so
 * it is nobody's to see here.
 */
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { drawQr, findCode, type HubCode, retireCode } from '../../wallets/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, idOf, params, Text } from '../schemas.ts';
import { HubCodeAnswer, viewCode } from './hub-code-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

export function hubCodeRoutes(server: Routes, app: App): void {
  for (const route of [one, drawing, drawingOfText, retire]) route(server, app);
}

const Format = Type.Union([Type.Literal('svg'), Type.Literal('png')]);
type Format = 'svg' | 'png';

const pictures = (description: string) => ({
  200: {
    description,
    content: {
      'image/svg+xml': { schema: Type.String() },
      'image/png': { schema: Type.String({ format: 'binary' }) },
    },
  },
  default: answers(200, '').default,
});

function one(server: Routes, app: App): void {
  server.get(
    '/v1/hub-codes/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One code of the hub',
        tags: ['hub'],
        params: params('hcd'),
        response: answers(200, 'The code', HubCodeAnswer),
      },
    },
    async (request, reply) => {
      const code = await shownCode(app, request.params.id);
      return code === null ? sendProblem(reply, notFound('code')) : toPlain(viewCode(code));
    },
  );
}

function drawing(server: Routes, app: App): void {
  server.get(
    '/v1/hub-codes/:id/drawing.:format',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'A code to print, as SVG or PNG',
        tags: ['hub'],
        params: Type.Object({ id: idOf('hcd'), format: Format }),
        response: pictures('The picture'),
      },
    },
    async (request, reply) => {
      const code = await shownCode(app, request.params.id);
      return code === null ? sendProblem(reply, notFound('code')) : sendPicture(reply, code.value, request.params.format);
    },
  );
}

function drawingOfText(server: Routes, app: App): void {
  server.get(
    '/v1/hub-codes/drawing.:format',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Any text of a code as a QR code, for a page that shows it',
        tags: ['hub'],
        params: Type.Object({ format: Format }),
        querystring: Type.Object({ value: Text(512) }, { additionalProperties: false }),
        response: pictures('The picture'),
      },
    },
    async (request, reply) => sendPicture(reply, request.query.value, request.params.format),
  );
}

function retire(server: Routes, app: App): void {
  server.post(
    '/v1/hub-codes/:id/retire',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Retire a printed code: whoever scans it is told to ask the shop for another',
        tags: ['hub'],
        params: params('hcd'),
        response: answers(200, 'The code', HubCodeAnswer),
      },
    },
    async (request, reply) => {
      const deps = { journal: app.journal, clock: app.clock };
      const retired = await retireCode(deps, { id: request.params.id as Id<'hcd'>, by: request.caller.client });
      return retired.ok ? toPlain(viewCode(retired.value)) : sendProblem(reply, retired.error);
    },
  );
}

async function shownCode({ journal }: App, id: string): Promise<HubCode | null> {
  const code = await findCode(journal.db, id as Id<'hcd'>);
  return code === null || code.kind === 'payment' ? null : code;
}

async function sendPicture(reply: FastifyReply, value: string, format: Format): Promise<FastifyReply> {
  const { svg, png } = await drawQr(value);
  return format === 'svg' ? reply.type('image/svg+xml').send(svg) : reply.type('image/png').send(Buffer.from(png));
}
