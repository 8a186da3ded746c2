import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from './finding.ts';
import { startReplay } from './replay.ts';
import type { EventRow, Snapshot, TransferRow } from './tables.ts';

const usd = (value: number) => ({ value: String(value), currency: 'USD' });
const captured = (seq: bigint, version: number, amount: number): EventRow => ({
  seq,
  unit: `unit-${seq}`,
  type: 'payment.captured',
  subject: 'pay_1',
  version,
  data: { network: 'net_1', order: 'ord_1', captured: usd(amount) },
});
const refunded = (seq: bigint, amount: number, unit = `unit-${seq}`): EventRow => ({
  seq,
  unit,
  type: 'refund.initiated',
  subject: `ref_${seq}`,
  version: 1,
  data: { refund: `ref_${seq}`, order: 'ord_1', payment: 'pay_1', fromHeld: usd(amount) },
});
const move = (seq: bigint, debit: string, credit: string, amount: number): TransferRow => ({
  seq,
  leg: 0,
  debit,
  credit,
  amount: BigInt(amount),
  debitCurrency: 'USD',
  creditCurrency: 'USD',
});
const intoHeld = (seq: bigint, amount: number): TransferRow => move(seq, 'receivable:net_1', 'held:ord_1', amount);
const outOfHeld = (seq: bigint, amount: number): TransferRow => move(seq, 'held:ord_1', `refund:ref_${seq}`, amount);

/** The laws that a journal breaks. */
function lawsBroken(
  events: readonly EventRow[],
  transfers: readonly TransferRow[],
  more: Partial<Snapshot> = {},
): readonly string[] {
  const replay = startReplay();
  const findings: Finding[] = [];
  replay.apply(
    snapshot(events, transfers, more),
    (law, subjects, detail) => void findings.push({ law, subjects, detail }),
  );
  return [...new Set(findings.map(({ law }) => law))];
}

/** Replay looks at events and transfers only; the state rows are other laws' business. */
const snapshot = (events: readonly EventRow[], transfers: readonly TransferRow[], more: Partial<Snapshot>) =>
  ({ head: events.at(-1)?.seq ?? 0n, events, transfers, accounts: [], sums: null, ...more }) as unknown as Snapshot;

test('a right journal breaks nothing', () => {
  assert.deepEqual(lawsBroken([captured(1n, 1, 500), refunded(2n, 500)], [intoHeld(1n, 500), outOfHeld(2n, 500)]), []);
});

test('swapped, missing, doubled and misdirected legs are found', () => {
  const law = ['postings: every event posts what the reference says'];
  const event = [captured(1n, 1, 500)];
  assert.deepEqual(lawsBroken(event, []), law);
  assert.deepEqual(lawsBroken(event, [intoHeld(1n, 500), { ...intoHeld(1n, 500), leg: 1 }]), law);
  assert.deepEqual(lawsBroken(event, [move(1n, 'receivable:net_1', 'held:ord_2', 500)]), law);
  assert.deepEqual(lawsBroken(event, [intoHeld(1n, 499)]), law);
  assert.ok(lawsBroken(event, [move(1n, 'held:ord_1', 'receivable:net_1', 500)]).includes(law[0] as string));
});

test('a floor broken in the middle is found although the end is fine', () => {
  const events = [refunded(1n, 500), captured(2n, 1, 500)];
  assert.deepEqual(lawsBroken(events, [outOfHeld(1n, 500), intoHeld(2n, 500)]), [
    'floors hold at every point of the journal',
  ]);
});

test('gaps of seq, of versions and of the head are found', () => {
  const two = [intoHeld(1n, 5), intoHeld(3n, 5)];
  assert.deepEqual(lawsBroken([captured(1n, 1, 5), captured(3n, 2, 5)], two), ['journal: seq has no gap']);
  assert.deepEqual(lawsBroken([captured(1n, 2, 5)], [intoHeld(1n, 5)]), [
    'journal: the events of a subject are numbered without a gap',
  ]);
  assert.deepEqual(lawsBroken([captured(1n, 1, 5)], [intoHeld(1n, 5)], { head: 2n }), [
    'journal: the head is the last event',
  ]);
  assert.deepEqual(lawsBroken([], [intoHeld(1n, 5)]), ['transfers: every one belongs to an event']);
});

test('currencies and memo do not mix', () => {
  const mixed = { ...intoHeld(1n, 5), creditCurrency: 'EUR' };
  assert.ok(lawsBroken([captured(1n, 1, 5)], [mixed]).includes('legs balance per currency'));
  assert.ok(
    lawsBroken([captured(1n, 1, 5)], [move(1n, 'receivable:net_1', 'budget:c', 5)]).includes('memo never meets money'),
  );
});

test('a row that changed since it was read is found', () => {
  const replay = startReplay();
  const findings: string[] = [];
  const report = (law: string): void => void findings.push(law);
  const sums = (past: string, present: string) => ({
    transfers: { past, present },
    events: { past: '0/0', present: '0/0' },
  });
  replay.apply(snapshot([], [], { sums: sums('0/0', '3/77') }), report);
  replay.apply(snapshot([], [], { sums: sums('3/77', '5/99') }), report);
  assert.deepEqual(findings, []);
  replay.apply(snapshot([], [], { sums: sums('5/98', '6/1') }), report);
  assert.deepEqual(findings, ['append only: no row of transfers changes or disappears']);
});
