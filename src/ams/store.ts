/** All SQL of the AMS gateway's rows. */
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, findRowsBy, loadRow } from '../db/state-table.ts';
import { type AmsClient, type AmsPayment, type AmsRequest, amsClients, amsPayments, amsRequests } from './rows.ts';

export const loadClient = (db: Queryable, id: Id<'amc'>): Promise<AmsClient | null> => loadRow(db, amsClients, id);

/** By the name it signs with. */
export async function findClient(db: Queryable, clientId: string): Promise<AmsClient | null> {
  return (await findRowsBy(db, amsClients, 'client_id', clientId))[0] ?? null;
}

export const listClients = (db: Queryable): Promise<readonly AmsClient[]> =>
  findRows(db, amsClients, 'true order by id', []);

export const loadAmsPayment = (db: Queryable, id: Id<'amp'>): Promise<AmsPayment | null> =>
  loadRow(db, amsPayments, id);

export async function findAmsPayment(
  db: Queryable,
  { client, requestId }: { readonly client: Id<'amc'>; readonly requestId: string },
): Promise<AmsPayment | null> {
  return (await findRowsBy(db, amsPayments, 'request_key', `${client}:${requestId}`))[0] ?? null;
}

export const amsPaymentsOf = (db: Queryable, order: Id<'ord'>): Promise<readonly AmsPayment[]> =>
  findRowsBy(db, amsPayments, 'order_id', order);

export interface RequestName {
  readonly client: Id<'amc'>;
  readonly kind: AmsRequest['kind'];
  readonly requestId: string;
}

export const loadRequest = (db: Queryable, id: Id<'amr'>): Promise<AmsRequest | null> => loadRow(db, amsRequests, id);

export async function findRequest(db: Queryable, { client, kind, requestId }: RequestName): Promise<AmsRequest | null> {
  return (await findRowsBy(db, amsRequests, 'request_key', `${client}:${kind}:${requestId}`))[0] ?? null;
}

/** What was asked about a payment, oldest first. */
export const requestsOf = (db: Queryable, amsPayment: Id<'amp'>): Promise<readonly AmsRequest[]> =>
  findRowsBy(db, amsRequests, 'ams_payment', amsPayment);
