/** Registrations of sellers, by the operator: what was said, what the checks found, the documents, and the decision. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import {
  attachmentBytes,
  decideRegistration,
  findAttachment,
  findRegistration,
  listRegistrations,
  REGISTRATION_MOVES,
  type Registration,
} from '../../registrations/index.ts';
import { closed, id, instant, nullable, text } from '../answer-parts.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readPage, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const STATES = Object.keys(REGISTRATION_MOVES);
const STATE_LIST = `^(${STATES.join('|')})(,(${STATES.join('|')}))*$`;

const RegistrationAnswer = closed({
  id: id('reg'),
  state: Type.String({ description: STATES.join(', ') }),
  marketplace: id('mkt'),
  registrar: Type.String({ description: 'the AMS client that registers it' }),
  requestId: text,
  reference: Type.String({ description: 'the registrar’s name for the seller' }),
  loginId: text,
  legalEntity: text,
  legalName: text,
  doingBusinessAs: text,
  country: text,
  categoryCode: nullable(text),
  people: Type.Array(closed({ role: text, name: text, shareBps: nullable(Type.Integer()), certified: Type.Boolean() })),
  attachments: Type.Array(id('att')),
  accounts: Type.Array(closed({ currency: text, country: text, last4: text, holderName: text })),
  paymentMethods: Type.Array(text),
  said: Type.Record(text, Type.Unknown(), { description: 'all of it, as it was said' }),
  checks: nullable(Type.Array(closed({ name: text, passed: Type.Boolean(), detail: text }))),
  decision: nullable(closed({ by: text, reason: text, at: instant })),
  seller: nullable(id('sel')),
  createdAt: instant,
});
const AttachmentAnswer = closed({
  id: id('att'),
  type: text,
  sha256: text,
  bytes: nullable(Type.Integer({ description: 'null when it was announced by its hash only' })),
  content: nullable(Type.String({ description: 'base64' })),
  createdAt: instant,
});

export function registrationRoutes(server: Routes, app: App): void {
  for (const route of [list, one, attachment]) route(server, app);
  decision(server, app, { verb: 'approve', outcome: 'successful', summary: 'Take the seller on' });
  decision(server, app, { verb: 'refuse', outcome: 'failed', summary: 'Refuse it; its name may be used again' });
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/registrations',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Registrations of sellers',
        tags: ['registrations'],
        querystring: Type.Object(
          { ...PageQuery, state: Type.Optional(Type.String({ pattern: STATE_LIST })) },
          { additionalProperties: false },
        ),
        response: answers(200, 'A page of registrations, newest first', pageAnswer(RegistrationAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listRegistrations(app.journal.db, {
        states: request.query.state?.split(',') ?? [],
        before: page.before ?? 'f'.repeat(32),
        limit: page.limit,
      });
      return pageOf(rows, page.limit, viewRegistration);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/registrations/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One registration',
        tags: ['registrations'],
        params: params('reg'),
        response: answers(200, 'The registration', RegistrationAnswer),
      },
    },
    async (request, reply) => {
      const row = await findRegistration(app.journal.db, request.params.id as Id<'reg'>);
      return row === null ? sendProblem(reply, notFound('registration')) : toPlain(viewRegistration(row));
    },
  );
}

function attachment(server: Routes, app: App): void {
  server.get(
    '/v1/attachments/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'A document of a registration, with its bytes',
        tags: ['registrations'],
        params: params('att'),
        response: answers(200, 'The document', AttachmentAnswer),
      },
    },
    async (request, reply) => {
      const { db } = app.journal;
      const row = await findAttachment(db, request.params.id as Id<'att'>);
      if (row === null) return sendProblem(reply, notFound('attachment'));
      const content = await attachmentBytes(db, row.id);
      const { id, type, sha256, bytes, createdAt } = row;
      const shown = content === null ? null : Buffer.from(content).toString('base64');
      return toPlain({ id, type, sha256, bytes, content: shown, createdAt });
    },
  );
}

interface Verb {
  readonly verb: 'approve' | 'refuse';
  readonly outcome: 'successful' | 'failed';
  readonly summary: string;
}

function decision(server: Routes, app: App, { verb, outcome, summary }: Verb): void {
  server.post(
    `/v1/registrations/:id/${verb}`,
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary,
        tags: ['registrations'],
        params: params('reg'),
        headers: idempotent,
        body: body({ reason: Text(500) }),
        response: answers(200, 'The registration', RegistrationAnswer),
      },
    },
    async (request, reply) => {
      const input = { registration: request.params.id as Id<'reg'>, outcome, reason: request.body.reason };
      const command = optionalCommand(request, `${verb}_registration`, input);
      if (!command.ok) return sendProblem(reply, command.error);
      const by = request.caller.key.id;
      const result = await decideRegistration(app.ams.registrations, command.value, { ...input, by });
      return sendOutcome(app, reply, command.value, result, { view: viewRegistration });
    },
  );
}

function viewRegistration(row: Registration) {
  const { id, state, marketplace, registrar, requestId, reference, merchant, accounts, paymentMethods } = row;
  const { loginId, legalEntity, legalName, doingBusinessAs, country, categoryCode, people, attachments, said } =
    merchant;
  const { checks, decision, seller, createdAt } = row;
  return {
    ...{ id, state, marketplace, registrar, requestId, reference },
    ...{ loginId, legalEntity, legalName, doingBusinessAs, country, categoryCode, people, attachments },
    accounts: accounts.map(({ currency, account }) => ({
      currency,
      country: account.country,
      last4: account.accountNumber.slice(-4),
      holderName: account.holderName,
    })),
    ...{ paymentMethods, said, checks, decision, seller, createdAt },
  };
}
