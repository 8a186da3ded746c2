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
import { answers, body, params, Text } from '../schemas.ts';
import { HubCodeAnswer, viewCode } from './hub-code-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

export function hubCodeRoutes(server: Routes, app: App): void {
  for (const route of [one, drawings, drawingsOfText, retire]) route(server, app);
}

const MEDIA = { svg: 'image/svg+xml', png: 'image/png' } as const;
type Format = keyof typeof MEDIA;
const FORMATS: readonly Format[] = ['svg', 'png'];

const picture = (format: Format) => ({
  200: { description: 'The picture', content: { [MEDIA[format]]: { schema: Type.String() } } },
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

function drawings(server: Routes, app: App): void {
  for (const format of FORMATS)
    server.get(
      `/v1/hub-codes/:id.${format}`,
      {
        onRequest: requires(app, 'operator'),
        schema: {
          summary: `A code to print, as ${format.toUpperCase()}`,
          tags: ['hub'],
          params: params('hcd'),
          response: picture(format),
        },
      },
      async (request, reply) => {
        const code = await shownCode(app, request.params.id);
        return code === null ? sendProblem(reply, notFound('code')) : sendPicture(reply, code.value, format);
      },
    );
}

function drawingsOfText(server: Routes, app: App): void {
  for (const format of FORMATS)
    server.get(
      `/v1/code-drawing.${format}`,
      {
        onRequest: requires(app, 'operator'),
        schema: {
          summary: `Any text as a QR code for a page that shows it, as ${format.toUpperCase()}`,
          tags: ['hub'],
          querystring: Type.Object({ value: Text(512) }, { additionalProperties: false }),
          response: picture(format),
        },
      },
      async (request, reply) => sendPicture(reply, request.query.value, format),
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
        body: body({}),
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
  return reply.type(MEDIA[format]).send(format === 'svg' ? svg : Buffer.from(png));
}
