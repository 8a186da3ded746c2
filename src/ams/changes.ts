/**
 * Reading the journal for what clients want to know. Nothing else announces changes: a payment may be captured by the hosted
 * page, by a job that asked the network again, or by REST. The reader remembers a number, after it has made what the events
 * say; an event that is read twice makes nothing twice, for a notification has its key.
 */
import { type Id, parseId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { eventsAfter, headSeq } from '../journal/index.ts';
import { findOperation, findPayment } from '../payments/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsPayment, AmsRequest } from './rows.ts';
import { amsPaymentsOf, loadAmsPayment, loadRequest } from './store.ts';

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
] as const;

export type Changed =
  | { readonly kind: 'payment'; readonly row: AmsPayment }
  | { readonly kind: 'request'; readonly row: AmsRequest };

/** Calls `tell` for what may have changed since the last time. True when there is more to read. */
export async function readChanges(
  { journal: { db } }: Pick<AmsDeps, 'journal'>,
  tell: (changed: Changed) => Promise<void>,
): Promise<boolean> {
  if (!(await anybodyAsked(db))) return false;
  const [from, head] = await Promise.all([readerAt(db), headSeq(db)]);
  if (head <= from) return false;
  const events = await eventsAfter(db, from, PAGE, TYPES);
  const changed = await Promise.all(events.map(({ type, subject }) => changedBy(db, type, subject)));
  await Promise.all(changedOnce(changed.flat()).map(tell));
  const last = events.at(-1);
  const to = events.length === PAGE && last !== undefined ? last.seq : head;
  await db.query('update journal_readers set seq = greatest(seq, $2) where name = $1', [READER, to]);
  return events.length === PAGE;
}

/** What several events of a page changed is looked at once, as it is now. */
const changedOnce = (changed: readonly Changed[]): readonly Changed[] => [
  ...new Map(changed.map((each) => [each.row.id, each])).values(),
];

/** True while something was committed that clients have to be told of and nobody has looked at yet. */
export async function changesWait({ journal: { db } }: Pick<AmsDeps, 'journal'>): Promise<boolean> {
  if (!(await anybodyAsked(db))) return false;
  return (await eventsAfter(db, await readerAt(db), 1, TYPES)).length > 0;
}

/** An installation without AMS payments reads nothing. */
async function anybodyAsked(db: Queryable): Promise<boolean> {
  return (await db.query('select 1 from ams_payments limit 1')).rowCount !== 0;
}

async function readerAt(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ seq: bigint }>('select seq from journal_readers where name = $1', [READER]);
  return (rows[0] as { seq: bigint }).seq;
}

async function changedBy(db: Queryable, type: string, subject: string): Promise<readonly Changed[]> {
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
  const payment = await findPayment(db, subject as Id<'pay'>);
  const rows = payment === null ? [] : await amsPaymentsOf(db, payment.order);
  return rows.map((row) => ({ kind: 'payment', row }));
}
