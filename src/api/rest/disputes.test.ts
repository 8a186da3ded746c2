/** Disputes over HTTP, with a network in memory: answers are what the description says, refusals are problems. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Value } from 'typebox/value';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../../test/support/modules.ts';
import type { Day } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { must } from '../../base/result.ts';
import { bookReport } from '../../disputes/book-movements.ts';
import { observeDispute } from '../../disputes/index.ts';
import { createApiKey, createMarketplace, type Scope } from '../../parties/index.ts';
import { payInstalment } from '../../payments/index.ts';
import { buildServer, type Server } from '../server.ts';
import { inboundJobs } from './inbound.ts';

interface Sent {
  readonly body?: object;
  readonly key?: string;
  readonly bearer?: string;
}

interface Described {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

const TEXT = { name: 'proof.txt', mediaType: 'text/plain', content: Buffer.from('delivered').toString('base64') };

describe('disputes over HTTP', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let secret: string;
  before(async () => {
    m = await createModules();
    server = await buildServer(testApp(m));
    secret = await keyOf(m.marketplace.id, ['payments', 'orders']);
  });
  after(async () => {
    await server?.close();
    await m?.close();
  });

  const keyOf = async (marketplace: Modules['marketplace']['id'] | null, scopes: readonly Scope[]) => {
    const parties = { journal: m.journal, clock: m.orders.clock, rail: m.payouts.rail };
    const made = committed(must(await createApiKey(parties, undefined, { name: 'k', marketplace, scopes })));
    return made.secret as string;
  };
  /** Sends it, and holds the answer against the OpenAPI document. */
  const send = async (
    method: 'GET' | 'POST' | 'PUT',
    route: string,
    id: string,
    { body, key, bearer = secret }: Sent = {},
  ) => {
    const answer = await server.inject({
      method,
      url: route.replace('{id}', id),
      headers: { authorization: `Bearer ${bearer}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    const json = answer.json() as Record<string, never> & { code: string };
    if (answer.statusCode >= 400) return { status: answer.statusCode, json };
    const description = (await server.inject({ url: '/openapi.json' })).json() as Described;
    const schema =
      description.paths[route]?.[method.toLowerCase()]?.responses[String(answer.statusCode)]?.content?.[
        'application/json'
      ]?.schema;
    assert.ok(schema !== undefined, `${method} ${route} says nothing about ${answer.statusCode}`);
    assert.deepEqual([...Value.Errors(schema as never, json)].slice(0, 3), [], `${method} ${route}`);
    return { status: answer.statusCode, json };
  };
  const disputed = async (cents: number, code = '13.1') => {
    const order = await m.order([cents]);
    const input = { marketplace: m.marketplace.id, order: order.id, instalment: 1, token: aToken() };
    const payment = committed(must(await payInstalment(m.payments, m.key(), { ...input, capture: 'automatic' })));
    const raised = { payment: payment.networkPaymentId as string, amount: usd(cents), code };
    const observed = await observeDispute(m.disputes, m.cardDisputes.raise(raised));
    assert.ok(observed.found === 'case');
    return observed.case;
  };

  test('read, evidence, challenge: each answer is as described, and a repeat of the challenge gets the first', async () => {
    const row = await disputed(4000);
    const documents = [TEXT, { ...TEXT, content: Buffer.from('signed for').toString('base64') }];
    const empty = await send('POST', '/v1/disputes/{id}/challenge', row.id, { body: {}, key: newId('req') });
    assert.deepEqual([empty.status, empty.json.code], [422, 'evidence_missing']);
    const movesNow = async () => (await send('GET', '/v1/disputes/{id}', row.id)).json.moves;
    assert.deepEqual(await movesNow(), ['evidence', 'accept']);
    const added = await send('POST', '/v1/disputes/{id}/evidence', row.id, { body: { documents } });
    assert.deepEqual(await movesNow(), ['evidence', 'challenge', 'accept']);
    assert.deepEqual([added.status, added.json.turn], [201, 'ours']);
    const key = newId('req');
    const challenged = await send('POST', '/v1/disputes/{id}/challenge', row.id, { body: {}, key });
    assert.deepEqual([challenged.status, challenged.json.state], [200, 'represented']);
    const repeated = await send('POST', '/v1/disputes/{id}/challenge', row.id, { body: {}, key });
    assert.deepEqual(repeated, challenged);
    assert.equal(m.cardDisputes.actions.length, 1);
    assert.equal(m.cardDisputes.actions[0]?.documents, 2);

    const one = (await send('GET', '/v1/disputes/{id}', row.id)).json as unknown as {
      documents: unknown[];
      movements: unknown[];
    };
    assert.deepEqual([one.documents.length, one.movements.length, await movesNow()], [2, 1, []]);
    const timeline = (await send('GET', '/v1/disputes/{id}/timeline', row.id)).json as unknown as {
      data: { title: string; amount?: unknown }[];
    };
    assert.deepEqual(
      timeline.data.map(({ title }) => title),
      [
        'Opened: chargeback',
        'Taken by the network',
        'Evidence handed in',
        'Evidence handed in',
        'Challenged by us',
        'The network took our answer',
      ],
    );
    assert.deepEqual(timeline.data[1]?.amount, { value: '4000', currency: 'USD' });
    const list = (await send('GET', '/v1/disputes', '')).json as unknown as { data: { id: string }[] };
    assert.ok(list.data.some(({ id }) => id === row.id));
    const order = (await send('GET', '/v1/orders/{id}', row.order)).json as unknown as { dispute: string };
    assert.equal(order.dispute, row.id);
  });

  test('no word of the network: 202 and checking; answered again it is refused', async () => {
    const row = await disputed(4100);
    m.cardDisputes.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await send('POST', '/v1/disputes/{id}/accept', row.id, { body: {}, key: newId('req') });
    assert.deepEqual([open.status, open.json.checking], [202, true]);
    const again = await send('POST', '/v1/disputes/{id}/accept', row.id, { body: {}, key: newId('req') });
    assert.deepEqual([again.status, again.json.code], [409, 'operation_in_progress']);
  });

  test('refusals: field and rule, somebody else’s, a missing scope, a body beyond its limit', async () => {
    const row = await disputed(4200);
    const post = (content: string, bearer = secret) =>
      send('POST', '/v1/disputes/{id}/evidence', row.id, { body: { documents: [{ ...TEXT, content }] }, bearer });
    const loose = await post('ZGVsaXZlcmV');
    const [error] = loose.json.errors as unknown as { pointer: string }[];
    assert.deepEqual(
      [loose.status, loose.json.code, error?.pointer],
      [422, 'invalid_document', '/documents/0/content'],
    );
    assert.equal((await post('A'.repeat(10 * 1024 * 1024))).json.code, 'body_too_large');
    assert.equal((await post('A'.repeat(3 * 1024 * 1024))).json.code, 'invalid_request');
    const other = committed(
      must(
        await createMarketplace({ journal: m.journal, clock: m.orders.clock, rail: m.payouts.rail }, undefined, {
          name: 'Other',
          feePlan: { percentBps: 1 },
          payoutSchedule: 'manual',
        }),
      ),
    );
    const stranger = other.apiKey.secret;
    assert.equal((await post(TEXT.content, stranger)).status, 404);
    assert.equal((await send('GET', '/v1/disputes/{id}', row.id, { bearer: stranger })).status, 404);
    const foreign = await send('POST', '/v1/disputes/{id}/accept', row.id, {
      body: {},
      key: newId('req'),
      bearer: stranger,
    });
    assert.equal(foreign.status, 404);
    const narrow = await keyOf(m.marketplace.id, ['orders']);
    assert.equal((await send('GET', '/v1/disputes/{id}', row.id, { bearer: narrow })).status, 403);
    const keyless = await send('POST', '/v1/disputes/{id}/accept', row.id, { body: {} });
    assert.equal(keyless.json.code, 'missing_idempotency_key');
  });

  test('money owed: what an order has frozen, what a seller has and owes, and giving a debt up', async () => {
    const all = await keyOf(m.marketplace.id, ['orders', 'payments', 'payouts', 'parties']);
    const operator = await keyOf(null, ['operator']);
    const row = await disputed(4400);
    const order = (await send('GET', '/v1/orders/{id}', row.order, { bearer: all })).json as unknown as {
      frozen: { dispute: string; amount: object; from: { held: object }; reason: { title: string } }[];
    };
    const [frozen] = order.frozen;
    const whole = { value: '4400', currency: 'USD' };
    assert.deepEqual(
      [frozen?.dispute, frozen?.amount, frozen?.from.held, frozen?.reason.title],
      [row.id, whole, whole, 'Goods or services not received'],
    );
    const route = '/v1/sellers/{id}/balance';
    const balance = (await send('GET', route, m.seller.id, { bearer: all })).json as unknown as {
      frozen: { value: string };
      frozenBy: { dispute: string; order: string; amount: { value: string } }[];
    };
    const sum = balance.frozenBy.reduce((total, { amount }) => total + BigInt(amount.value), 0n);
    assert.equal(balance.frozen.value, String(sum));
    assert.ok(balance.frozenBy.some((each) => each.dispute === row.id && each.order === row.order));
    assert.equal((await send('GET', '/v1/sellers/{id}', m.seller.id, { bearer: all })).status, 200);

    const plan = { percentBps: 300, chargebacks: { networkFee: 'seller' } };
    const changed = await send('PUT', '/v1/marketplaces/{id}/fee-plan', m.marketplace.id, {
      ...{ body: plan, bearer: operator },
    });
    assert.deepEqual([changed.status, (changed.json.feePlan as unknown as { version: number }).version], [200, 2]);
    await disputed(4500);
    await bookReport(m.disputes, '2027-02-01' as Day, m.cardDisputes.report());
    const list = (await send('GET', '/v1/debts', '', { bearer: all })).json as unknown as {
      data: { id: string; because: string; left: { value: string }; ageDays: number }[];
    };
    assert.deepEqual(
      list.data.map(({ because, left, ageDays }) => [because, left.value, ageDays]),
      [['dispute_fee', '1500', 0]],
      'of the later order only: the plan of the others is the first version',
    );
    const debt = list.data[0]?.id as string;
    const giveUp = '/v1/debts/{id}/write-off';
    const body = { reason: 'not worth a letter' };
    assert.equal((await send('POST', giveUp, debt, { body, key: 'w1', bearer: all })).status, 403);
    assert.equal((await send('POST', giveUp, debt, { body, bearer: operator })).json.code, 'missing_idempotency_key');
    const gone = await send('POST', giveUp, debt, { body, key: 'w1', bearer: operator });
    assert.deepEqual([gone.status, gone.json.state], [200, 'written_off']);
    assert.deepEqual(await send('POST', giveUp, debt, { body, key: 'w1', bearer: operator }), gone);
    assert.equal((await send('POST', giveUp, debt, { body, key: 'w2', bearer: operator })).json.code, 'illegal_move');
    assert.equal((await send('GET', '/v1/debts/{id}', debt, { bearer: all })).json.state, 'written_off');
    await m.holdLaws();
  });

  test('a notification is a reason to ask: what the network then says is recorded', async () => {
    const row = await disputed(4300);
    m.cardDisputes.advance(row.claim, 'won');
    m.acquirer.parseNotification = () => ({ notificationId: newId('inb'), type: 'DisputeClosed', dispute: row.claim });
    const told = await server.inject({
      method: 'POST',
      url: '/v1/inbound/acquirer/998482157630',
      headers: { authorization: 'Bearer told', 'content-type': 'application/json' },
      payload: '{}',
    });
    assert.equal(told.statusCode, 200);
    const { rows } = await m.db.query<{ subject: string }>(
      "select subject from jobs where kind = 'payments.confirm_notification'",
    );
    const app = testApp(m);
    await inboundJobs(app)['payments.confirm_notification']?.({ subject: rows[0]?.subject } as never);
    assert.equal((await send('GET', '/v1/disputes/{id}', row.id)).json.state, 'won');
  });
});
