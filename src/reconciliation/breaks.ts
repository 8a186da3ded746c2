/**
 * Breaks: what does not agree, why, and whose it is to find out. A break is opened once per thing; it closes when the thing
 * is explained, or by a person's signed reason.
 */
import type { Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import {
  absent,
  type CommandKey,
  type Decision,
  type Guard,
  insert,
  merge,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';
import { type Break, type BreakKind, breaks, settlements } from './rows.ts';
import { findBreak, findBreakAbout, loadSettlement, settledBreaks } from './store.ts';

export interface NewBreak {
  readonly kind: BreakKind;
  readonly subject: string;
  readonly amount: Money | null;
  readonly reason: string;
}

/** The part that opens a break, or nothing when there was one for this already. */
export async function openBreak(deps: ReconciliationDeps, found: NewBreak, at: Instant): Promise<UnitPart> {
  if ((await findBreakAbout(deps.journal.db, found.kind, found.subject)) !== null) return part({});
  const row: Break = {
    id: newId('brk'),
    version: 0,
    state: 'open',
    ...found,
    owner: 'reconciliation',
    openedAt: at,
    closedAt: null,
    closedBy: null,
    closeReason: null,
  };
  const { kind, subject, amount, reason } = found;
  return part({
    events: [event('break.opened', row.id, { kind, subject, reason, ...(amount === null ? {} : { amount }) })],
    writes: [insert(breaks, row)],
    guards: [absent(breaks, 'break_key', `${kind}:${subject}`)],
  });
}

/**
 * The part that closes the open break about a thing because the thing is explained now. Where there is none it holds the
 * commit to that: one that is opened at this moment would stay open for ever.
 */
export async function closeExplained(
  deps: ReconciliationDeps,
  kind: BreakKind,
  subject: string,
  reason: string,
  at: Instant,
): Promise<UnitPart> {
  const row = await findBreakAbout(deps.journal.db, kind, subject);
  if (row === null) return part({ guards: [absent(breaks, 'break_key', `${kind}:${subject}`)] });
  return row.state === 'open' ? closing(row, { reason, by: 'reconciliation', at }) : part({});
}

/** A break, and what must still be as it was read. */
export type FoundBreak = NewBreak & { readonly guards?: readonly Guard[] };

/** Commits breaks found by a sweep; each only once. */
export async function openBreaks(deps: ReconciliationDeps, found: readonly FoundBreak[]): Promise<void> {
  for (const { guards = [], ...each } of found) {
    const at = deps.clock.now();
    const opened = await openBreak(deps, each, at);
    const unit = { at, ...merge(opened, part({ guards })) };
    if (opened.events.length > 0)
      retryOnConflict(await deps.journal.run(undefined, async () => ok({ unit, value: null })));
  }
}

/** Closes what has come to agree by itself: a line that arrived late, an operation whose outcome was learned late. */
export async function closeSettledBreaks(deps: ReconciliationDeps): Promise<void> {
  for (const row of await settledBreaks(deps.journal.db)) {
    const at = deps.clock.now();
    const closed = await closeExplained(deps, row.kind, row.subject, 'ledger and file agree now', at);
    if (closed.events.length > 0)
      retryOnConflict(await deps.journal.run(undefined, async () => ok({ unit: { at, ...closed }, value: null })));
  }
}

export interface CloseBreak {
  readonly id: Id<'brk'>;
  readonly reason: string;
  readonly by: string;
}

/** A person closes a break with a signed reason; what a settlement is short or over goes to its own account. */
export function closeBreak(
  deps: ReconciliationDeps,
  command: CommandKey | undefined,
  input: CloseBreak,
): Promise<Result<Outcome<Break>, ReconciliationRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Break>, ReconciliationRefusal>> => {
    const row = await findBreak(deps.journal.db, input.id);
    if (row === null) return refuse('not_found', 'no such break');
    if (row.state !== 'open') return refuse('illegal_move', 'the break is closed already');
    const at = deps.clock.now();
    const closed = closing(row, { reason: input.reason, by: input.by, at });
    const after: Break = {
      ...row,
      state: 'closed',
      version: row.version + 1,
      closedAt: at,
      closedBy: input.by,
      closeReason: input.reason,
    };
    const unit = { at, ...merge(closed, await closeDifference(deps, row, input)), answer: after };
    return ok({ unit, value: after });
  });
}

function closing(row: Break, { reason, by, at }: { reason: string; by: string; at: Instant }): UnitPart {
  return part({
    events: [event('break.closed', row.id, { reason, by })],
    writes: [update(breaks, row, { state: 'closed', closedAt: at, closedBy: by, closeReason: reason })],
  });
}

async function closeDifference(deps: ReconciliationDeps, row: Break, { reason, by }: CloseBreak): Promise<UnitPart> {
  if (row.kind !== 'settlement_short' && row.kind !== 'settlement_over') return part({});
  const settlement = await loadSettlement(deps.journal.db, row.subject as Id<'stl'>);
  if (settlement === null || settlement.state !== 'differs') return part({});
  const missing = subtract(settlement.net, settlement.booked);
  const none = zero(missing.currency);
  const [short, over] = missing.amount > 0n ? [missing, none] : [none, subtract(none, missing)];
  return part({
    events: [event('settlement.difference_closed', settlement.id, { batch: settlement.id, short, over, reason, by })],
    writes: [update(settlements, settlement, { state: 'closed' })],
  });
}
