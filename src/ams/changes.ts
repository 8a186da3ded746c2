/**
 * Reading the journal for what clients want to know. Nothing else announces changes: a payment may be captured by the hosted
 * page, by a job that asked the network again, or by REST. The reader remembers a number, after it has made what the events
 * say; an event that is read twice makes nothing twice, for a notification has its key.
 */
import { type Id, parseId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { type Case, findDispute } from '../disputes/index.ts';
import { eventsAfter, headSeq } from '../journal/index.ts';
import type { RecordedEvent } from '../ledger/index.ts';
import { findOperation, findPayment, findWalletAgreement, type WalletAgreement } from '../payments/index.ts';
import { findPayout, type Payout } from '../payouts/index.ts';
import { findRegistration, type Registration } from '../registrations/index.ts';
import type { AmsDeps } from './deps.ts';
import { instructionBehind } from './instruct.ts';
import { type AmsInstruction, loadInstruction } from './instruction.ts';
import { paidThrough } from './paid-through.ts';
import type { AmsClient, AmsPayment, AmsRequest } from './rows.ts';
import { amsPaymentsOf, listClients, loadAmsPayment, loadRequest } from './store.ts';

const READER = 'ams_notifications';
const PAGE = 500;
const TYPES = [
  'payment.authorized',
  'payment.captured',
  'payment.captured_converted',
  'payment.declined',
  'payment.canceled',
  'payment.expired',
  'operation.answered',
  'ams_payment.closed',
  'order.released',
  'ams_instruction.ended',
  'payout.paid',
  'payout.canceled',
  'payout.entry_rejected',
  'payout.returned',
  'registration.decided',
  'wallet_agreement.moved',
  'dispute.opened',
  'dispute.moved',
  'dispute.answered',
  'dispute.ended',
] as const;

export type Changed =
  | { readonly kind: 'payment'; readonly row: AmsPayment }
  | { readonly kind: 'request'; readonly row: AmsRequest }
  /** The order that a payment paid was released; the event says how. */
  | { readonly kind: 'settlement'; readonly row: AmsPayment; readonly event: RecordedEvent }
  | { readonly kind: 'instruction'; readonly row: AmsInstruction }
  | { readonly kind: 'payout'; readonly row: AmsInstruction; readonly payout: Payout }
  /** A token of a client's marketplace was made, or has ended. */
  | { readonly kind: 'authorization'; readonly row: WalletAgreement; readonly client: AmsClient }
  | { readonly kind: 'registration'; readonly row: Registration }
  /** A dispute about an order that a payment paid. */
  | { readonly kind: 'dispute'; readonly row: AmsPayment; readonly dispute: Case; readonly event: RecordedEvent };

/** Calls `tell` for what may have changed since the last time. True when there is more to read. */
export async function readChanges(deps: AmsDeps, tell: (changed: Changed) => Promise<void>): Promise<boolean> {
  const { db } = deps.journal;
  if (!(await anybodyAsked(db))) return false;
  const [from, head] = await Promise.all([readerAt(db), headSeq(db)]);
  if (head <= from) return false;
  const events = await eventsAfter(db, from, PAGE, TYPES);
  const changed = await Promise.all(events.map((event) => changedBy(deps, event)));
  await Promise.all(changedOnce(changed.flat()).map(tell));
  const last = events.at(-1);
  const to = events.length === PAGE && last !== undefined ? last.seq : head;
  await db.query('update journal_readers set seq = greatest(seq, $2) where name = $1', [READER, to]);
  return events.length === PAGE;
}

/** A payment or request that several events of a page changed is looked at once, as it is now; other news are each their own. */
const changedOnce = (changed: readonly Changed[]): readonly Changed[] => [
  ...new Map(
    changed.map((each, at) => [each.kind === 'payment' || each.kind === 'request' ? each.row.id : at, each] as const),
  ).values(),
];

/** True while something was committed that clients have to be told of and nobody has looked at yet. */
export async function changesWait({ journal: { db } }: Pick<AmsDeps, 'journal'>): Promise<boolean> {
  if (!(await anybodyAsked(db))) return false;
  return (await eventsAfter(db, await readerAt(db), 1, TYPES)).length > 0;
}

/** An installation whose AMS clients have asked for nothing reads nothing. */
async function anybodyAsked(db: Queryable): Promise<boolean> {
  return (await db.query(ANYTHING_ASKED)).rowCount !== 0;
}

async function readerAt(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ seq: bigint }>('select seq from journal_readers where name = $1', [READER]);
  return (rows[0] as { seq: bigint }).seq;
}

const ANYTHING_ASKED = `select 1 where exists (select 1 from ams_payments) or exists (select 1 from ams_instructions)
  or exists (select 1 from registrations) or exists (select 1 from wallet_agreements)`;

async function changedBy(deps: AmsDeps, event: RecordedEvent): Promise<readonly Changed[]> {
  const { db } = deps.journal;
  const { type, subject } = event;
  const [noun = ''] = type.split('.');
  switch (noun) {
    case 'order': {
      const row = await paidThrough(deps, subject as Id<'ord'>);
      return row === null ? [] : [{ kind: 'settlement', row, event }];
    }
    case 'ams_instruction': {
      const row = await loadInstruction(db, subject as Id<'ami'>);
      return row === null ? [] : [{ kind: 'instruction', row }];
    }
    case 'payout': {
      const payout = await findPayout(db, subject as Id<'po'>);
      const row = await instructionBehind(db, payout?.command);
      return payout === null || row === null ? [] : [{ kind: 'payout', row, payout }];
    }
    case 'registration': {
      const row = await findRegistration(db, subject as Id<'reg'>);
      return row === null ? [] : [{ kind: 'registration', row }];
    }
    case 'dispute': {
      const dispute = await findDispute(db, subject as Id<'dsp'>);
      const row = dispute === null ? null : await paidThrough(deps, dispute.order, dispute.payment);
      return dispute === null || row === null ? [] : [{ kind: 'dispute', row, dispute, event }];
    }
    case 'wallet_agreement':
      return tokenChangedBy(db, event);
    default:
      return paymentsChangedBy(db, event);
  }
}

/** Every client of the marketplace may charge with its tokens, so each is told. By now the token may have moved on. */
async function tokenChangedBy(db: Queryable, { subject, data }: RecordedEvent): Promise<readonly Changed[]> {
  const { state } = data;
  if (state !== 'active' && state !== 'ended') return [];
  const row = await findWalletAgreement(db, subject as Id<'wag'>);
  if (row === null) return [];
  const clients = (await listClients(db)).filter(({ marketplace }) => marketplace === row.marketplace);
  return clients.map((client) => ({ kind: 'authorization', row: { ...row, state }, client }));
}

async function paymentsChangedBy(db: Queryable, { type, subject, data }: RecordedEvent): Promise<readonly Changed[]> {
  if (type === 'ams_payment.closed') {
    const row = await loadAmsPayment(db, subject as Id<'amp'>);
    return row === null ? [] : [{ kind: 'payment', row }];
  }
  if (type === 'operation.answered') {
    const operation = await findOperation(db, subject as Id<'opn'>);
    const id = parseId('amr', operation?.command?.client);
    const row = id === null ? null : await loadRequest(db, id);
    return row === null ? [] : [{ kind: 'request', row }];
  }
  // Most are captured, which names the order.
  const order = parseId('ord', data.order) ?? (await findPayment(db, subject as Id<'pay'>))?.order ?? null;
  const rows = order === null ? [] : await amsPaymentsOf(db, order);
  return rows.map((row) => ({ kind: 'payment', row }));
}
