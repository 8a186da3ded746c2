/**
 * What clients are told of sellers, settlements, funds and disputes: the bodies, each from the event that said so and the
 * row as it stands. What is told of one event is told once.
 */
import {
  type AmsClient,
  type AmsInstruction,
  type AmsPayment,
  type Changed,
  type DisputeNotificationKind,
  makeNotification,
  nameOfSeller,
} from '../../ams/index.ts';
import { addMs, MS_PER_DAY } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { type Money, zero } from '../../base/money.ts';
import { type Case, findDispute } from '../../disputes/index.ts';
import { ensureJob, FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import type { RecordedEvent } from '../../ledger/index.ts';
import { findOrder } from '../../protection/index.ts';
import type { Registration } from '../../registrations/index.ts';
import type { App } from '../app.ts';
import { viewFunds } from './funds.ts';
import { resultOf, SUCCESS } from './results.ts';
import { instructionResult } from './settle.ts';
import { amountOf, timeOf } from './views.ts';

type Told = Exclude<Changed, { kind: 'payment' | 'request' }>;

export const DEFENSE_DUE_JOB = 'ams.defense_due';
/** Before the network's deadline. */
const ALERT_BEFORE_MS = 2 * MS_PER_DAY;

export async function tellMarketplace(app: App, client: AmsClient, changed: Told): Promise<void> {
  switch (changed.kind) {
    case 'settlement':
      return tellSettlement(app, client, changed.row, changed.event);
    case 'instruction':
      return tellInstruction(app, client, changed.row);
    case 'payout':
      return tellFunds(app, client, changed.row, `${changed.row.id} ${changed.payout.state}`);
    case 'registration':
      return tellRegistration(app, client, changed.row);
    case 'dispute':
      return tellDispute(app, client, changed);
  }
}

interface Telling {
  readonly subject: string;
  readonly once: string;
  readonly url: string | null;
}

async function tell(
  app: App,
  { id, clientId }: AmsClient,
  { subject, once, url }: Telling,
  body: { readonly kind: Parameters<typeof makeNotification>[1]['kind']; readonly content: object },
): Promise<void> {
  if (url === null) return;
  const { kind, content } = body;
  await makeNotification(app.ams, {
    ...{ client: id, clientId, kind, subject, once, url, body: JSON.stringify(content) },
  });
}

/** Each side by itself, whoever released the order; an order that the plan released has nothing for the marketplace. */
async function tellSettlement(app: App, client: AmsClient, row: AmsPayment, event: RecordedEvent): Promise<void> {
  const order = await findOrder(app.journal.db, row.order);
  if (order === null) return;
  const { net, share = zero(order.total.currency) } = event.data as { readonly net: Money; readonly share?: Money };
  const sides = [
    {
      settleTo: 'SELLER',
      amount: net,
      merchant: { referenceMerchantId: await nameOfSeller(app.journal.db, client, order.seller) },
    },
    { settleTo: 'MARKETPLACE', amount: share, merchant: {} },
  ];
  for (const { settleTo, amount, merchant } of sides.filter((side) => side.amount.amount > 0n)) {
    const content = {
      notifyType: 'SETTLEMENT_RESULT',
      result: SUCCESS,
      settlementBatchId: order.id,
      settleTo,
      ...merchant,
      settlementAmount: amountOf(amount),
      paymentId: row.id,
      paymentRequestId: row.requestId,
      settlementTime: timeOf(event.at),
    };
    const about = { subject: row.id, once: `${order.id} ${settleTo}`, url: client.notifyUrl ?? row.notifyUrl };
    await tell(app, client, about, { kind: 'SETTLEMENT_RESULT', content });
  }
}

async function tellInstruction(app: App, client: AmsClient, row: AmsInstruction): Promise<void> {
  const { wish, requestId, id, notifyUrl, state } = row;
  // A settlement is told by the release; a payout that was initiated is told when the bank has said something.
  if (wish.kind === 'settle' || (wish.kind === 'payout' && state === 'done')) return;
  if (wish.kind !== 'account') return tellFunds(app, client, row, `${id} ${state}`);
  const content = {
    notifyType: 'SETTLEMENT_INFO_UPDATE_RESULT',
    result: instructionResult(row),
    updateRequestId: requestId,
    referenceMerchantId: wish.merchant,
    settlementCurrency: wish.currency,
    updateStatus: state === 'done' ? 'SUCCESSFUL' : 'FAILED',
  };
  await tell(
    app,
    client,
    { subject: id, once: id, url: notifyUrl },
    { kind: 'SETTLEMENT_INFO_UPDATE_RESULT', content },
  );
}

async function tellFunds(app: App, client: AmsClient, row: AmsInstruction, once: string): Promise<void> {
  const { result, ...view } = await viewFunds(app, row);
  const kind = row.wish.kind === 'payout' ? 'PAYOUT_RESULT' : 'TRANSFER_RESULT';
  const transferFinishTime = timeOf(app.clock.now());
  const content = { notifyType: kind, result, transferResult: result, transferFinishTime, ...view };
  await tell(app, client, { subject: row.id, once, url: row.notifyUrl }, { kind, content });
}

async function tellRegistration(app: App, client: AmsClient, row: Registration): Promise<void> {
  const { id, reference, requestId, state, decision } = row;
  const content = {
    notifyType: 'REGISTRATION_RESULT',
    result: state === 'successful' ? SUCCESS : resultOf('PROCESS_FAIL', decision?.reason ?? ''),
    referenceMerchantId: reference,
    registrationRequestId: requestId,
    registrationStatus: state.toUpperCase(),
  };
  await tell(app, client, { subject: id, once: id, url: client.notifyUrl }, { kind: 'REGISTRATION_RESULT', content });
}

async function tellDispute(app: App, client: AmsClient, changed: Extract<Told, { kind: 'dispute' }>): Promise<void> {
  const { row, dispute, event } = changed;
  const { turn, respondBy, id } = dispute;
  if (turn === 'ours' && respondBy !== null)
    await ensureJob(app.journal.db, { kind: DEFENSE_DUE_JOB, subject: id, due: addMs(respondBy, -ALERT_BEFORE_MS) });
  const kind = kindOf(event, dispute);
  if (kind === null) return;
  const about = { subject: id, once: `${id} ${event.seq}`, url: client.notifyUrl ?? row.notifyUrl };
  await tell(app, client, about, { kind, content: disputeBody(kind, row, dispute) });
}

/** An inquiry that ends without money having moved was taken back. */
function kindOf({ type, data }: RecordedEvent, dispute: Case): DisputeNotificationKind | null {
  if (type === 'dispute.opened') return 'DISPUTE_CREATED';
  if (type === 'dispute.answered') {
    const answer = dispute.answers.find(({ reference }) => reference === data.reference);
    return data.outcome === 'taken' && answer?.kind === 'challenge' ? 'DEFENSE_SUPPLIED' : null;
  }
  if (type !== 'dispute.ended') return null;
  if (data.outcome === 'accepted') return 'DISPUTE_ACCEPTED';
  return data.outcome === 'won' && dispute.stage === 'inquiry' ? 'DISPUTE_CANCELLED' : 'DISPUTE_JUDGED';
}

function disputeBody(kind: DisputeNotificationKind, row: AmsPayment, dispute: Case) {
  const { id, state, openedAt, amount, reason, respondBy, turn, endedAt, channel } = dispute;
  const judged = { won: 'VALIDATE_SUCCESS', lost: 'VALIDATE_FAIL', accepted: 'ACCEPT_BY_MERCHANT' } as const;
  const accepted = kind === 'DISPUTE_ACCEPTED' && endedAt !== null;
  return {
    disputeNotificationType: kind,
    disputeId: id,
    paymentId: row.id,
    paymentRequestId: row.requestId,
    disputeTime: timeOf(openedAt),
    disputeAmount: amountOf(amount),
    disputeReasonCode: reason.code,
    disputeReasonMsg: reason.title,
    disputeSource: channel,
    disputeType: dispute.stage === 'inquiry' ? 'RETRIEVAL_REQUEST' : 'CHARGEBACK',
    defendable: turn === 'ours',
    ...(respondBy === null ? {} : { defenseDueTime: timeOf(respondBy) }),
    ...(accepted ? { disputeAcceptTime: timeOf(endedAt) } : {}),
    ...(endedAt !== null && state in judged
      ? {
          disputeJudgedTime: timeOf(endedAt),
          disputeJudgedAmount: amountOf(amount),
          disputeJudgedResult: judged[state as keyof typeof judged],
        }
      : {}),
  };
}

/** Two days before the time to answer runs out: said once for a stage, and not when it is answered. */
export async function defenseDueJob(
  app: App,
  job: Job,
  clientOf: (dispute: Case) => Promise<{ readonly client: AmsClient; readonly row: AmsPayment } | null>,
): Promise<JobResult> {
  const dispute = await findDispute(app.journal.db, job.subject as Id<'dsp'>);
  if (dispute === null || dispute.turn !== 'ours' || dispute.respondBy === null) return FINISHED;
  const due = addMs(dispute.respondBy, -ALERT_BEFORE_MS);
  // The network gave more time, or a later stage has a time of its own.
  const leftMs = Date.parse(due) - Date.parse(app.clock.now());
  if (leftMs > 0) return { kind: 'again', afterMs: leftMs, reason: 'not due yet', countsAsAttempt: false };
  const found = await clientOf(dispute);
  if (found === null) return FINISHED;
  const { client, row } = found;
  const about = {
    subject: dispute.id,
    once: `${dispute.id} due ${dispute.stage} ${dispute.openedAt}`,
    url: client.notifyUrl ?? row.notifyUrl,
  };
  const content = disputeBody('DEFENSE_DUE_ALERT', row, dispute);
  await tell(app, client, about, { kind: 'DEFENSE_DUE_ALERT', content });
  return FINISHED;
}
