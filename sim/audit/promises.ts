/** Every acknowledged fact is still true, and nothing was done that no client asked for. */
import type { Fact } from '../facts.ts';
import type { Report } from './finding.ts';
import type { Replay } from './replay.ts';
import type { StateRows } from './tables.ts';

/** What a state, once said, may have become since. A state that is not here may have moved on to any other. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  'payment captured': ['captured'],
  'payment declined': ['declined'],
  'payment canceled': ['canceled'],
  'payment expired': ['expired'],
  'payment authorized': ['authorized', 'part_captured', 'captured', 'canceled'],
  'payment part_captured': ['part_captured', 'captured'],
  'order canceled': ['canceled'],
  'order released': ['released'],
  'order refunded': ['refunded'],
  'order received': ['received', 'released', 'refunded'],
  'order shipped': ['shipped', 'received', 'released', 'refunded'],
  'refund confirmed': ['confirmed'],
  'refund rejected': ['rejected'],
  'payout canceled': ['canceled'],
  'dispute lost': ['lost'],
  'dispute accepted': ['accepted'],
};

export function checkPromises(facts: readonly Fact[], replay: Replay, rows: StateRows, report: Report): void {
  const law = 'acknowledged: every 2xx answer is still true';
  const found = new Map(
    [...rows.orders, ...rows.payments, ...rows.refunds, ...rows.payouts, ...rows.disputes].map((row) => [row.id, row]),
  );
  for (const { id, kind, state, amount, label } of facts) {
    const row = found.get(id);
    const said = `${label}: ${kind} ${state} ${amount}`;
    if (row === undefined) {
      report(law, [id], `${said}; it does not exist`);
      continue;
    }
    // What a wallet paid can be taken back whole on its day.
    const takenBack = 'byWallet' in row && row.byWallet && state === 'captured' && row.state === 'canceled';
    if (takenBack) continue;
    const later = LATER[`${kind} ${state}`];
    if (later !== undefined && !later.includes(row.state)) report(law, [id], `${said}; now it is ${row.state}`);
    const now =
      kind === 'order'
        ? (replay.orders.get(id)?.net ?? 0n)
        : 'captured' in row
          ? row.captured
          : 'amount' in row
            ? row.amount
            : 0n;
    const binding = kind === 'order' ? state === 'released' : kind !== 'payment' || state === 'captured';
    if (binding && now !== BigInt(amount)) report(law, [id], `${said}; now it is ${now}`);
  }
}

/** At most one payment per key and instalment, at most one refund per key and payment. */
export function checkIntents(intents: ReadonlyMap<string, ReadonlySet<string>>, rows: StateRows, report: Report): void {
  const law = 'idempotency: one key, one effect';
  const effects = new Map<string, string[]>();
  const add = (subject: string, id: string): void => void effects.set(subject, [...(effects.get(subject) ?? []), id]);
  for (const { id, order, instalment } of rows.payments) add(`${order}:${instalment}`, id);
  for (const { id, payment } of rows.refunds) add(payment, id);
  for (const [subject, ids] of effects) {
    const keys = intents.get(subject)?.size ?? 0;
    if (ids.length > keys)
      report(law, [subject.split(':')[0] ?? '', ...ids], `${subject}: ${ids.length} effects of ${keys} keys`);
  }
}
