import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Books, checkNetworks } from './network-laws.ts';
import { startReplay } from './replay.ts';
import type { OperationRow, StateRows } from './tables.ts';

const operation = (more: Partial<OperationRow>): OperationRow => ({
  id: 'opn_1',
  state: 'sent',
  kind: 'sale',
  reference: 'R1',
  payment: 'pay_1',
  byWallet: false,
  amount: 500n,
  ...more,
});
const payment = (id: string) => ({
  id,
  state: 'captured',
  order: 'ord_1',
  instalment: 1,
  amount: 500n,
  captured: 500n,
  refunded: 0n,
});
const sale = (reference: string, amount = '500') => ({
  kind: 'sale' as const,
  id: `n-${reference}`,
  reference,
  amount,
  state: 'CLOSED',
});

/** The laws broken when our operations meet these sales of the acquirer. */
function lawsBroken(
  operations: readonly OperationRow[],
  sales: readonly (Omit<ReturnType<typeof sale>, 'kind'> & { readonly kind: string })[],
): readonly string[] {
  const rows = {
    operations,
    payments: [payment('pay_1'), payment('pay_2')],
    payouts: [],
    disputes: [],
    files: [],
    settlements: [],
    fees: [],
    participants: new Map(),
    lastStatementDays: new Map(),
  };
  const books: Books = {
    transactions: Map.groupBy(sales, ({ reference }) => reference),
    batches: [],
    disputes: [],
    unsettled: 0n,
    settledFees: 0n,
    unsettledDisputes: 0n,
    lines: [],
  };
  const laws = new Set<string>();
  // Only what this law reads is filled in.
  checkNetworks(startReplay(), rows as unknown as StateRows, books, (law) => void laws.add(law));
  return [...laws];
}

test('what is open here may have happened there or not', () => {
  assert.deepEqual(lawsBroken([operation({})], []), []);
  assert.deepEqual(lawsBroken([operation({ state: 'unknown' })], [sale('R1')]), []);
});

test('approved here and missing, or of another amount there, is found', () => {
  const law = 'acquirer: what we call approved exists there';
  assert.ok(lawsBroken([operation({ state: 'approved' })], []).includes(law));
  assert.ok(lawsBroken([operation({ state: 'approved' })], [sale('R1', '499')]).includes(law));
});

test('declined here and done there, and what we never asked for, is found', () => {
  assert.ok(
    lawsBroken([operation({ state: 'declined' })], [sale('R1')]).includes(
      'acquirer: what we call declined did not happen there',
    ),
  );
  assert.ok(lawsBroken([], [sale('R9')]).includes('acquirer: what it did is approved here or still open'));
});

test('an authorization captured in parts is charged once, and never for more than it is of', () => {
  const law = 'acquirer: nobody is charged twice';
  const parts = (second: bigint) => [
    operation({ state: 'approved', kind: 'capture', amount: 200n }),
    operation({ id: 'opn_2', state: 'approved', kind: 'capture', reference: 'R2', amount: second }),
  ];
  const captured = (reference: string, amount: string) => ({ ...sale(reference, amount), kind: 'capture' as const });
  assert.ok(!lawsBroken(parts(300n), [captured('R1', '200'), captured('R2', '300')]).includes(law));
  assert.ok(lawsBroken(parts(301n), [captured('R1', '200'), captured('R2', '301')]).includes(law));
});

test('an approved void, increment or reversal is one of the acquirer', () => {
  const law = 'acquirer: what we call approved exists there';
  const grown = operation({ state: 'approved', kind: 'increment', amount: 700n });
  const theirs = { ...sale('R1', '700'), kind: 'increment', state: 'APPROVED' };
  assert.ok(lawsBroken([grown], []).includes(law));
  assert.ok(!lawsBroken([grown], [theirs]).includes(law));
  assert.ok(
    lawsBroken([{ ...grown, state: 'declined' }], [theirs]).includes(
      'acquirer: what we call declined did not happen there',
    ),
  );
});

test('a buyer charged twice for one instalment is found', () => {
  const twice = [operation({ state: 'approved' }), operation({ id: 'opn_2', payment: 'pay_2', reference: 'R2' })];
  assert.ok(lawsBroken(twice, [sale('R1'), sale('R2')]).includes('acquirer: nobody is charged twice'));
});
