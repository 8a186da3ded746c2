/**
 * Reading and writing of disputes and their money. All SQL that moves an amount is here.
 * Invariant: `debited` of a dispute is Σ DEBIT − Σ CREDIT of its movements, between zero and the disputed amount.
 */
import { assert } from '../../src/base/assert.ts';
import { type Currency, exponentOf } from '../../src/base/currency.ts';
import type { Store } from '../base/store.ts';
import type { Acquirer } from './acquirer.ts';
import type { DisputeRow, MovementRow } from './dispute.ts';
import { notifyDispute } from './notifications.ts';

/** Fifteen of the currency's major units, charged with the first chargeback. */
export const disputeFee = (currency: Currency): bigint => 15n * 10n ** BigInt(exponentOf(currency));

export const disputeById = (store: Store, id: string): DisputeRow | null =>
  store.first<DisputeRow>('select * from dispute where id = ?', id);

export const movementsOf = (store: Store, disputeId: string): MovementRow[] =>
  store.all<MovementRow>('select * from dispute_movement where dispute_id = ? order by seq', disputeId);

/** The number of the next change of any dispute. */
export const nextChange = (store: Store): bigint =>
  (store.first<{ last: bigint | null }>('select max(change_seq) as last from dispute')?.last ?? 0n) + 1n;

export type DisputeChanges = Partial<Pick<DisputeRow, 'type' | 'status' | 'outcome' | 'due_ms'>>;

/** Changes a dispute and tells the merchant; call it inside a transaction. The dispute as it is then. */
export function changeDispute(acquirer: Acquirer, before: DisputeRow, changes: DisputeChanges): DisputeRow {
  const { store, time } = acquirer;
  assert(before.outcome === null, 'a dispute with an outcome never changes again');
  const { type, status, outcome, due_ms: due } = { ...before, ...changes };
  store.run(
    'update dispute set type = ?, status = ?, outcome = ?, due_ms = ?, updated_ms = ?, change_seq = ? where id = ?',
    ...[type, status, outcome, due, time.nowMs(), nextChange(store), before.id],
  );
  notifyDispute(acquirer, { subType: outcome === null ? 'DisputeUpdated' : 'DisputeClosed', disputeId: before.id });
  const after = disputeById(store, before.id);
  assert(after !== null, 'a dispute never goes away');
  return after;
}

/** Takes from the merchant what is disputed and not taken yet. */
export function debitRest(acquirer: Acquirer, dispute: DisputeRow): void {
  const rest = dispute.amount - dispute.debited;
  if (rest === 0n) return;
  move(acquirer, dispute, 'DEBIT', rest);
  acquirer.store.run('update dispute set debited = debited + ? where id = ?', rest, dispute.id);
}

/** Gives the merchant back what stands taken. */
export function creditDebited(acquirer: Acquirer, dispute: DisputeRow): void {
  if (dispute.debited === 0n) return;
  move(acquirer, dispute, 'CREDIT', dispute.debited);
  acquirer.store.run('update dispute set debited = 0 where id = ?', dispute.id);
}

export const chargeFee = (acquirer: Acquirer, dispute: DisputeRow): void =>
  move(acquirer, dispute, 'FEE', disputeFee(dispute.currency));

function move({ store, time }: Acquirer, dispute: DisputeRow, kind: MovementRow['kind'], amount: bigint): void {
  const { id, type, currency } = dispute;
  store.run(
    'insert into dispute_movement (dispute_id, type, kind, currency, amount, created_ms) values (?, ?, ?, ?, ?, ?)',
    ...[id, type, kind, currency, amount, time.nowMs()],
  );
}
