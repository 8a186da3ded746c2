/**
 * How often a person had a campaign that limits it. A row for each person and campaign, changed in the unit that grants the
 * discount: of two payments of one person at once, the second finds the row changed and is decided again.
 */
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, type StateRow, stateTable } from '../db/state-table.ts';
import { absent, insert, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Campaign } from './campaign.ts';

export interface PersonUse extends StateRow {
  readonly id: Id<'cpu'>;
  readonly state: 'counted';
  readonly campaign: Id<'cmp'>;
  /** Of the hub: wallet and its customer; of orders: the buyer. */
  readonly person: string;
  readonly uses: number;
}

export const personUses = stateTable<PersonUse>('person_uses', 'cpu');

/** A person with what was counted of him, as it was read for a decision. */
export interface Person {
  readonly key: string;
  readonly rows: readonly PersonUse[];
}

/** Who a wallet's customer is, over all payments. */
export const walletPerson = (wallet: Id<'ptc'>, customerId: string): string => `${wallet}:${customerId}`;

export async function readPerson(db: Queryable, key: string): Promise<Person> {
  return { key, rows: await findRows(db, personUses, 'person = $1', [key]) };
}

/** For discountsFor. */
export const usesOf = ({ rows }: Person): ReadonlyMap<Id<'cmp'>, number> =>
  new Map(rows.map(({ campaign, uses }) => [campaign, uses]));

/** One use more (+1), or one that came to nothing (-1), of each campaign that counts them. */
export function countingUses(person: Person | null, limited: readonly Pick<Campaign, 'id'>[], by: 1 | -1): UnitPart {
  if (person === null) return part({});
  const parts = limited.map(({ id }) => countingUse(person, id, by));
  return part({
    events: parts.flatMap(({ events }) => events),
    writes: parts.flatMap(({ writes }) => writes),
    guards: parts.flatMap(({ guards }) => guards),
  });
}

function countingUse({ key, rows }: Person, campaign: Id<'cmp'>, by: 1 | -1): UnitPart {
  const row = rows.find((each) => each.campaign === campaign);
  if (row === undefined && by === -1) return part({});
  const uses = (row?.uses ?? 0) + by;
  const id = row?.id ?? newId('cpu');
  const counted = event('campaign.use_counted', id, { campaign, person: key, uses });
  if (row !== undefined) return part({ events: [counted], writes: [update(personUses, row, { uses })] });
  const first: PersonUse = { id, version: 1, state: 'counted', campaign, person: key, uses };
  const guards = [absent(personUses, 'use_key', `${campaign}:${key}`)];
  return part({ events: [counted], writes: [insert(personUses, first)], guards });
}
