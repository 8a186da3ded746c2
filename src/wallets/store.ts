/** All SQL of payments through the hub, their refunds and notifications. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import type { Page } from '../parties/index.ts';
import { type HubPayment, type HubRefund, hubPayments, hubRefunds } from './hub-payment.ts';

export const loadHubPayment = (db: Queryable, id: Id<'hpy'>): Promise<HubPayment | null> =>
  loadRow(db, hubPayments, id);

export interface HubPaymentList {
  readonly wallet: Id<'ptc'> | null;
  readonly acquirer: Id<'ptc'> | null;
  /** All when none is named. */
  readonly states: readonly string[];
  readonly page: Page;
}

/** Newest first; of one wallet, one acquirer, some states. The indexes by wallet and by acquirer have the order. */
export const listHubPayments = (db: Queryable, wanted: HubPaymentList): Promise<readonly HubPayment[]> =>
  findRows(
    db,
    hubPayments,
    `id < $1::uuid and ($3::text is null or wallet = $3) and ($4::text is null or acquirer = $4)
      and (cardinality($5::text[]) = 0 or state = any ($5)) order by id desc limit $2`,
    [wanted.page.before ?? NEWEST, wanted.page.limit, wanted.wallet, wanted.acquirer, wanted.states],
  );

const NEWEST = 'f'.repeat(32);

export interface RequestName {
  readonly acquirer: Id<'ptc'>;
  readonly requestId: string;
}

/** By the acquirer's own name for it. */
export async function findHubPayment(db: Queryable, { acquirer, requestId }: RequestName): Promise<HubPayment | null> {
  return (await findRows(db, hubPayments, 'request_key = $1', [`${acquirer}:${requestId}`]))[0] ?? null;
}

/** By our reference, under which its wallet knows it. */
export async function findByReference(db: Queryable, reference: string): Promise<HubPayment | null> {
  return (await findRows(db, hubPayments, 'reference = $1', [reference]))[0] ?? null;
}

export const loadHubRefund = (db: Queryable, id: Id<'hrf'>): Promise<HubRefund | null> => loadRow(db, hubRefunds, id);

export async function findHubRefund(db: Queryable, { acquirer, requestId }: RequestName): Promise<HubRefund | null> {
  return (await findRows(db, hubRefunds, 'request_key = $1', [`${acquirer}:${requestId}`]))[0] ?? null;
}

/** Of a payment, oldest first. */
export const hubRefundsOf = (db: Queryable, payment: Id<'hpy'>): Promise<readonly HubRefund[]> =>
  findRows(db, hubRefunds, 'payment = $1 order by id', [payment]);

/**
 * What one person of a wallet has paid since an instant, and may still be paying, less what came back; in the wallet's currency.
 * Other currencies, of before the wallet changed its own, do not count.
 */
export async function spentSince(
  db: Queryable,
  person: { readonly wallet: Id<'ptc'>; readonly customerId: string },
  since: Instant,
  currency: Currency,
): Promise<Money> {
  const { rows } = await db.query<{ spent: bigint }>(
    `select coalesce(sum((p.data #>> '{price,payTo,value}')::bigint - coalesce(r.back, 0)), 0)::bigint as spent
       from hub_payments p
       left join lateral (
         select sum((data #>> '{payBack,value}')::bigint) as back from hub_refunds
          where payment = 'hpy_' || replace(p.id::text, '-', '') and state = 'refunded') r on true
      where p.payer = $1 and p.state in ('in_process', 'paid')
        and coalesce(p.data ->> 'paidAt', p.data ->> 'createdAt') >= $2 and p.data #>> '{price,payTo,currency}' = $3`,
    [`${person.wallet}:${person.customerId}`, since, currency],
  );
  return money((rows[0] as { spent: bigint }).spent, currency);
}
