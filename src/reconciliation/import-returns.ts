/** The bank's return file: why entries came back. The money follows as a statement line; the seller's payouts stop now. */
import { ok, type Result, refuse } from '../base/result.ts';
import type { ReturnedEntry } from '../connectors/ports/bank-rail.ts';
import type { Decision } from '../journal/index.ts';
import { findSeller } from '../parties/index.ts';
import { findPayoutByTrace, returnReported } from '../payouts/index.ts';
import { openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';

export async function importReturns(deps: ReconciliationDeps, bytes: Uint8Array): Promise<void> {
  for (const entry of deps.rail.parseReturns(bytes)) {
    const result = await deps.journal.run(undefined, () => decide(deps, entry));
    retryOnConflict(result);
    if (!result.ok && result.error.code === 'not_found') {
      const reason = `returned ${entry.reason}, trace ${entry.trace}: no payout of ours has it`;
      await openBreaks(deps, [
        { kind: 'missing_in_ledger', subject: `return:${entry.trace}`, amount: entry.amount, reason },
      ]);
    }
  }
}

async function decide(
  deps: ReconciliationDeps,
  entry: ReturnedEntry,
): Promise<Result<Decision<null>, ReconciliationRefusal>> {
  const payout = await findPayoutByTrace(deps.journal.db, entry.trace);
  if (payout === null || payout.reference !== entry.reference) return refuse('not_found', 'no such payout');
  if (payout.returnReason !== null) return refuse('already_imported', 'this return is known');
  const seller = await findSeller(deps.journal.db, payout.seller);
  if (seller === null) return refuse('not_found', 'no such seller');
  const at = deps.clock.now();
  const reported = returnReported(payout, seller, { code: entry.reason, text: entry.reasonText }, at);
  return ok({ unit: { at, ...reported }, value: null });
}
