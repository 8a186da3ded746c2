/** All SQL of codes and shops. */
import type { Id } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { findRows, loadRow } from '../../db/state-table.ts';
import { type Page, type Participant, participants } from '../../parties/index.ts';
import { type HubCode, type HubPayment, hubCodes, hubPayments, type Shop, shops } from '../hub-payment.ts';

export const findCode = (db: Queryable, id: Id<'hcd'>): Promise<HubCode | null> => loadRow(db, hubCodes, id);

/** What is drawn is what is found: a code has one value for ever. */
export async function findCodeByValue(db: Queryable, value: string): Promise<HubCode | null> {
  return (await findRows(db, hubCodes, 'value = $1', [value]))[0] ?? null;
}

/** Printed codes of a shop, oldest first, retired ones too. */
export const storeCodesOf = (db: Queryable, shop: Id<'shp'>): Promise<readonly HubCode[]> =>
  findRows(db, hubCodes, "shop = $1 and data ->> 'kind' = 'store' order by id", [shop]);

export const codesOfShop = (db: Queryable, shop: Id<'shp'>): Promise<readonly HubCode[]> =>
  findRows(db, hubCodes, 'shop = $1 order by id', [shop]);

export const loadShop = (db: Queryable, id: Id<'shp'>): Promise<Shop | null> => loadRow(db, shops, id);

export async function findShop(db: Queryable, acquirer: Id<'ptc'>, merchantId: string): Promise<Shop | null> {
  return (await findRows(db, shops, 'shop_key = $1', [shopKey(acquirer, merchantId)]))[0] ?? null;
}

/** As the database makes it of the row. */
export const shopKey = (acquirer: Id<'ptc'>, merchantId: string): string => `${acquirer}:${merchantId}`;

const NEWEST = 'f'.repeat(32);

/** Newest first; of one acquirer, or all when null. */
export const listShops = (db: Queryable, acquirer: Id<'ptc'> | null, page: Page): Promise<readonly Shop[]> =>
  findRows(db, shops, 'id < $1::uuid and ($3::text is null or acquirer = $3) order by id desc limit $2', [
    page.before ?? NEWEST,
    page.limit,
    acquirer,
  ]);

/** Everybody who pays shops, by the name in messages: few, and all are asked whose a code is. */
export const listAcquirers = (db: Queryable): Promise<readonly Participant[]> =>
  findRows(db, participants, "jsonb_typeof(data -> 'acquirer') = 'object' order by participant_id", []);

export const loadPayment = (db: Queryable, id: Id<'hpy'>): Promise<HubPayment | null> => loadRow(db, hubPayments, id);

/** By the acquirer's id of it, or ours for a payment that a person began. */
export async function findPaymentByRequest(
  db: Queryable,
  acquirer: Id<'ptc'>,
  requestId: string,
): Promise<HubPayment | null> {
  return (await findRows(db, hubPayments, 'request_key = $1', [`${acquirer}:${requestId}`]))[0] ?? null;
}
