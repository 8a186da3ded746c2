/** Every limit of what a wallet may open, at its edge: as many, as late and as much as allowed, and one more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, addMs, type Instant } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { type Money, money } from '../../base/money.ts';
import { type Disputable, mayOpen, type Opening } from './may-open.ts';
import type { WalletDispute } from './wallet-dispute.ts';

const PAID = '2026-01-10T09:00:00.000Z' as Instant;
const yen = (amount: number): Money => money(amount, 'JPY');
const payment = { paidAt: PAID, left: yen(1000) };

const earlier = (kind: WalletDispute['kind'], state: WalletDispute['state'], answeredAt?: Instant): WalletDispute => ({
  ...{
    id: newId('esc'),
    version: 1,
    state,
    kind,
    policy: 1,
    wallet: newId('ptc'),
    claim: 'd',
    reference: 'R',
    number: 1,
  },
  home: { kind: 'hub', payment: newId('hpy'), acquirer: newId('ptc') },
  ...{
    amount: yen(1),
    reason: { code: 'X', text: 'x' },
    respondBy: PAID,
    deadline: null,
    refundBy: null,
    failure: null,
  },
  answer:
    answeredAt === undefined
      ? null
      : { kind: 'refuse', amount: null, text: '', evidence: [], by: 'acquirer', at: answeredAt },
  ...{ openedAt: PAID, endedAt: PAID },
});
const asked = (changes: Partial<Opening> = {}, left: Disputable = payment) => {
  const opening = { kind: 'escalation', amount: null, earlier: [], at: addDays(PAID, 1), ...changes } as const;
  const result = mayOpen(left, opening);
  return result.ok ? result.value.amount : result.error.code;
};
const times = (count: number, row: WalletDispute): readonly WalletDispute[] => Array.from({ length: count }, () => row);

test('five questions of a payment, within 360 days', () => {
  const answered = earlier('retrieval', 'answered', PAID);
  assert.equal(asked({ kind: 'retrieval', earlier: times(4, answered) }), 1000n);
  assert.equal(asked({ kind: 'retrieval', earlier: times(5, answered) }), 'too_many_disputes');
  const last = addDays(PAID, 360);
  assert.equal(asked({ kind: 'retrieval', at: last, earlier: times(4, answered) }), 1000n, 'on the last moment');
  assert.equal(asked({ kind: 'retrieval', at: addMs(last, 1) }), 'dispute_window_over');
  assert.equal(asked({ earlier: times(5, answered) }), 1000n, 'questions do not count as claims');
});

test('two claims: the first within 360 days, the second within 25 of the answer to the first', () => {
  assert.equal(asked({ at: addDays(PAID, 360) }), 1000n);
  assert.equal(asked({ at: addMs(addDays(PAID, 360), 1) }), 'dispute_window_over');
  const answeredAt = addDays(PAID, 359);
  const first = [earlier('escalation', 'answered', answeredAt)];
  assert.equal(asked({ earlier: first, at: addDays(answeredAt, 25) }), 1000n, 'also later than 360 days');
  assert.equal(asked({ earlier: first, at: addMs(addDays(answeredAt, 25), 1) }), 'dispute_window_over');
  assert.equal(asked({ earlier: times(2, first[0] as WalletDispute), at: answeredAt }), 'too_many_disputes');
});

test('one at a time, whichever its kind, and until what was accepted is back', () => {
  assert.equal(asked({ earlier: [earlier('retrieval', 'open')] }), 'dispute_under_way');
  assert.equal(asked({ kind: 'retrieval', earlier: [earlier('escalation', 'open')] }), 'dispute_under_way');
  assert.equal(asked({ earlier: [earlier('escalation', 'refunding', PAID)] }), 'dispute_under_way');
  assert.equal(asked({ earlier: [earlier('retrieval', 'lapsed')] }), 1000n);
});

test('no more than has not gone back, in the currency it was paid in, of what was paid', () => {
  assert.equal(asked({ amount: yen(1000) }), 1000n);
  assert.equal(asked({ amount: yen(1) }), 1n);
  assert.equal(asked({ amount: yen(1001) }), 'amount_exceeds_disputable');
  assert.equal(asked({ amount: yen(0) }), 'invalid_amount');
  assert.equal(asked({ amount: money(10, 'USD') }), 'dispute_currency');
  assert.equal(asked({}, { paidAt: PAID, left: yen(0) }), 'amount_exceeds_disputable', 'nothing is left');
  assert.equal(asked({}, { paidAt: null, left: yen(1000) }), 'not_paid');
});
