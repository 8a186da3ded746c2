/** Requests that stop half way, cross each other, or wait for the network: what the repeat finds, and what is asked once. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import { confirmByInquiry, listPayments } from '../payments/index.ts';
import { cancelThroughAms, captureThroughAms, refundThroughAms } from './ask.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsPay } from './order-to-pay.ts';
import { payThroughAms } from './pay.ts';
import { registerClient } from './register-client.ts';
import type { AmsClient, AmsPayment } from './rows.ts';
import { outcomeOf, standingOf } from './standing.ts';
import { findAmsPayment } from './store.ts';

describe('requests of AMS clients', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let deps: AmsDeps;
  let client: AmsClient;
  before(async () => {
    m = await createModules();
    const { journal, parties, orders, payments, checkout, payouts, fx } = m;
    const registrations = { ...parties, decides: 'checks' } as const;
    const own = { journal, clock: orders.clock, codeDomain: 'qr.causeway.example' };
    deps = { ...own, parties, orders, payments, checkout, payouts, fx, registrations };
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const registered = must(
      await registerClient(deps, undefined, {
        clientId: 'C1',
        marketplace: m.marketplace.id,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        defaults: { seller: m.seller.id },
      }),
    );
    assert.ok(registered.kind === 'committed');
    client = registered.value;
  });
  after(() => m?.close());

  let made = 0;
  const wish = (fields: Partial<AmsPay> = {}): AmsPay => {
    made += 1;
    return {
      client,
      requestId: `p${made}`,
      order: { reference: `O${made}`, description: 'Lamps', total: usd(1_000) },
      amount: usd(1_000),
      merchant: null,
      buyer: { reference: null, name: null, email: null },
      country: null,
      token: aToken(),
      cardholder: null,
      capture: 'automatic',
      expiresAt: null,
      redirectUrl: null,
      notifyUrl: null,
      keyFields: { amount: usd(1_000) },
      ...fields,
    };
  };
  const END = new Error('the process ends here');
  /** As if the process had ended after the charge was decided and before it was sent. */
  const beforeTheCall = (): AmsDeps => {
    const { inFlight } = deps.payments;
    const during: typeof inFlight.during = (work) =>
      inFlight.during((flight) => work({ ...flight, call: () => Promise.reject(END) }));
    return { ...deps, payments: { ...deps.payments, inFlight: { ...inFlight, during } } };
  };
  /** As if it had ended after the request id was remembered and before there was a page. */
  const beforeThePage = (): AmsDeps => {
    const journal = { ...deps.journal, run: () => Promise.reject(END) };
    return { ...deps, checkout: { ...deps.checkout, journal } };
  };
  const paid = (answer: Awaited<ReturnType<typeof payThroughAms>>): AmsPayment => must(answer).row;
  const rowOf = async ({ requestId }: AmsPay): Promise<AmsPayment> => {
    const row = await findAmsPayment(m.db, { client: client.id, requestId });
    assert.ok(row !== null);
    return row;
  };
  const status = async (row: AmsPayment): Promise<string> => (await standingOf(deps, row)).status;
  const tries = async ({ order }: AmsPayment): Promise<number> =>
    (await listPayments(m.db, { marketplace: null, order, states: [], before: 'f'.repeat(32), limit: 100 })).length;

  test('a charge that stopped before its call is in process, its repeat charges nothing, and inquiry ends it', async () => {
    const asked = wish();
    await assert.rejects(payThroughAms(beforeTheCall(), asked), END);
    const row = paid(await payThroughAms(deps, asked));
    assert.deepEqual([await status(row), await tries(row)], ['PROCESSING', 1]);
    const [sale] = (await standingOf(deps, row)).operations;
    assert.ok(sale !== undefined);
    const { reference, amount } = sale;
    m.acquirer.known.set(reference, { outcome: 'approved', networkId: 'N-found', amount, details: {} });
    await confirmByInquiry(deps.payments, reference);
    assert.equal(await status(row), 'SUCCESS');
    for (const token of [aToken(), 'none'])
      assert.equal(paid(await payThroughAms(deps, { ...asked, token })).id, row.id);
    assert.equal(await tries(row), 1);
  });

  test('a charge that is refused has failed, and its id stays so; a new id pays the same order', async () => {
    const asked = wish({ token: 'none' });
    const failed = paid(await payThroughAms(deps, asked));
    assert.deepEqual([failed.state, failed.ending?.code, await status(failed)], ['failed', 'unknown_token', 'FAIL']);
    assert.deepEqual(paid(await payThroughAms(deps, { ...asked, token: aToken() })), failed);
    const again = paid(await payThroughAms(deps, { ...asked, requestId: `${asked.requestId}-again`, token: aToken() }));
    assert.deepEqual([again.order, await status(again)], [failed.order, 'SUCCESS']);
  });

  test('an order that cannot be leaves its request id free', async () => {
    const asked = wish({ country: 'XX' });
    const refused = await payThroughAms(deps, asked);
    assert.equal(refused.ok ? 'ok' : refused.error.code, 'invalid_country');
    assert.equal(await findAmsPayment(m.db, { client: client.id, requestId: asked.requestId }), null);
    assert.equal(await status(paid(await payThroughAms(deps, { ...asked, country: 'DE' }))), 'SUCCESS');
  });

  test('two identical requests at once make one order and charge once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = wish();
      const [one, other] = (await Promise.all([payThroughAms(deps, asked), payThroughAms(deps, asked)])).map(paid);
      assert.deepEqual(one?.id, other?.id);
      assert.equal(await tries(one as AmsPayment), 1);
    }
  });

  test('two requests for one new order at once: one pays it, the other is told that it is being paid', async () => {
    const order = { reference: `both-${made}`, description: 'Lamps', total: usd(1_000) };
    const answers = await Promise.all([payThroughAms(deps, wish({ order })), payThroughAms(deps, wish({ order }))]);
    assert.deepEqual(
      answers
        .map((each) => (each.ok ? 'ok' : each.error.code === 'conflict' ? 'again' : 'refused'))
        .filter((each) => each === 'ok').length,
      1,
    );
  });

  test('a page that was canceled before there was one is never opened', async () => {
    const asked = wish({ token: null });
    await assert.rejects(payThroughAms(beforeThePage(), asked), END);
    assert.deepEqual(must(await cancelThroughAms(deps, client, await rowOf(asked))), { at: null, done: true });
    const row = paid(await payThroughAms(deps, asked));
    assert.deepEqual(
      [row.state, await status(row), (await standingOf(deps, row)).link],
      ['canceled', 'CANCELLED', null],
    );
  });

  test('a cancel and a page at once: there is no page, or it is closed', async () => {
    for (let round = 0; round < 8; round += 1) {
      const asked = wish({ token: null });
      await assert.rejects(payThroughAms(beforeThePage(), asked), END);
      const row = await rowOf(asked);
      await Promise.all([cancelThroughAms(deps, client, row), payThroughAms(deps, asked)]);
      must(await cancelThroughAms(deps, client, await rowOf(asked)));
      assert.equal(await status(await rowOf(asked)), 'CANCELLED');
      const { link } = await standingOf(deps, await rowOf(asked));
      assert.ok(link === null || link.state === 'revoked');
    }
  });

  test('without the network’s word everything is in process, and found out by inquiry', async () => {
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const asked = wish();
    const row = paid(await payThroughAms(deps, asked));
    assert.equal(await status(row), 'PROCESSING');
    // Nothing can be taken back of what nobody knows yet.
    assert.deepEqual(must(await cancelThroughAms(deps, client, row)), { at: null, done: false });
    const { reference, amount } = m.acquirer.calls.at(-1) as { reference: string; amount: ReturnType<typeof usd> };
    m.acquirer.known.set(reference, { outcome: 'approved', networkId: 'N-late', amount, details: {} });
    await confirmByInquiry(deps.payments, reference);
    assert.equal(await status(row), 'SUCCESS');

    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const refund = { client, requestId: 'r-late', amsPayment: row, amount: usd(300), reason: 'late' };
    const request = must(await refundThroughAms(deps, refund));
    const outcome = async () => outcomeOf(request, (await standingOf(deps, row)).operations);
    assert.equal(await outcome(), 'PROCESSING');
    const again = { ...refund, requestId: 'r-other', amount: usd(100) };
    assert.equal(must(await refundThroughAms(deps, again)).state, 'open');
    const asking = m.acquirer.calls.at(-1) as { reference: string; amount: ReturnType<typeof usd> };
    assert.deepEqual(asking.amount, usd(300));
    m.acquirer.known.set(asking.reference, {
      outcome: 'approved',
      networkId: 'N-back',
      amount: asking.amount,
      details: {},
    });
    await confirmByInquiry(deps.payments, asking.reference);
    assert.equal(await outcome(), 'SUCCESS');
    // The one that had to wait goes through when it is asked for again.
    const waited = must(await refundThroughAms(deps, again));
    assert.equal(outcomeOf(waited, (await standingOf(deps, row)).operations), 'SUCCESS');
  });

  test('a refusal that will not pass ends its id; the same id with other fields is another thing', async () => {
    const row = paid(await payThroughAms(deps, wish({ capture: 'manual' })));
    const capture = { client, requestId: 'c1', amsPayment: row, amount: usd(2_000), final: null };
    const refused = must(await captureThroughAms(deps, capture));
    assert.deepEqual([refused.state, refused.ending?.code], ['refused', 'amount_exceeds_authorized']);
    assert.deepEqual(must(await captureThroughAms(deps, capture)), refused);
    const other = await captureThroughAms(deps, { ...capture, amount: usd(1_000) });
    assert.equal(other.ok ? 'ok' : other.error.code, 'idempotency_key_reused');
    const early = await refundThroughAms(deps, { ...capture, requestId: 'r1', amount: usd(1), reason: 'none' });
    assert.equal(early.ok ? 'ok' : early.error.code, 'not_paid');
  });

  test('an order that REST made is paid by its number, instalment by instalment, by its own seller only', async () => {
    const order = await m.order([300, 700], { reference: 'REST-1' });
    const named = { reference: 'REST-1', description: 'whatever', total: usd(1_000) };
    const deposit = paid(await payThroughAms(deps, wish({ order: named, amount: usd(300) })));
    assert.deepEqual([deposit.order, deposit.instalment, await status(deposit)], [order.id, 1, 'SUCCESS']);
    const wrong = await payThroughAms(deps, wish({ order: named, amount: usd(300) }));
    assert.equal(wrong.ok ? 'ok' : wrong.error.code, 'order_differs');
    const balance = paid(await payThroughAms(deps, wish({ order: named, amount: usd(700) })));
    assert.deepEqual([balance.instalment, await status(balance)], [2, 'SUCCESS']);
    const more = await payThroughAms(deps, wish({ order: named, amount: usd(700) }));
    assert.equal(more.ok ? 'ok' : more.error.code, 'illegal_move');
    await m.holdLaws();
  });
});
