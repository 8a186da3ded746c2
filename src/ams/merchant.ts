/** A client's own names of sellers (`referenceMerchantId`): those it was registered with, and those it registered itself. */
import { parseId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findSeller, type Seller } from '../parties/index.ts';
import { findLiveRegistration, referenceOfSeller } from '../registrations/index.ts';
import type { AmsClient } from './rows.ts';

/** The seller of the client's marketplace whom it calls so; a seller's own id is always understood. Null when there is none. */
export async function sellerNamed(db: Queryable, client: AmsClient, name: string): Promise<Seller | null> {
  const id =
    client.sellers[name] ?? parseId('sel', name) ?? (await findLiveRegistration(db, client.id, name))?.seller ?? null;
  const seller = id === null ? null : await findSeller(db, id);
  return seller !== null && seller.marketplace === client.marketplace ? seller : null;
}

/** What the client calls a seller; our own id where it has no name for it. */
export async function nameOfSeller(db: Queryable, client: AmsClient, seller: Seller['id']): Promise<string> {
  const given = Object.entries(client.sellers).find(([, id]) => id === seller)?.[0];
  return given ?? (await referenceOfSeller(db, client.id, seller)) ?? seller;
}
