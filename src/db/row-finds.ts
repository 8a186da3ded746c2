/**
 * Rows found by the value of one generated column: finds that are asked for together go to PostgreSQL as one query for a table
 * and column, as loads by id do (row-loads.ts). For columns with an index, whose values lead to one row or a handful.
 *
 * Invariant: the query is sent after the find was asked for, so a find sees every commit acknowledged before.
 */
import { gather } from '../base/gather.ts';
import { lookUp, type Queryable } from './pool.ts';
import type { RawRow } from './row-loads.ts';

const TOGETHER = { atOnce: 2, most: 500 };

type Find = (value: string) => Promise<readonly RawRow[]>;

const findsOf = new WeakMap<Queryable, Map<string, Find>>();

/** In the order of their ids. `table` and `column` are names of the calling store, never user text. */
export function findRaw(db: Queryable, table: string, column: string, value: string): Promise<readonly RawRow[]> {
  const finds = findsOf.get(db) ?? new Map<string, Find>();
  findsOf.set(db, finds);
  const name = `${table}.${column}`;
  const find =
    finds.get(name) ?? gather(TOGETHER, (values: readonly string[]) => findAll(db, { table, column }, values));
  finds.set(name, find);
  return find(value);
}

async function findAll(
  db: Queryable,
  { table, column }: { readonly table: string; readonly column: string },
  values: readonly string[],
): Promise<readonly (readonly RawRow[])[]> {
  const { rows } = await lookUp<RawRow & { readonly found: string }>(db, {
    name: `find ${table} by ${column}`,
    text: `select ${column} as found, replace(id::text, '-', '') as id, version, state, data
       from ${table} where ${column} = any ($1::text[]) order by id`,
    values: [values],
  });
  const byValue = new Map<string, RawRow[]>();
  for (const row of rows) byValue.set(row.found, [...(byValue.get(row.found) ?? []), row]);
  return values.map((value) => byValue.get(value) ?? []);
}
