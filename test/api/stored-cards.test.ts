/** Kept cards over HTTP: what goes together in a request, every refusal, a crash in the middle, whose cards are whose. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sleep } from '../../src/base/clock.ts';
import { createClient } from '../../stories/client.ts';
import { CARDS, usd } from '../../stories/story.ts';
import type { AgreementView, OrderView, PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { createMarket, type Market } from './scene.ts';

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

let world: World;
let mine: Market;
let other: Market;
before(async () => {
  world = await startWorld();
  [mine, other] = [await createMarket(world, 'Mine'), await createMarket(world, 'Other')];
});
after(() => world.end());

const order = (cents: readonly number[], more: object = {}): Promise<OrderView> =>
  mine.api.post('/v1/orders', {
    ...mine.terms(),
    total: usd(cents.reduce((sum, part) => sum + part, 0)),
    instalments: cents.map((part, index) => ({ amount: usd(part), due: index === 0 ? 'now' : 'before_shipment' })),
    ...more,
  });
const send = <Body>({ id }: OrderView, body: object, key: string = randomUUID()) =>
  mine.api.send<Body>('POST', `/v1/orders/${id}/payments`, { body: { instalment: 1, ...body }, key });
const paid = async (of: OrderView, body: object): Promise<PaymentView> => {
  const { status, body: payment } = await send<PaymentView>(of, body);
  assert.deepEqual([status, payment.state], [201, 'captured'], JSON.stringify(payment));
  return payment;
};
const refused = async (of: OrderView, body: object): Promise<string> => {
  const { status, body: problem } = await send<Problem>(of, body);
  assert.ok(status >= 400 && status < 500, `${status}`);
  return problem.code;
};
const read = (id: string | null): Promise<AgreementView> => mine.api.get(`/v1/agreements/${id}`);
const settled = async (id: string | null): Promise<AgreementView> => {
  for (let look = 0; look < 200; look += 1) {
    const agreement = await read(id);
    if (agreement.state !== 'pending') return agreement;
    await sleep(50);
  }
  throw new Error('still pending');
};
/** Pays the first instalment and agrees; the agreement is active. */
const agreed = async (of: OrderView, keep: object = {}): Promise<AgreementView> => {
  const keepCard = { scope: 'order', terms: 'v1', ...keep };
  const agreement = await settled((await paid(of, { token: await mine.token(), keepCard })).agreement);
  assert.equal(agreement.state, 'active');
  return agreement;
};
const alone = ({ id }: AgreementView, instalment = 1) => ({ agreement: id, initiatedBy: 'marketplace', instalment });
const inPerson = ({ id }: AgreementView, instalment = 1) => ({ agreement: id, initiatedBy: 'buyer', instalment });

test('what does not go together is refused, and pointed at', async () => {
  const of = await order([1000]);
  const token = await mine.token();
  const agreement = `agr_${'0'.repeat(32)}`;
  const keepCard = { scope: 'unscheduled', maximum: usd(1), terms: 'v1' };
  const cases: readonly (readonly [object, string])[] = [
    [{}, '/token'],
    [{ token, agreement, initiatedBy: 'buyer' }, '/token'],
    [{ agreement, initiatedBy: 'buyer', keepCard }, '/keepCard'],
    [{ agreement }, '/initiatedBy'],
    [{ token, initiatedBy: 'buyer' }, '/initiatedBy'],
  ];
  for (const [body, pointer] of cases) {
    const { status, body: problem } = await send<Problem>(of, body);
    assert.deepEqual([status, problem.code, problem.errors?.[0]?.pointer], [400, 'invalid_request', pointer]);
  }
  assert.equal(await refused(of, { agreement, initiatedBy: 'buyer' }), 'unknown_agreement');
  assert.equal(await refused(of, { token, keepCard: { scope: 'order', terms: 'v1' } }), 'nothing_left_to_charge');
  assert.equal(await refused(of, { token, keepCard: { scope: 'unscheduled', terms: 'v1' } }), 'invalid_amount');
  const euro = { scope: 'order', terms: 'v1', maximum: { value: '1', currency: 'EUR' } };
  assert.equal(await refused(await order([500, 500]), { token, keepCard: euro }), 'agreement_currency');
});

test('the balance without the buyer; a repeat gets the first answer; two at once charge once', async () => {
  const of = await order([3000, 7000]);
  const agreement = await agreed(of);
  const keys = [randomUUID(), randomUUID()] as const;
  const both = await Promise.all(keys.map((key) => send<PaymentView>(of, alone(agreement, 2), key)));
  const won = both.findIndex(({ status }) => status === 201);
  assert.deepEqual(
    both.map(({ status }) => status).sort((left, right) => left - right),
    [201, both[1 - won]?.status],
  );
  assert.ok([409, 422].includes(both[1 - won]?.status ?? 0));
  const again = await send<PaymentView>(of, alone(agreement, 2), keys[won]);
  assert.deepEqual([again.status, again.body.id], [201, both[won]?.body.id]);
  const other = await send<Problem>(of, inPerson(agreement, 2), keys[won]);
  assert.equal(other.body.code, 'idempotency_key_reused');
  assert.equal((await read(agreement.id)).ended?.reason, 'fulfilled');
  const { data } = await mine.api.get<{ data: readonly PaymentView[] }>(`/v1/payments?order=${of.id}`);
  assert.equal(data.length, 2);
});

test('refusals: above the maximum, in another currency, another order, another buyer, in person only', async () => {
  const first = await order([3000, 7000]);
  const limited = await agreed(first, { maximum: usd(6999) });
  assert.equal(await refused(first, alone(limited, 2)), 'amount_exceeds_agreement');
  assert.equal(await refused(await order([100]), alone(limited)), 'agreement_does_not_cover');
  const euro = await agreed(await order([100]), {
    scope: 'unscheduled',
    maximum: { value: '999999', currency: 'EUR' },
  });
  assert.equal(await refused(await order([100]), alone(euro)), 'agreement_currency');
  const party = { name: 'Somebody else', country: 'US', email: 'else@party.example' };
  const buyer = (await mine.api.post<{ id: string }>('/v1/buyers', party)).id;
  assert.equal(await refused(await order([100], { buyer }), inPerson(euro)), 'agreement_does_not_cover');
  const personal = await agreed(await order([100]), { scope: 'buyer' });
  const next = await order([100]);
  assert.equal(await refused(next, alone(personal)), 'agreement_does_not_cover');
  const payment = await paid(next, inPerson(personal));
  assert.deepEqual([payment.initiatedBy, payment.agreement], ['buyer', personal.id]);
});

test('where the rules ask for the cardholder, a first use without is not followed by charges without', async () => {
  const large = await order([150_000, 350_000]);
  const agreement = await agreed(large);
  assert.equal(await refused(large, alone(agreement, 2)), 'first_use_not_authenticated');
  await paid(large, inPerson(agreement, 2));
});

test('ended: by whom is kept, the card is gone, and nothing is charged', async () => {
  const agreement = await agreed(await order([100]), { scope: 'unscheduled', maximum: usd(500) });
  const key = randomUUID();
  const path = `/v1/agreements/${agreement.id}/end`;
  const ended = await mine.api.post<AgreementView>(path, { by: 'buyer' }, key);
  assert.deepEqual([ended.state, ended.ended?.reason, ended.card?.state], ['ended', 'buyer', 'deleted']);
  assert.equal((await mine.api.post<AgreementView>(path, { by: 'buyer' }, key)).state, 'ended', 'a repeat');
  const again = await mine.api.send<Problem>('POST', path, { body: { by: 'marketplace' }, key: randomUUID() });
  assert.deepEqual([again.status, again.body.code], [409, 'illegal_move']);
  for (const body of [alone(agreement), inPerson(agreement)])
    assert.equal(await refused(await order([100]), body), 'agreement_not_active');
});

test('cards are their buyer’s: listed masked, deleted once for good, unknown to others', async () => {
  const agreement = await agreed(await order([100]), { scope: 'buyer' });
  const card = `/v1/buyers/${mine.buyer}/cards/${agreement.card?.id}`;
  const { data } = await mine.api.get<{ data: readonly Record<string, unknown>[] }>(`/v1/buyers/${mine.buyer}/cards`);
  const shown = data.find(({ id }) => id === agreement.card?.id);
  assert.deepEqual([shown?.last4, shown?.state, shown?.agreement], ['4113', 'stored', agreement.id]);
  const stolen = `/v1/buyers/${other.buyer}/cards/${agreement.card?.id}`;
  assert.equal((await other.api.send('DELETE', stolen)).status, 404);
  assert.equal((await other.api.send('DELETE', card)).status, 404);
  assert.equal((await other.api.send('GET', `/v1/agreements/${agreement.id}`)).status, 404);
  const body = { by: 'buyer' };
  assert.equal((await other.api.send('POST', `/v1/agreements/${agreement.id}/end`, { body })).status, 404);
  for (const time of ['first', 'second']) {
    const gone = await mine.api.send<{ state: string }>('DELETE', card);
    assert.deepEqual([gone.status, gone.body.state], [200, 'deleted'], time);
  }
  assert.equal(await refused(await order([100]), inPerson(agreement)), 'agreement_not_active');
});

test('a card stored when it was entered is nobody’s to charge', async () => {
  const vault = createClient(world.addresses.vault);
  const card = { number: CARDS.visa, expiryMonth: 12, expiryYear: 2031, cvv: '111' };
  const agreement = `agr_${'1'.repeat(32)}`;
  const made = { marketplace: mine.id, card, store: true, buyer: mine.buyer, agreement };
  const { token } = await vault.post<{ token: string }>('/v1/tokens', made);
  assert.equal(await refused(await order([100]), { token }), 'unknown_token');
  assert.equal(await refused(await order([100]), { agreement, initiatedBy: 'buyer' }), 'unknown_agreement');
  assert.equal((await mine.api.send('DELETE', `/v1/buyers/${mine.buyer}/cards/${token}`)).status, 200);
});

test('the billing address reaches the issuer', async () => {
  const of = await order([100]);
  const checks = async (postalCode: string) => {
    const billingAddress = { postalCode, country: 'US', line1: '1 Wacker Drive', city: 'Chicago' };
    const payment = await send<{ checks: { address: string } }>(of, {
      token: await mine.token(),
      capture: 'manual',
      billingAddress,
    });
    return payment.body.checks.address;
  };
  assert.equal(await checks('11111'), 'no_match');
});

test('the card has expired', async () => {
  const vault = createClient(world.addresses.vault);
  // Good to the end of this month, or of the next one where that is about to come.
  const now = new Date(await world.now());
  const last = new Date(now.getTime() + 2 * 86_400_000);
  const [month, year] = [last.getUTCMonth(), last.getUTCFullYear()];
  const card = { number: CARDS.visa, expiryMonth: month + 1, expiryYear: year, cvv: '111' };
  const expired = Date.UTC(year, month + 1, 1) + 86_400_000;
  const { token } = await vault.post<{ token: string }>('/v1/tokens', { marketplace: mine.id, card });
  const keepCard = { scope: 'unscheduled', maximum: usd(500), terms: 'v1' };
  const agreement = await settled((await paid(await order([100]), { token, keepCard })).agreement);
  await world.advance(Math.ceil((expired - now.getTime()) / 86_400_000));
  const of = await order([100]);
  for (const body of [alone(agreement), inPerson(agreement)]) assert.equal(await refused(of, body), 'card_expired');
});

test('killed while the first payment is at the acquirer: approved and stored all the same, once, and charged later', async () => {
  const of = await order([3000, 7000]);
  await world.acquirer.post('/_sandbox/faults', { kind: 'delay', operation: 'payments', count: 1, delayMs: 2000 });
  await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'payments', count: 1 });
  const keepCard = { scope: 'order', terms: 'v1' };
  const key = randomUUID();
  const body = { token: await mine.token(), keepCard };
  const lost = send<PaymentView>(of, body, key).catch(() => null);
  await sleep(1000);
  await world.kill();
  assert.equal(await lost, null, 'nobody got an answer');
  await world.restart();
  await world.advance(0, 1);
  const payment = await send<PaymentView>(of, body, key);
  assert.deepEqual([payment.status, payment.body.state], [201, 'captured']);
  const agreement = await settled(payment.body.agreement);
  assert.equal(agreement.state, 'active');
  const { data } = await mine.api.get<{ data: readonly { agreement: string }[] }>(`/v1/buyers/${mine.buyer}/cards`);
  assert.equal(data.filter((card) => card.agreement === agreement.id).length, 1);
  await paid(of, alone(agreement, 2));
});
