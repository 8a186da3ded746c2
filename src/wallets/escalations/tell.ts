/**
 * Telling both sides: the acquirer of a dispute about its shop's payment, as long as it can be answered; the wallet of an answer and
 * of its refund, for a month. Only a signed answer with status S is an acknowledgment. What is told is what stands when it is
 * sent. Pauses are by how long it has been tried, in business time: two minutes, then ten, then an hour, then six.
 */
import { MS_PER_DAY, msOf } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { DisputeNews, DisputeToAnswer } from '../../connectors/ports/wallet-dispute.ts';
import { FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import { findParticipant, type Participant, type WalletParticipant, walletTarget } from '../../parties/index.ts';
import type { HubDeps } from '../deps.ts';
import { acquirerTarget } from '../hub-codes/acquirer-target.ts';
import type { HubPayment } from '../hub-payment.ts';
import { loadHubPayment } from '../store.ts';
import { findWalletDispute } from './store.ts';
import type { WalletDispute } from './wallet-dispute.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WALLET_IS_TOLD_FOR_MS = 30 * MS_PER_DAY;

/** Milliseconds until the next try of what is being told for so long. */
export function pauseAfter(triedForMs: number): number {
  if (triedForMs < 2 * MINUTE_MS) return 2 * MINUTE_MS;
  if (triedForMs < HOUR_MS) return 10 * MINUTE_MS;
  return triedForMs < MS_PER_DAY ? HOUR_MS : 6 * HOUR_MS;
}

/** Handler of RELAY_JOB. */
export async function relayJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const row = await findWalletDispute(db, job.subject as Id<'esc'>);
  if (row === null || row.state !== 'open' || row.home.kind !== 'hub') return FINISHED;
  const acquirer = (await findParticipant(db, row.home.acquirer)) as Participant;
  const target = acquirerTarget(acquirer);
  const outcome =
    target === null
      ? 'the acquirer has no place where it is told'
      : await deps.acquirers.openDispute(target, await toAnswer(deps, row, row.home.payment));
  return outcome === 'acknowledged' ? FINISHED : later(deps, row.openedAt, outcome);
}

async function toAnswer(deps: HubDeps, row: WalletDispute, id: HubPayment['id']): Promise<DisputeToAnswer> {
  const { db } = deps.journal;
  const payment = (await loadHubPayment(db, id)) as HubPayment;
  const wallet = (await findParticipant(db, row.wallet)) as WalletParticipant;
  return {
    ...{ kind: row.kind, id: row.id, wallet: wallet.participantId, walletBrand: wallet.wallet.brandCode },
    ...{ paymentRequestId: payment.requestId, paymentId: payment.id, amount: row.amount },
    ...{ reason: row.reason, respondBy: row.respondBy },
  };
}

/** Handler of TELL_JOB. */
export async function tellJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const row = await findWalletDispute(db, job.subject as Id<'esc'>);
  if (row === null) return FINISHED;
  const wallet = (await findParticipant(db, row.wallet)) as WalletParticipant;
  const outcome = await deps.wallets.notifyDispute(walletTarget(wallet), newsOf(row));
  const since = row.endedAt ?? row.answer?.at ?? row.openedAt;
  const givesUp = msOf(deps.clock.now()) - msOf(since) > WALLET_IS_TOLD_FOR_MS;
  return outcome === 'acknowledged' || givesUp ? FINISHED : later(deps, since, outcome);
}

function later({ clock }: HubDeps, since: WalletDispute['openedAt'], reason: string): JobResult {
  return { kind: 'again', afterMs: pauseAfter(msOf(clock.now()) - msOf(since)), reason };
}

function newsOf({ claim, id, kind, reference, state, answer, refundBy }: WalletDispute): DisputeNews {
  const given =
    answer === null
      ? null
      : {
          ...{ kind: answer.kind, amount: answer.amount, text: answer.text, evidence: answer.evidence },
          bySilence: answer.by === 'deadline',
        };
  return { claim, id, kind, reference, state, answer: given, refundBy };
}
