/** Clients of the AMS gateway, by the operator: who may call it, with which keys; and the key the gateway itself signs with. */
import { Type } from 'typebox';
import {
  type AmsClient,
  type AmsNotification,
  addClientKey,
  listClients,
  loadClientOf,
  notificationsOf,
  type RegisterClient,
  registerClient,
  withdrawClientKey,
} from '../../ams/index.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { closed, id, instant, nullable, text } from '../answer-parts.ts';
import { listOf } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, sendOutcome } from '../requests.ts';
import { answers, body, Country, idempotent, idOf, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const ClientAnswer = closed({
  id: id('amc'),
  clientId: Type.String({ description: 'the name it signs with' }),
  marketplace: id('mkt'),
  keys: Type.Array(closed({ version: text, publicKey: text, state: text, addedAt: instant })),
  defaults: closed({
    policy: text,
    shipWithinDays: Type.Integer(),
    buyerCountry: text,
    seller: nullable(id('sel')),
    payWithinS: Type.Integer(),
  }),
  sellers: Type.Record(text, text, { description: 'sellers by the names the client has for them' }),
  notifyUrl: nullable(text),
  createdAt: instant,
});
const GatewayAnswer = closed({
  publicKey: Type.String({ description: 'base64 of its SubjectPublicKeyInfo; clients verify answers with it' }),
  keyVersion: text,
});

const NotificationAnswer = closed({
  id: id('amn'),
  state: Type.String({ description: 'waiting, acknowledged or given_up' }),
  kind: text,
  subject: Type.String({ description: 'the AMS payment or request it is about' }),
  url: text,
  attempts: Type.Array(closed({ at: instant, outcome: text })),
  createdAt: instant,
});

const PublicKey = Type.String({ minLength: 100, maxLength: 4000, description: 'RSA, base64 of its SPKI, or PEM' });
const Version = Type.String({ pattern: '^[0-9]{1,9}$', description: 'as keyVersion in the signature header' });
const Url = Type.String({ pattern: '^https?://[!-~]+$', maxLength: 2000 });
const ClientBody = body({
  clientId: Type.String({ pattern: '^[!-~]{1,64}$' }),
  marketplace: idOf('mkt'),
  publicKey: PublicKey,
  defaults: Type.Optional(
    body({
      policy: Type.Optional(Text(40)),
      shipWithinDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
      buyerCountry: Type.Optional(Country),
      seller: Type.Optional(idOf('sel')),
      payWithinS: Type.Optional(Type.Integer({ minimum: 60, maximum: 7_776_000 })),
    }),
  ),
  sellers: Type.Optional(
    Type.Record(Type.String({ pattern: '^[!-~]{1,64}$' }), idOf('sel'), { additionalProperties: false }),
  ),
  notifyUrl: Type.Optional(Url),
});

export function amsClientRoutes(server: Routes, app: App): void {
  for (const route of [gateway, list, register, addKey, withdrawKey, notifications]) route(server, app);
}

function gateway(server: Routes, app: App): void {
  server.get(
    '/v1/ams-gateway',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'The public key of the AMS gateway',
        tags: ['ams'],
        response: answers(200, 'The key; not found where no AMS is served', GatewayAnswer),
      },
    },
    async (_request, reply) => {
      const { key } = app.ams;
      return key === null ? sendProblem(reply, notFound('gateway')) : { publicKey: key.publicKey, keyVersion: '1' };
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/ams-clients',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Clients of the AMS gateway',
        tags: ['ams'],
        response: answers(200, 'The clients, oldest first', listOf(ClientAnswer)),
      },
    },
    async () => toPlain({ data: (await listClients(app.journal.db)).map(viewClient) }),
  );
}

function register(server: Routes, app: App): void {
  server.post(
    '/v1/ams-clients',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Register a client of the AMS gateway; its key becomes version 1',
        tags: ['ams'],
        headers: idempotent,
        body: ClientBody,
        response: answers(201, 'The client', ClientAnswer),
      },
    },
    async (request, reply) => {
      // The schema holds the ids to their form.
      const input = request.body as RegisterClient;
      const command = optionalCommand(request, 'register_ams_client', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await registerClient(app.ams, command.value, input);
      return sendOutcome(app, reply, command.value, result, { status: 201, view: viewClient });
    },
  );
}

function addKey(server: Routes, app: App): void {
  server.post(
    '/v1/ams-clients/:id/keys',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Add a key; both are good until one is withdrawn',
        tags: ['ams'],
        params: params('amc'),
        headers: idempotent,
        body: body({ version: Version, publicKey: PublicKey }),
        response: answers(201, 'The client', ClientAnswer),
      },
    },
    async (request, reply) => {
      const input = { client: request.params.id as Id<'amc'>, ...request.body };
      const command = optionalCommand(request, 'add_ams_key', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await addClientKey(app.ams, command.value, input);
      return sendOutcome(app, reply, command.value, result, { status: 201, view: viewClient });
    },
  );
}

function withdrawKey(server: Routes, app: App): void {
  server.post(
    '/v1/ams-clients/:id/withdraw-key',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Withdraw a key: what is signed with it is refused from then on',
        tags: ['ams'],
        params: params('amc'),
        headers: idempotent,
        body: body({ version: Version }),
        response: answers(200, 'The client', ClientAnswer),
      },
    },
    async (request, reply) => {
      const input = { client: request.params.id as Id<'amc'>, ...request.body };
      const command = optionalCommand(request, 'withdraw_ams_key', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await withdrawClientKey(app.ams, command.value, input);
      return sendOutcome(app, reply, command.value, result, { view: viewClient });
    },
  );
}

function notifications(server: Routes, app: App): void {
  server.get(
    '/v1/ams-clients/:id/notifications',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'What a client was told, the newest hundred, with every attempt',
        tags: ['ams'],
        params: params('amc'),
        response: answers(200, 'The notifications', listOf(NotificationAnswer)),
      },
    },
    async (request, reply) => {
      const { db } = app.journal;
      const client = await loadClientOf(db, request.params.id as Id<'amc'>);
      if (client === null) return sendProblem(reply, notFound('client'));
      return toPlain({ data: (await notificationsOf(db, client.id)).map(viewNotification) });
    },
  );
}

const viewNotification = ({ id, state, kind, subject, url, attempts, createdAt }: AmsNotification) => ({
  ...{ id, state, kind, subject, url, attempts, createdAt },
});

const viewClient = ({ id, clientId, marketplace, keys, defaults, sellers, notifyUrl, createdAt }: AmsClient) => ({
  ...{ id, clientId, marketplace, keys, defaults, sellers, notifyUrl, createdAt },
});
