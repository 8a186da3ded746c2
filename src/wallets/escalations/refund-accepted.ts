/**
 * What was accepted goes back: of a shop's payment by a refund of the hub, under the dispute's own id and at the payment's own rate;
 * of an order by its case. The wallet's word on that refund ends the dispute. One that can not be made any more, because the money
 * went back otherwise, ends it too, and says why.
 */
import type { Id } from '../../base/ids.ts';
import { assertMove } from '../../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import { type Decision, part, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { HubDeps } from '../deps.ts';
import { refundHubPayment } from '../refund-payment.ts';
import { loadHubPayment } from '../store.ts';
import { tellingAll } from './steps.ts';
import { findWalletDispute } from './store.ts';
import { WALLET_DISPUTE_MOVES, type WalletDispute, walletDisputes } from './wallet-dispute.ts';

const LOOK_AGAIN_MS = 60_000;

/** Why a refund failed; null when the wallet has the money. */
export type RefundFailure = { readonly code: string; readonly message: string } | null;

/** Handler of REFUND_JOB. */
export async function refundJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const row = await findWalletDispute(db, job.subject as Id<'esc'>);
  if (row === null || row.state !== 'refunding' || row.home.kind !== 'hub' || row.answer?.amount == null)
    return FINISHED;
  const payment = await loadHubPayment(db, row.home.payment);
  if (payment === null) throw new Error(`payment ${row.home.payment} of ${row.id} is missing`);
  const { amount } = row.answer;
  const done = await refundHubPayment(deps, { payment, requestId: row.id, amount, reason: `dispute ${row.claim}` });
  if (!done.ok) {
    const { code, detail } = done.error;
    return code === 'conflict' ? again(detail) : endRefund(deps, row.id, { code, message: detail });
  }
  if (done.value.state === 'sent') return again('the wallet has not answered yet');
  return endRefund(deps, row.id, done.value.failure);
}

const again = (reason: string): JobResult => ({ kind: 'again', afterMs: LOOK_AGAIN_MS, reason });

/** Ends a dispute whose refund has ended. */
export async function endRefund(
  deps: Pick<HubDeps, 'journal' | 'clock'>,
  id: WalletDispute['id'],
  failure: RefundFailure,
): Promise<JobResult> {
  const ended = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'over'>>> => {
    const row = await findWalletDispute(deps.journal.db, id);
    if (row === null || row.state !== 'refunding') return refuse('over', 'it has ended');
    const at = deps.clock.now();
    const state = failure === null ? 'refunded' : 'not_refunded';
    assertMove(WALLET_DISPUTE_MOVES, `wallet dispute ${id}`, row.state, state);
    const said = { outcome: state, ...(failure === null ? {} : { code: failure.code }) } as const;
    const own = part({
      events: [event('wallet_dispute.refund_ended', id, said)],
      writes: [update(walletDisputes, row, { state, failure, endedAt: at })],
      jobs: tellingAll(row, at),
    });
    return ok({ unit: { at, ...own }, value: null });
  });
  return ended.ok || ended.error.code === 'over' ? FINISHED : again(ended.error.detail);
}
