/** All SQL of payments, operations and refunds. */
import type { Instant } from '../base/clock.ts';
import { type Id, parseId, uuidOf } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, findRowsBy, loadRow } from '../db/state-table.ts';
import { type Agreement, agreements } from './agreement.ts';
import { type Operation, operations } from './operation.ts';
import { type Payment, payments, type Refund, refunds } from './payment.ts';

export const findPayment = (db: Queryable, id: Id<'pay'>): Promise<Payment | null> => loadRow(db, payments, id);
export const findOperation = (db: Queryable, id: Id<'opn'>): Promise<Operation | null> => loadRow(db, operations, id);
export const findRefund = (db: Queryable, id: Id<'ref'>): Promise<Refund | null> => loadRow(db, refunds, id);

export const findAgreement = (db: Queryable, id: Id<'agr'>): Promise<Agreement | null> => loadRow(db, agreements, id);

/** Those of the ids that are ours. */
export const findAgreements = (db: Queryable, ids: readonly string[]): Promise<readonly Agreement[]> =>
  findRows(db, agreements, 'id = any ($1::uuid[])', [ids.map((id) => parseId('agr', id)).flatMap(uuidsOf)]);

const uuidsOf = (id: Id<'agr'> | null): readonly string[] => (id === null ? [] : [uuidOf(id)]);

/** The agreement a stored card is kept under. */
export async function findAgreementByCard(db: Queryable, token: Id<'tok'>): Promise<Agreement | null> {
  return (await findRows(db, agreements, 'card_token = $1', [token]))[0] ?? null;
}

export async function findOperationByReference(db: Queryable, reference: string): Promise<Operation | null> {
  return (await findRowsBy(db, operations, 'reference', reference))[0] ?? null;
}

export const operationsOf = (db: Queryable, payment: Id<'pay'>): Promise<readonly Operation[]> =>
  findRowsBy(db, operations, 'payment', payment);

/** Whose something of a network is. */
export interface Paid {
  readonly payment: Id<'pay'>;
  readonly order: Id<'ord'>;
}

/** What each of a network's ids is about: of whole payments, and of what was captured, refunded or given back of them. */
export async function paidUnder(
  db: Queryable,
  network: Id<'net'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Paid>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Paid & { readonly id: string }>(
    `select network_id as id, payment, data ->> 'order' as "order"
       from operations where network_id = any ($2) and data ->> 'network' = $1
     union
     select renewed_network_id, 'pay_' || replace(id::text, '-', ''), order_id
       from payments where renewed_network_id = any ($2) and data ->> 'network' = $1`,
    [network, ids],
  );
  return paidOf(rows);
}

/** By the id that each was found under. */
export const paidOf = (rows: readonly (Paid & { readonly id: string })[]): ReadonlyMap<string, Paid> =>
  new Map(rows.map(({ id, payment, order }) => [id, { payment, order }]));

export const refundsOf = (db: Queryable, payment: Id<'pay'>): Promise<readonly Refund[]> =>
  findRowsBy(db, refunds, 'payment', payment);

export const paymentsOf = (db: Queryable, order: Id<'ord'>): Promise<readonly Payment[]> =>
  findRowsBy(db, payments, 'order_id', order);

/** What was declined of one card since `since` (business time), also where another try then went well. */
export async function declinesOfCard(
  db: Queryable,
  { marketplace, fingerprint, since }: { marketplace: Id<'mkt'>; fingerprint: string; since: Instant },
): Promise<readonly { readonly amount: Money; readonly at: Instant }[]> {
  const found = await findRows(
    db,
    payments,
    `declined_card = $1 and marketplace = $2
      and data ->> 'createdAt' > $3 order by id desc limit 200`,
    [fingerprint, marketplace, since],
  );
  return found.flatMap(({ amount, createdAt, state, tries }) => [
    ...tries.map(({ at }) => ({ amount, at })),
    ...(state === 'declined' ? [{ amount, at: createdAt }] : []),
  ]);
}

export interface PaymentFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly order: Id<'ord'> | null;
  readonly states: readonly string[];
  readonly before: string;
  readonly limit: number;
}

export const listPayments = (db: Queryable, filter: PaymentFilter): Promise<readonly Payment[]> =>
  findRows(
    db,
    payments,
    `id < $1::uuid and ($2::text is null or marketplace = $2) and ($3::text is null or order_id = $3)
      and (cardinality($4::text[]) = 0 or state = any ($4)) order by id desc limit $5`,
    [filter.before, filter.marketplace, filter.order, filter.states, filter.limit],
  );

/** Operations without a final outcome that were sent before `sentBefore` (business time), oldest first. */
export const openOperations = (db: Queryable, sentBefore: Instant): Promise<readonly Operation[]> =>
  findRows(db, operations, "state in ('sent', 'pending', 'unknown') and data ->> 'sentAt' <= $1 order by id", [
    sentBefore,
  ]);
