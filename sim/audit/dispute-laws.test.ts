/** The laws about disputed money break when the money does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDisputeMoney, checkDisputesAtNetwork } from './dispute-laws.ts';
import { expectedTransfers } from './expected-postings.ts';
import type { Books } from './network-laws.ts';
import { startReplay } from './replay.ts';
import type { DisputeRow, EventRow, Snapshot, StateRows, TransferRow } from './tables.ts';

const usd = (value: number) => ({ value: String(value), currency: 'USD' });
const FACTS = { dispute: 'dsp_1', network: 'net_1', order: 'ord_1', seller: 'sel_1', marketplace: 'mkt_1' };
const PAID: readonly [string, object] = ['payment.captured', { captured: usd(1_000) }];
const TAKEN: readonly [string, object] = [
  'chargeback.debited',
  { amount: usd(600), fromHeld: usd(400), fromDebt: usd(200) },
];
const WON: readonly [string, object] = ['chargeback.won', { credited: usd(600), toHeld: usd(400), toDebt: usd(200) }];

const row = (more: Partial<DisputeRow> = {}): DisputeRow => ({
  id: 'dsp_1',
  state: 'chargeback',
  claim: 'N1',
  order: 'ord_1',
  seller: 'sel_1',
  amount: 600n,
  debited: 600n,
  credited: 0n,
  fees: 0n,
  ...more,
});

/** The laws that a row breaks after these events, posted as they should be but for `spoil`. */
function lawsBroken(
  happened: readonly (readonly [string, object])[],
  dispute: DisputeRow,
  spoil: (transfers: readonly TransferRow[]) => readonly TransferRow[] = (same) => same,
): readonly string[] {
  const events = happened.map(([type, data], index): EventRow => {
    const seq = BigInt(index + 1);
    return { seq, unit: `u${seq}`, type, subject: `x_${seq}`, version: 1, data: { ...FACTS, ...data } };
  });
  const transfers = events.flatMap(({ seq, type, data }) =>
    expectedTransfers(type, data).map(
      ({ currency, ...legs }, leg): TransferRow => ({
        seq,
        leg,
        ...legs,
        debitCurrency: currency,
        creditCurrency: currency,
      }),
    ),
  );
  const replay = startReplay();
  const posted = spoil(transfers);
  const snapshot = { head: BigInt(events.length), events, transfers: posted, accounts: [], sums: null };
  // Replay looks at these alone, and the law at the disputes.
  replay.apply(snapshot as unknown as Snapshot, () => undefined);
  const laws = new Set<string>();
  checkDisputeMoney(replay, { disputes: [dispute] } as unknown as StateRows, (law) => void laws.add(law));
  return [...laws];
}

test('taken, frozen and owed while open; nothing after it was won', () => {
  assert.deepEqual(lawsBroken([PAID, TAKEN], row()), []);
  assert.deepEqual(lawsBroken([PAID, TAKEN, WON], row({ state: 'won', credited: 600n })), []);
});

test('a row that forgets, a cover that stays, a debt nobody booked are found', () => {
  assert.deepEqual(lawsBroken([PAID, TAKEN], row({ debited: 0n })), ['rows: a dispute says what its events say']);
  const left = 'disputes: taken and frozen while open, nothing left after the outcome';
  assert.deepEqual(lawsBroken([PAID, TAKEN], row({ state: 'lost' })), [left]);
  const noDebt = (all: readonly TransferRow[]) => all.filter(({ debit }) => !debit.startsWith('debt:'));
  assert.deepEqual(lawsBroken([PAID, TAKEN], row(), noDebt), [left, 'debts: owed is what disputes left uncovered']);
  const most = 'disputes: the network holds no more than the amount, and nothing of what was won';
  assert.deepEqual(lawsBroken([PAID, TAKEN], row({ amount: 599n })), [most]);
});

test('what the network moved and what is booked of it', () => {
  const movements = [
    { kind: 'DEBIT', amount: '600' },
    { kind: 'FEE', amount: '15' },
  ] as const;
  const found = (ours: DisputeRow[], atEnd: boolean, id = 'N1') => {
    const laws: string[] = [];
    const books = { disputes: [{ id, movements }] } as unknown as Books;
    const rows = { disputes: ours } as unknown as StateRows;
    checkDisputesAtNetwork(rows, books, (law) => void laws.push(law), atEnd);
    return laws;
  };
  assert.deepEqual(found([row()], false), []);
  assert.deepEqual(found([row({ fees: 15n })], true), []);
  assert.deepEqual(found([row()], true), ['end: disputes are booked as the network moved them']);
  assert.deepEqual(found([row({ fees: 16n })], false), ['disputes: nothing is booked that the network did not move']);
  assert.deepEqual(found([row()], false, 'N2'), ['disputes: every case is one of the network']);
});
