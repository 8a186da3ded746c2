/** Probes come back from the real postings under the names of their fields. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT_TYPES, legsOf, showSide } from './posting-legs.ts';

const shown = (type: Parameters<typeof legsOf>[0]): string[] =>
  legsOf(type).map(({ amountField, debit, credit }) => `${amountField}: ${showSide(debit)} > ${showSide(credit)}`);

test('a posting is read with its fields and owners', () => {
  assert.deepEqual(shown('payment.captured'), ['captured: receivable:{network} > held:{order}']);
});

test('an account without an owner stands alone, and both directions of an event are there', () => {
  assert.deepEqual(shown('settlement.difference_closed'), [
    'short: reconciliation_difference > settlement:{batch}',
    'over: settlement:{batch} > reconciliation_difference',
  ]);
});

test('optional amounts are there, and events that move no money have no legs', () => {
  assert.deepEqual(
    legsOf('order.released').map(({ amountField }) => amountField),
    ['net', 'fee', 'share', 'reserve', 'tax'],
  );
  assert.deepEqual(legsOf('order.created'), []);
  assert.ok(EVENT_TYPES.includes('break.closed'));
});
