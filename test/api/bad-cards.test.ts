/**
 * Bad input about cards and their money, as a client, a buyer's browser or somebody who plays the acquirer would send it:
 * each gets a typed answer, and journal, payment, vault and the acquirer's books stay as they were.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { CARDS, usd } from '../../stories/story.ts';
import type { PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { assertProblem, type Exchange, exchange } from './problem.ts';
import { createMarket, type Market, seqOf, settle } from './scene.ts';

const MASTERCARD = '5112345112345114';
const AMEX = '371144371144376';
/** A public test number of a brand that an installation may leave out. */
const MAESTRO = '6706981111111113';
const eur = (cents: number) => ({ value: String(cents), currency: 'EUR' });

let world: World;
let market: Market;
let database: pg.Client;

before(async () => {
  const brands = 'visa,mastercard,american-express,discover';
  world = await startWorld({ env: { VAULT_BRANDS: brands } });
  market = await createMarket(world, 'Cards');
  const of = (name: string): string => readFileSync(join(world.dataDir, name), 'utf8').trim();
  const [password, port] = [encodeURIComponent(of('postgres-password')), of('postgres-port')];
  database = new pg.Client(`postgres://postgres:${password}@127.0.0.1:${port}/causeway`);
  await database.connect();
  await settle(world);
});

after(async () => {
  await database?.end();
  await world?.end();
});

/** Everything that a refusal must leave as it is. */
async function standing(payment?: string) {
  const { rows } = await database.query<{ count: string }>('select count(*) from vault.cards');
  const totals = await world.acquirer.get('/_sandbox/totals');
  const view = payment === undefined ? null : await market.api.get(`/v1/payments/${payment}`);
  return { seq: await seqOf(world), cards: rows[0]?.count, totals, view };
}

async function unchanged(payment: string | undefined, work: () => Promise<unknown>): Promise<void> {
  const before = await standing(payment);
  await work();
  assert.deepEqual(await standing(payment), before);
}

const post = (path: string, body: unknown): Promise<Exchange> =>
  exchange({
    method: 'POST',
    url: `${world.addresses.api}${path}`,
    bearer: market.secret,
    headers: { 'idempotency-key': randomUUID() },
    text: JSON.stringify(body),
  });

async function authorized(): Promise<PaymentView> {
  const order = await market.newOrder();
  return market.pay(order.id, 'manual');
}

async function captured(): Promise<PaymentView> {
  const order = await market.newOrder();
  return market.pay(order.id);
}

const NEXT_YEAR = new Date(Date.now()).getUTCFullYear() + 1;
const typed = (changes: object) => ({
  number: CARDS.visa,
  expiryMonth: 12,
  expiryYear: NEXT_YEAR,
  cvv: '111',
  ...changes,
});

const CARDS_REFUSED: readonly (readonly [string, object, string, string])[] = [
  ['expired', typed({ expiryYear: NEXT_YEAR - 2 }), '/card/expiryYear', 'expired'],
  ['bad Luhn', typed({ number: CARDS.visa.replace(/3$/, '4') }), '/card/number', 'check_digit'],
  ['CVV of two digits', typed({ cvv: '11' }), '/card/cvv', 'length'],
  ['CVV of four digits on three', typed({ number: MASTERCARD, cvv: '1111' }), '/card/cvv', 'length'],
  ['CVV of three digits on four', typed({ number: AMEX, cvv: '111' }), '/card/cvv', 'length'],
  ['unsupported brand', typed({ number: MAESTRO }), '/card/number', 'unsupported_brand'],
];
for (const [what, card, pointer, code] of CARDS_REFUSED) {
  test(`${what}: the vault says which field and why, and keeps nothing`, () =>
    unchanged(undefined, async () => {
      const text = JSON.stringify({ marketplace: market.id, card });
      const answer = await exchange({ method: 'POST', url: `${world.addresses.vault}/v1/tokens`, text });
      const { errors, ...problem } = JSON.parse(answer.text) as { code: string; errors: Record<string, string>[] };
      assert.deepEqual([answer.status, problem.code], [422, 'invalid_card']);
      assert.deepEqual(
        errors.map((error) => [error.pointer, error.code]),
        [[pointer, code]],
      );
      assert.ok(!answer.text.includes((card as { number: string }).number), 'the number is not repeated');
    }));
}

test('a capture of more than is authorized', async () => {
  const { id } = await authorized();
  await unchanged(id, async () => {
    const answer = await post(`/v1/payments/${id}/capture`, { amount: usd(20_001) });
    assertProblem(answer, 'one cent more', ['amount_exceeds_authorized']);
  });
});

test('amounts in another currency than the payment’s', async () => {
  const open = await authorized();
  await unchanged(open.id, async () => {
    assertOfCurrency(await post(`/v1/payments/${open.id}/capture`, { amount: eur(100) }), 'capture');
    assertOfCurrency(await post(`/v1/payments/${open.id}/increment`, { amount: eur(30_000) }), 'increment');
  });
  const sold = await captured();
  await unchanged(sold.id, async () =>
    assertOfCurrency(await post(`/v1/payments/${sold.id}/refunds`, { amount: eur(100), reason: 'broken' }), 'refund'),
  );
});

function assertOfCurrency(answer: Exchange, what: string): void {
  const { errors } = assertProblem(answer, what, ['invalid_amount']);
  assert.deepEqual(
    errors?.map(({ pointer, detail }) => [pointer, detail]),
    [['/amount/currency', 'must be in USD']],
    what,
  );
}

test('a refund of more than was captured', async () => {
  const { id } = await captured();
  await unchanged(id, async () => {
    const answer = await post(`/v1/payments/${id}/refunds`, { amount: usd(20_001), reason: 'broken' });
    assertProblem(answer, 'one cent more', ['amount_exceeds_refundable']);
  });
});

test('two refunds at once of more than was captured: one is made, the other refused', async () => {
  const { id } = await captured();
  const refund = () => post(`/v1/payments/${id}/refunds`, { amount: usd(12_000), reason: 'broken' });
  const before = await refundsAtAcquirer();
  const answers = await Promise.all([refund(), refund()]);
  const [made, refused] = answers.sort((a, b) => a.status - b.status) as [Exchange, Exchange];
  assert.equal(made.status, 201, made.text);
  // While the first is at the acquirer nothing else is asked of the payment; after it there is not enough left.
  assertProblem(refused, 'the other', ['operation_in_progress', 'amount_exceeds_refundable']);
  const { refunds, refunded } = await market.api.get<{ refunds: object[]; refunded: object }>(`/v1/payments/${id}`);
  assert.deepEqual([refunds.length, refunded], [1, usd(12_000)]);
  assert.equal((await refundsAtAcquirer()) - before, 12_000n);
  await unchanged(id, async () => assertProblem(await refund(), 'again', ['amount_exceeds_refundable']));
});

async function refundsAtAcquirer(): Promise<bigint> {
  const { currencies } = await world.acquirer.get<{ currencies: { currency: string; refunds: string }[] }>(
    '/_sandbox/totals',
  );
  return BigInt(currencies.find(({ currency }) => currency === 'USD')?.refunds ?? '0');
}

test('a capture after the authorization was given back', async () => {
  const { id } = await authorized();
  await market.api.post(`/v1/payments/${id}/cancel`);
  await unchanged(id, async () => {
    assertProblem(await post(`/v1/payments/${id}/capture`, {}), 'capture', ['illegal_move']);
    assertProblem(await post(`/v1/payments/${id}/cancel`, {}), 'a second void', ['illegal_move']);
  });
});

const notify = (body: object, token = callbackToken()): Promise<Exchange> =>
  exchange({
    method: 'POST',
    url: `${world.addresses.api}/v1/inbound/acquirer/998482157630`,
    bearer: token,
    text: JSON.stringify(body),
  });

function callbackToken(): string {
  const secrets = JSON.parse(readFileSync(join(world.dataDir, 'secrets.json'), 'utf8')) as { callbackToken: string };
  return secrets.callbackToken;
}

/** A notification as the acquirer would send it about the payment's first operation. */
async function about(payment: string, changes: object = {}): Promise<object> {
  const { operations } = await market.api.get<{ operations: { reference: string }[] }>(`/v1/payments/${payment}`);
  const requestId = operations[0]?.reference;
  const said = { notificationType: 'paymentUpdateNotification', notificationSubType: 'PaymentApproved' };
  return { notificationId: randomUUID(), requestId, ...said, ...changes };
}

/** Business time goes on by a minute, so that what a notification set going is done. */
const drained = (): Promise<unknown> => world.advance(0, 1 / 60);

test('a notification that is played again is acknowledged, and takes no effect', async () => {
  const { id } = await captured();
  const message = await about(id);
  assert.equal((await notify(message)).text, JSON.stringify({ received: true, repeated: false }));
  await drained();
  await unchanged(id, async () => {
    for (const _ of [1, 2]) {
      const answer = await notify(message);
      assert.deepEqual([answer.status, answer.text], [200, JSON.stringify({ received: true, repeated: true })]);
    }
    await drained();
  });
});

test('a notification from somebody else is refused', async () => {
  const { id } = await authorized();
  const message = await about(id, { notificationSubType: 'PaymentVoid' });
  await unchanged(id, async () => {
    for (const token of ['', 'guess', `${callbackToken()}x`, market.secret, world.operatorKey])
      assertProblem(await notify(message, token), 'a forged one', ['unauthenticated']);
    await drained();
  });
  // It was not kept either: the acquirer's own with this id is new.
  assert.equal((await notify(message)).text, JSON.stringify({ received: true, repeated: false }));
});

test('a notification that lies is believed in nothing: the acquirer is asked', async () => {
  const { id } = await authorized();
  const { networkPaymentId } = await market.api.get<{ networkPaymentId?: string }>(`/v1/payments/${id}`);
  await drained();
  await unchanged(id, async () => {
    for (const [notificationSubType, more] of [
      ['PaymentVoid', { transactionState: 'VOIDED', isVoid: true }],
      ['PaymentClosed', { transactionState: 'CLOSED', amount: 999_999 }],
      ['PaymentDeclined', { responseStatus: 'DENIED', transactionId: networkPaymentId }],
    ] as const) {
      const answer = await notify(await about(id, { notificationSubType, ...more }));
      assert.equal(answer.status, 200, answer.text);
    }
    for (const stranger of [{ requestId: 'NOBODYSREF' }, { requestId: undefined, disputeId: 'nobody' }])
      assert.equal((await notify(await about(id, stranger))).status, 200);
    await drained();
  });
});

test('a notification that is none is refused', () =>
  unchanged(undefined, async () => {
    for (const body of [{}, { notificationId: '' }, { notificationId: 'a b' }, [1]])
      assertProblem(await notify(body), JSON.stringify(body), ['invalid_request']);
  }));
