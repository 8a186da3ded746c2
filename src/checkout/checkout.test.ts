import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules } from '../../test/support/modules.ts';
import { must, type Result } from '../base/result.ts';
import { eventsOf } from '../journal/index.ts';
import { confirmByInquiry, findOperation, listPayments, payInstalment } from '../payments/index.ts';
import { cancelOrder, type Order } from '../protection/index.ts';
import { createCheckoutLink } from './create-link.ts';
import { type CheckoutLink, MOST_ATTEMPTS, tokenOf } from './link.ts';
import { type Checkout, openCheckout } from './open-checkout.ts';
import { continueCheckout, payThroughLink } from './pay-through-link.ts';
import { revokeCheckoutLink } from './revoke-link.ts';

const DAY = 86_400_000;
const BROWSER = {
  acceptHeader: '*/*',
  userAgent: 'test',
  language: 'en',
  ip: '192.0.2.1',
  screenWidth: 390,
  screenHeight: 844,
  colorDepth: 24,
  timeZoneOffset: 0,
};
const CARDHOLDER = { browser: BROWSER, returnUrl: 'http://shop.invalid/checkout/return' };

describe('checkout links', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.close());

  const linkFor = async (order: Order, fields: object = {}): Promise<CheckoutLink> =>
    committed(must(await createCheckoutLink(m.checkout, m.key(), { ...mine(order), ...fields })));
  const mine = (order: Order) => ({ marketplace: m.marketplace.id, order: order.id });
  const secretOf = (link: CheckoutLink): string => tokenOf(m.checkout.secret, link.id);
  const look = async (link: CheckoutLink): Promise<Checkout> => {
    const checkout = await openCheckout(m.checkout, secretOf(link));
    assert.ok(checkout !== null);
    return checkout;
  };
  const standing = async (link: CheckoutLink): Promise<string> => (await look(link)).standing;
  const pay = (link: CheckoutLink, attempt = 1) =>
    payThroughLink(m.checkout, {
      token: secretOf(link),
      attempt,
      with: { card: aToken(), cardholder: CARDHOLDER },
    });
  const code = (result: Result<unknown, { readonly code: string }>): string => (result.ok ? 'ok' : result.error.code);
  const paymentsOf = async (order: Order) =>
    listPayments(m.db, { marketplace: null, order: order.id, states: [], before: 'f'.repeat(32), limit: 100 });
  const declines = (meaning?: 'hard' | 'soft' | 'authenticate', answer = 'NO') =>
    m.acquirer.next.push({
      outcome: 'declined',
      code: answer,
      message: 'no',
      ...(meaning === undefined ? {} : { class: meaning }),
    });

  test('the token is nowhere in the database, and leads to the link and to no other', async () => {
    const link = await linkFor(await m.order([100]));
    const token = secretOf(link);
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal((await look(link)).link.id, link.id);
    assert.equal(await openCheckout(m.checkout, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`), null);
    const rows = await m.db.query(
      `select 1 from (select data::text as text from checkout_links union all select answer from commands
        union all select data::text from journal_events) t where position($1 in text) > 0`,
      [token],
    );
    assert.equal(rows.rowCount, 0);
    assert.notEqual(tokenOf(new Uint8Array(32), link.id), token, 'another installation’s is another');
  });

  test('a repeat of the command gives the same link', async () => {
    const order = await m.order([100]);
    const key = m.key();
    const first = committed(must(await createCheckoutLink(m.checkout, key, mine(order))));
    const again = must(await createCheckoutLink(m.checkout, key, mine(order)));
    assert.equal(again.kind, 'repeated');
    assert.equal(again.kind === 'repeated' && (again.answer as CheckoutLink).id, first.id);
  });

  test('made for what can be paid: its own order, the next instalment or the one named', async () => {
    const order = await m.order([300, 700]);
    assert.equal((await linkFor(order)).instalment, 1);
    assert.equal((await linkFor(order, { instalment: 2 })).instalment, 2);
    const refused = async (fields: object) =>
      code(await createCheckoutLink(m.checkout, m.key(), { ...mine(order), ...fields }));
    assert.equal(await refused({ instalment: 3 }), 'unknown_instalment');
    assert.equal(await refused({ marketplace: 'mkt_00000000000000000000000000000000' }), 'not_found');
    assert.equal(await refused({ returnUrl: 'https://' }), 'invalid_return_url');
    assert.equal(await refused({ returnUrl: 'https://user:word@shop.example/' }), 'invalid_return_url');
    const link = await linkFor(order, { returnUrl: 'https://shop.example/orders/7?done=1' });
    assert.equal(link.returnUrl, 'https://shop.example/orders/7?done=1');
    must(await pay(link));
    assert.equal(await refused({ instalment: 1 }), 'instalment_paid');
    must(await cancelOrder(m.orders, m.key(), { ...mine(await m.order([1])), reason: 'x', by: 'test' }));
    const canceled = await m.order([100]);
    must(await cancelOrder(m.orders, m.key(), { ...mine(canceled), reason: 'x', by: 'test' }));
    assert.equal(code(await createCheckoutLink(m.checkout, m.key(), mine(canceled))), 'illegal_move');
  });

  test('paid once: a repeat, a second card and a second attempt change nothing', async () => {
    const order = await m.order([100]);
    const link = await linkFor(order);
    assert.equal(await standing(link), 'ready');
    assert.equal(must(await pay(link)).standing, 'paid');
    assert.equal(must(await pay(link)).standing, 'paid', 'the same attempt again');
    assert.equal(code(await pay(link, 2)), 'instalment_paid');
    assert.equal((await paymentsOf(order)).length, 1);
    m.pass(30 * DAY);
    assert.equal(await standing(link), 'paid', 'also after the link has ended');
  });

  test('pressed ten times at once in two tabs: one payment', async () => {
    const order = await m.order([100]);
    const [link, other] = [await linkFor(order), await linkFor(order)];
    const results = await Promise.all([
      ...Array.from({ length: 8 }, () => pay(link)),
      ...Array.from({ length: 2 }, () => pay(other)),
    ]);
    assert.equal((await paymentsOf(order)).filter(({ state }) => state === 'captured').length, 1);
    assert.equal((await paymentsOf(order)).length, 1);
    const said = new Set(results.map((result) => (result.ok ? 'ok' : result.error.code)));
    for (const word of said)
      assert.ok(['ok', 'payment_in_progress', 'instalment_paid', 'illegal_move'].includes(word), word);
    assert.deepEqual([await standing(link), await standing(other)].sort(), ['already_paid', 'paid']);
  });

  test('after a decline the next attempt has the next number; the old one is not made again', async () => {
    const order = await m.order([100]);
    const link = await linkFor(order);
    declines('hard');
    const declined = must(await pay(link));
    assert.deepEqual([declined.standing, declined.attempts.length], ['ready', 1]);
    assert.equal(must(await pay(link, 1)).attempts.length, 1, 'a repeat of the declined attempt');
    assert.equal(code(await pay(link, 3)), 'conflict', 'a number that was never given');
    assert.equal((await paymentsOf(order)).length, 1);
    assert.equal(must(await pay(link, 2)).standing, 'paid');
  });

  test('an issuer that wants the cardholder gets him within the attempt, whatever the rules say', async () => {
    const link = await linkFor(await m.order([100]));
    declines('authenticate');
    m.authentication.next.push({ outcome: 'challenge', url: 'http://issuer.invalid/', creq: 'abc' });
    assert.equal(must(await pay(link)).standing, 'challenge');
    assert.equal(code(await pay(link, 2)), 'payment_in_progress');
    m.authentication.next.push({ outcome: 'challenge', url: 'http://issuer.invalid/', creq: 'abc' });
    assert.equal(must(await continueCheckout(m.checkout, secretOf(link))).standing, 'challenge', 'nobody has answered');
    const proof = { status: 'Y', eci: '05', cryptogram: 'AAAA', transactionId: 'ds', version: '2.2.0' } as const;
    m.authentication.next.push({ outcome: 'proven', proof, liabilityShift: true });
    assert.equal(must(await continueCheckout(m.checkout, secretOf(link))).standing, 'paid');
    assert.equal(must(await continueCheckout(m.checkout, secretOf(link))).standing, 'paid', 'nothing waits');
    assert.deepEqual(m.acquirer.payments.at(-1)?.authentication, proof);
  });

  test('without an answer it is being checked, also by a link that has ended; then it is what the network says', async () => {
    const order = await m.order([100]);
    const [link, other] = [await linkFor(order, { expiresIn: 60 }), await linkFor(order)];
    m.acquirer.next.push({ outcome: 'unknown', cause: 'no answer' });
    assert.equal(must(await pay(link)).standing, 'checking');
    assert.deepEqual(
      [code(await pay(link, 2)), code(await pay(other))],
      ['payment_in_progress', 'payment_in_progress'],
    );
    m.pass(DAY);
    must(await revokeCheckoutLink(m.checkout, m.key(), { marketplace: m.marketplace.id, link: link.id, by: 'test' }));
    assert.deepEqual([await standing(link), await standing(other)], ['checking', 'checking']);
    const [payment] = await paymentsOf(order);
    const operation = await findOperation(m.db, payment?.openOperation as never);
    m.acquirer.known.set(operation?.reference as string, {
      outcome: 'approved',
      networkId: 'net-1',
      amount: order.total,
      details: {},
    });
    await confirmByInquiry(m.payments, operation?.reference as string);
    assert.deepEqual([await standing(link), await standing(other)], ['paid', 'already_paid']);
  });

  test('ended, taken back, canceled, too early, paid otherwise: each says so and begins nothing', async () => {
    const order = await m.order([300, 700]);
    const balance = await linkFor(order, { instalment: 2 });
    assert.deepEqual([await standing(balance), code(await pay(balance))], ['not_due', 'instalment_not_due']);
    const deposit = await linkFor(order);
    const short = await linkFor(order, { expiresIn: 60 });
    m.pass(60_000);
    assert.deepEqual([await standing(short), code(await pay(short))], ['expired', 'link_expired']);
    const token = aToken();
    const terms = { ...mine(order), instalment: 1, token, capture: 'automatic' } as const;
    must(await payInstalment(m.payments, m.key(), terms));
    assert.deepEqual([await standing(deposit), code(await pay(deposit))], ['already_paid', 'instalment_paid']);
    assert.equal(must(await pay(balance)).standing, 'paid');
    const gone = await m.order([100]);
    const link = await linkFor(gone);
    must(await cancelOrder(m.orders, m.key(), { ...mine(gone), reason: 'x', by: 'test' }));
    assert.deepEqual([await standing(link), code(await pay(link))], ['closed', 'illegal_move']);
  });

  test('taken back by its marketplace only, and once', async () => {
    const link = await linkFor(await m.order([100]));
    const revoke = (marketplace: unknown) =>
      revokeCheckoutLink(m.checkout, m.key(), { marketplace: marketplace as never, link: link.id, by: 'test' });
    assert.equal(code(await revoke('mkt_00000000000000000000000000000000')), 'not_found');
    assert.equal(committed(must(await revoke(m.marketplace.id))).state, 'revoked');
    assert.equal(code(await revoke(m.marketplace.id)), 'illegal_move');
    assert.deepEqual([await standing(link), code(await pay(link))], ['revoked', 'link_revoked']);
    const types = (await eventsOf(m.db, [link.id])).map(({ type }) => type);
    assert.deepEqual(types, ['checkout_link.created', 'checkout_link.revoked']);
  });

  test('cards cannot be tested through a link: after ten attempts it begins no other', async () => {
    const order = await m.order([100]);
    const link = await linkFor(order);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      declines('soft');
      must(await pay(link, attempt));
    }
    assert.deepEqual(
      [await standing(link), code(await pay(link, MOST_ATTEMPTS + 1))],
      ['exhausted', 'too_many_attempts'],
    );
    assert.equal(await standing(await linkFor(order)), 'ready', 'the marketplace may give out another');
  });

  test('a card the vault does not know leaves the attempt free', async () => {
    const link = await linkFor(await m.order([100]));
    const stranger = { token: secretOf(link), attempt: 1, with: { card: 'nonsense', cardholder: CARDHOLDER } };
    assert.equal(code(await payThroughLink(m.checkout, stranger)), 'unknown_token');
    assert.equal(must(await pay(link)).standing, 'paid');
    await m.holdLaws();
  });
});
