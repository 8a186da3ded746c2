/** All SQL of registrations. */
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Registration, registrations } from './registration.ts';

export const findRegistration = (db: Queryable, id: Id<'reg'>): Promise<Registration | null> =>
  loadRow(db, registrations, id);

export const liveKey = (registrar: string, reference: string): string => `${registrar}:${reference}`;
export const loginKey = (marketplace: Id<'mkt'>, loginId: string): string => `${marketplace}:${loginId.toLowerCase()}`;

/** The registration of a seller that has not failed, by the registrar's own name for it. */
export async function findLiveRegistration(
  db: Queryable,
  registrar: string,
  reference: string,
): Promise<Registration | null> {
  return (await findRows(db, registrations, 'live_key = $1', [liveKey(registrar, reference)]))[0] ?? null;
}

export async function findRegistrationByLogin(
  db: Queryable,
  marketplace: Id<'mkt'>,
  loginId: string,
): Promise<Registration | null> {
  return (await findRows(db, registrations, 'login_key = $1', [loginKey(marketplace, loginId)]))[0] ?? null;
}

/** The registrar's name of a seller that was registered through it; null for others. */
export async function referenceOfSeller(db: Queryable, registrar: string, seller: Id<'sel'>): Promise<string | null> {
  const rows = await findRows(
    db,
    registrations,
    "state = 'successful' and data ->> 'registrar' = $1 and data ->> 'seller' = $2",
    [registrar, seller],
  );
  return rows[0]?.reference ?? null;
}

export interface RegistrationFilter {
  readonly states: readonly string[];
  readonly before: string;
  readonly limit: number;
}

/** Newest first. */
export const listRegistrations = (
  db: Queryable,
  { states, before, limit }: RegistrationFilter,
): Promise<readonly Registration[]> =>
  findRows(
    db,
    registrations,
    'id < $1::uuid and (cardinality($2::text[]) = 0 or state = any ($2)) order by id desc limit $3',
    [before, states, limit],
  );
