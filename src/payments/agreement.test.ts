/** Whether an agreement lets a card be charged: every refusal, in the order of the checks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, parseInstant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { type Agreement, type Charge, mayCharge } from './agreement.ts';

const at = (text: string): Instant => parseInstant(text) as Instant;
const usd = (cents: number) => money(BigInt(cents), 'USD');
const [order, buyer] = [newId('ord'), newId('buy')];

const AGREEMENT: Agreement = {
  id: newId('agr'),
  version: 3,
  state: 'active',
  marketplace: newId('mkt'),
  buyer,
  scope: 'order',
  order,
  maximum: usd(7000),
  terms: 'v1',
  agreedAt: at('2026-01-01T00:00:00Z'),
  payment: newId('pay'),
  authenticationAsked: false,
  first: { network: newId('net'), schemeTransactionId: '016153570198200', authenticated: false },
  card: {
    token: newId('tok'),
    brand: 'visa',
    last4: '1111',
    expiryMonth: 12,
    expiryYear: 2026,
    fingerprint: 'fp_1',
    state: 'stored',
  },
  ended: null,
};
const CHARGE: Charge = {
  order,
  buyer,
  amount: usd(7000),
  by: 'marketplace',
  before: usd(0),
  at: at('2026-12-31T23:59:59Z'),
};

const word = (agreement: Partial<Agreement>, charge: Partial<Charge> = {}): string => {
  const result = mayCharge({ ...AGREEMENT, ...agreement }, { ...CHARGE, ...charge });
  return result.ok ? 'charged' : result.error.code;
};
const first = (more: object): Pick<Agreement, 'first'> => ({
  first: { ...(AGREEMENT.first as NonNullable<Agreement['first']>), ...more },
});

test('up to the maximum, to the last second of the card’s month', () => {
  assert.equal(word({}), 'charged');
  assert.equal(word({}, { at: at('2027-01-01T00:00:00Z') }), 'card_expired');
  assert.equal(word({}, { at: at('2027-01-01T00:00:00Z'), by: 'buyer' }), 'card_expired');
});

test('only while it is active', () => {
  assert.equal(word({ state: 'pending', card: null }), 'agreement_not_active');
  assert.equal(
    word({ state: 'ended', ended: { at: CHARGE.at, reason: 'buyer' } }, { by: 'buyer' }),
    'agreement_not_active',
  );
});

test('this buyer’s, and for an order this order’s, whoever pays', () => {
  for (const by of ['buyer', 'marketplace'] as const) {
    assert.equal(word({}, { by, buyer: newId('buy') }), 'agreement_does_not_cover');
    assert.equal(word({}, { by, order: newId('ord') }), 'agreement_does_not_cover');
    assert.equal(word({ scope: 'unscheduled', order: null }, { by, order: newId('ord') }), 'charged');
  }
});

test('the maximum binds the marketplace: in all for an order, each time otherwise; the buyer in person it does not', () => {
  assert.equal(word({}, { amount: usd(7001) }), 'amount_exceeds_agreement');
  assert.equal(word({}, { amount: usd(6000), before: usd(1001) }), 'amount_exceeds_agreement');
  assert.equal(word({ scope: 'unscheduled' }, { amount: usd(6000), before: usd(6000) }), 'charged');
  assert.equal(word({ scope: 'unscheduled' }, { amount: usd(7001) }), 'amount_exceeds_agreement');
  assert.equal(word({}, { amount: usd(7001), by: 'buyer' }), 'charged');
  const euro = { amount: money(1n, 'EUR'), before: money(0n, 'EUR') };
  assert.equal(word({}, euro), 'agreement_currency');
  assert.equal(word({}, { ...euro, by: 'buyer' }), 'charged');
});

test('what the buyer pays in person only, the marketplace does not charge', () => {
  const inPerson = { scope: 'buyer', order: null, maximum: null } as const;
  assert.equal(word(inPerson), 'agreement_does_not_cover');
  assert.equal(word(inPerson, { by: 'buyer' }), 'charged');
});

test('a charge without the buyer needs a first use that can be named, authenticated where that was asked', () => {
  assert.equal(word(first({ schemeTransactionId: null })), 'first_use_unknown');
  assert.equal(word(first({ schemeTransactionId: null }), { by: 'buyer' }), 'charged');
  assert.equal(word({ authenticationAsked: true }), 'first_use_not_authenticated');
  assert.equal(word({ authenticationAsked: true, ...first({ authenticated: true }) }), 'charged');
  assert.equal(word({ authenticationAsked: true }, { by: 'buyer' }), 'charged');
});
