/** Participants of the hub, by the operator: wallets and acquirers with their terms and keys; which wallet works where. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import type { CommandKey, Outcome } from '../../journal/index.ts';
import {
  type AddParticipant,
  addParticipant,
  addParticipantKey,
  type ChangeParticipant,
  type CoverageState,
  changeMarkets,
  changeParticipant,
  coverageOf,
  findParticipant,
  findWallet,
  isAcquirer,
  isWallet,
  listParticipants,
  listWallets,
  type Participant,
  type ParticipantRefusal,
  type RegistryDeps,
  resumeParticipant,
  suspendParticipant,
  withdrawParticipantKey,
} from '../../parties/index.ts';
import { listOf } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, readMoney, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, params } from '../schemas.ts';
import {
  AddBody,
  ChangeBody,
  CoverageAnswer,
  KeyBody,
  MarketsBody,
  ParticipantAnswer,
  slugParams,
  Version,
} from './participant-schemas.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const TAGS = { tags: ['hub'] };

export function participantRoutes(server: Routes, app: App): void {
  for (const route of [list, show, add, change, turns, keys, wallets, markets, coverage]) route(server, app);
}

function list(server: Routes, app: App): void {
  const querystring = body({ role: Type.Optional(Type.Union([Type.Literal('wallet'), Type.Literal('acquirer')])) });
  const response = answers(200, 'The participants, oldest first', listOf(ParticipantAnswer));
  const schema = { ...TAGS, summary: 'Participants of the hub', querystring, response };
  server.get('/v1/participants', { onRequest: requires(app, 'operator'), schema }, async ({ query }) => {
    const all = await listParticipants(app.journal.db);
    const { role } = query;
    const found = role === undefined ? all : all.filter(role === 'wallet' ? isWallet : isAcquirer);
    return toPlain({ data: found.map(viewParticipant) });
  });
}

function show(server: Routes, app: App): void {
  const response = answers(200, 'The participant', ParticipantAnswer);
  const schema = { ...TAGS, summary: 'One participant of the hub', params: params('ptc'), response };
  server.get('/v1/participants/:id', { onRequest: requires(app, 'operator'), schema }, async (request, reply) => {
    const found = await findParticipant(app.journal.db, request.params.id as Id<'ptc'>);
    return found === null ? sendProblem(reply, notFound('participant')) : toPlain(viewParticipant(found));
  });
}

/** Amounts of limits become money; the schema has held everything else to its form. */
function withMoney(input: { readonly wallet?: { readonly limits?: readonly object[] } }): Result<object, Refusal> {
  const limits: object[] = [];
  for (const [index, limit] of (input.wallet?.limits ?? []).entries()) {
    const amount = readMoney((limit as { amount: unknown }).amount, `/wallet/limits/${index}/amount`);
    if (!amount.ok) return amount;
    limits.push({ ...limit, amount: amount.value });
  }
  return ok(input.wallet?.limits === undefined ? input : { ...input, wallet: { ...input.wallet, limits } });
}

function add(server: Routes, app: App): void {
  const response = answers(201, 'The participant', ParticipantAnswer);
  const summary = 'Add a wallet, an acquirer, or one that is both; it works at once';
  const schema = { ...TAGS, summary, headers: idempotent, body: AddBody, response };
  server.post('/v1/participants', { onRequest: requires(app, 'operator'), schema }, async (request, reply) => {
    const input = withMoney(request.body);
    if (!input.ok) return sendProblem(reply, input.error);
    const command = optionalCommand(request, 'add_participant', input.value);
    if (!command.ok) return sendProblem(reply, command.error);
    const result = await addParticipant(app, command.value, input.value as AddParticipant);
    return sendOutcome(app, reply, command.value, result, { status: 201, view: viewParticipant });
  });
}

function change(server: Routes, app: App): void {
  const response = answers(200, 'The participant', ParticipantAnswer);
  const summary = 'Change terms, addresses, limits or fees, or add a role';
  const schema = { ...TAGS, summary, params: params('ptc'), headers: idempotent, body: ChangeBody, response };
  server.patch('/v1/participants/:id', { onRequest: requires(app, 'operator'), schema }, async (request, reply) => {
    const changes = withMoney(request.body);
    if (!changes.ok) return sendProblem(reply, changes.error);
    const input = { ...changes.value, participant: request.params.id as Id<'ptc'> };
    const command = optionalCommand(request, 'change_participant', input);
    if (!command.ok) return sendProblem(reply, command.error);
    const result = await changeParticipant(app, command.value, input satisfies ChangeParticipant);
    return sendOutcome(app, reply, command.value, result, { view: viewParticipant });
  });
}

type Turn = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  participant: Id<'ptc'>,
) => Promise<Result<Outcome<Participant>, ParticipantRefusal>>;

function turns(server: Routes, app: App): void {
  const route = (verb: string, summary: string, turn: Turn): void => {
    const response = answers(200, 'The participant', ParticipantAnswer);
    const schema = { ...TAGS, summary, params: params('ptc'), headers: idempotent, body: body({}), response };
    const path = `/v1/participants/:id/${verb}`;
    server.post(path, { onRequest: requires(app, 'operator'), schema }, async (request, reply) => {
      const { id } = request.params;
      const command = optionalCommand(request, `${verb}_participant`, { id });
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await turn(app, command.value, id as Id<'ptc'>);
      return sendOutcome(app, reply, command.value, result, { view: viewParticipant });
    });
  };
  route('suspend', 'Suspend: it takes part in nothing new', suspendParticipant);
  route('resume', 'Resume a suspended participant', resumeParticipant);
}

function keys(server: Routes, app: App): void {
  const onRequest = requires(app, 'operator');
  const shared = { ...TAGS, params: params('ptc'), headers: idempotent };
  const added = answers(201, 'The participant', ParticipantAnswer);
  const summary = 'Add a key of a participant; both are good until one is withdrawn';
  const schema = { ...shared, summary, body: KeyBody, response: added };
  server.post('/v1/participants/:id/keys', { onRequest, schema }, async (request, reply) => {
    const input = { participant: request.params.id as Id<'ptc'>, ...request.body };
    const command = optionalCommand(request, 'add_participant_key', input);
    if (!command.ok) return sendProblem(reply, command.error);
    const result = await addParticipantKey(app, command.value, input);
    return sendOutcome(app, reply, command.value, result, { status: 201, view: viewParticipant });
  });
  const response = answers(200, 'The participant', ParticipantAnswer);
  const withdraw = {
    ...shared,
    summary: 'Withdraw a key of a participant',
    body: body({ version: Version }),
    response,
  };
  server.post('/v1/participants/:id/withdraw-key', { onRequest, schema: withdraw }, async (request, reply) => {
    const input = { participant: request.params.id as Id<'ptc'>, ...request.body };
    const command = optionalCommand(request, 'withdraw_participant_key', input);
    if (!command.ok) return sendProblem(reply, command.error);
    const result = await withdrawParticipantKey(app, command.value, input);
    return sendOutcome(app, reply, command.value, result, { view: viewParticipant });
  });
}

function wallets(server: Routes, app: App): void {
  const onRequest = requires(app, 'operator');
  const all = answers(200, 'The wallets by name', listOf(ParticipantAnswer));
  const schema = { ...TAGS, summary: 'Wallets of the hub', response: all };
  server.get('/v1/wallets', { onRequest, schema }, async () =>
    toPlain({ data: (await listWallets(app.journal.db)).map(viewParticipant) }),
  );
  const response = answers(200, 'The wallet', ParticipantAnswer);
  const one = { ...TAGS, summary: 'One wallet by its short name', params: slugParams, response };
  server.get('/v1/wallets/:wallet', { onRequest, schema: one }, async (request, reply) => {
    const found = await findWallet(app.journal.db, request.params.wallet);
    return found === null ? sendProblem(reply, notFound('wallet')) : toPlain(viewParticipant(found));
  });
}

function markets(server: Routes, app: App): void {
  const response = answers(200, 'The wallet', ParticipantAnswer);
  const summary = 'Say where a wallet can be used; markets that are not named stay as they are';
  const schema = { ...TAGS, summary, params: slugParams, headers: idempotent, body: MarketsBody, response };
  server.post(
    '/v1/wallets/:wallet/markets',
    { onRequest: requires(app, 'operator'), schema },
    async (request, reply) => {
      const found = await findWallet(app.journal.db, request.params.wallet);
      if (found === null) return sendProblem(reply, notFound('wallet'));
      const given = request.body.markets as Record<string, CoverageState | 'none'>;
      const wanted = Object.fromEntries(Object.entries(given).map(([at, said]) => [at, said === 'none' ? null : said]));
      const command = optionalCommand(request, 'change_markets', { wallet: found.id, markets: given });
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await changeMarkets(app, command.value, { participant: found.id, markets: wanted });
      return sendOutcome(app, reply, command.value, result, { view: viewParticipant });
    },
  );
}

function coverage(server: Routes, app: App): void {
  const response = answers(200, 'Wallets by name, markets by country', CoverageAnswer);
  const schema = { ...TAGS, summary: 'Which wallet can be used in which market', response };
  server.get('/v1/coverage', { onRequest: requires(app, 'operator'), schema }, async () => {
    const matrix = coverageOf(await listWallets(app.journal.db));
    return toPlain({
      ...{ markets: matrix.markets, live: matrix.live },
      wallets: matrix.wallets.map(({ id, name, state, wallet: { slug, brandCode, country, currency, markets } }) => ({
        ...{ id, slug, name, brandCode, country, currency, state, markets },
      })),
    });
  });
}

const viewParticipant = ({ id, state, participantId, name, keys, wallet, acquirer, createdAt }: Participant) => ({
  ...{ id, state, participantId, name, keys, wallet, acquirer, createdAt },
});
