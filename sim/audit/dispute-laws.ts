/**
 * The money of disputes: what the network took is an open claim until the outcome, what is frozen of the seller side stands
 * against it, what nobody had is debt; and all of it is what the network's own movements say (DESIGN §4).
 */
import type { Report } from './finding.ts';
import type { Books } from './network-laws.ts';
import { creditOf, type DisputeTally, type Replay } from './replay.ts';
import type { DisputeRow, StateRows } from './tables.ts';

const ENDED = ['won', 'lost', 'accepted'];
const NOTHING: DisputeTally = { debited: 0n, credited: 0n, fees: 0n, cover: 0n, seller: '', owed: 0n };

export function checkDisputeMoney(replay: Replay, { disputes }: StateRows, report: Report): void {
  for (const row of disputes) checkDispute(replay, row, report);
  checkDebts(replay, report);
}

function checkDispute(replay: Replay, row: DisputeRow, report: Report): void {
  const { id, state, order, amount, debited, credited, fees } = row;
  const tally = replay.disputes.get(id) ?? NOTHING;
  const facts = `${state} of ${amount}: debited ${tally.debited}, credited ${tally.credited}, fees ${tally.fees}, frozen ${tally.cover}`;
  if (debited !== tally.debited || credited !== tally.credited || fees !== tally.fees)
    report('rows: a dispute says what its events say', [id, order], `row ${debited}/${credited}/${fees}; ${facts}`);
  const taken = tally.debited - tally.credited;
  const open = !ENDED.includes(state);
  const claim = -creditOf(replay, `chargeback:${id}:USD`);
  const cover = creditOf(replay, `dispute_cover:${id}:USD`);
  if (claim !== (open ? taken : 0n) || cover !== (open ? tally.cover : 0n))
    report(
      'disputes: taken and frozen while open, nothing left after the outcome',
      [id, order],
      `${facts}; claim ${claim}, cover ${cover}`,
    );
  if (taken < 0n || taken > amount || (state === 'won' && taken !== 0n))
    report('disputes: the network holds no more than the amount, and nothing of what was won', [id, order], facts);
  if (tally.cover > tally.debited) report('disputes: frozen is never more than was taken', [id, order], facts);
}

/** What a seller owes is what disputes left uncovered, less what came back or was repaid or given up. */
function checkDebts(replay: Replay, report: Report): void {
  let owed = 0n;
  for (const tally of replay.disputes.values()) owed += tally.owed;
  const repaid = ['debt.recovered fromSeller', 'debt.recovered fromReserve', 'debt.recovered_by_bank amount'];
  const given = ['debt.written_off provided', 'debt.written_off rest'];
  for (const name of [...repaid, ...given]) owed -= replay.totals.get(name) ?? 0n;
  let booked = 0n;
  for (const account of replay.balances.keys()) if (account.startsWith('debt:')) booked -= creditOf(replay, account);
  if (booked !== owed) report('debts: owed is what disputes left uncovered', [], `booked ${booked}, owed ${owed}`);
}

/** We never book what the network did not do; `atEnd`: nor does it do what we have not booked. */
export function checkDisputesAtNetwork({ disputes }: StateRows, books: Books, report: Report, atEnd: boolean): void {
  const ours = new Map(disputes.map((row) => [row.claim, row]));
  for (const theirs of books.disputes) {
    const row = ours.get(theirs.id);
    const [debits, credits, fees] = ['DEBIT', 'CREDIT', 'FEE'].map((kind) =>
      theirs.movements.reduce((sum, movement) => (movement.kind === kind ? sum + BigInt(movement.amount) : sum), 0n),
    ) as [bigint, bigint, bigint];
    const text = `${theirs.id}: debits ${debits}, credits ${credits}, fees ${fees}; here ${row?.debited}, ${row?.credited}, ${row?.fees}`;
    if (row !== undefined && (row.debited > debits || row.credited > credits || row.fees > fees))
      report('disputes: nothing is booked that the network did not move', [row.id, row.order], text);
    if (atEnd && (row?.debited !== debits || row.credited !== credits || row.fees !== fees))
      report('end: disputes are booked as the network moved them', [row?.id ?? theirs.id], text);
    ours.delete(theirs.id);
  }
  for (const row of ours.values())
    report('disputes: every case is one of the network', [row.id], `the network has no ${row.claim}`);
}
