/**
 * State rows. Every noun that changes through the journal lives in a table of one shape: id, version, state, and a JSON
 * document with the rest; columns that queries need are generated from the document. One shape is what lets commit()
 * write rows of any table in one statement per batch (ADR 0003).
 */

import { type IdPrefix, idFromUuid, uuidOf } from '../base/ids.ts';
import { fromJson } from '../base/json.ts';
import type { Queryable } from './pool.ts';
import { findRaw } from './row-finds.ts';
import { loadRaw, type RawRow } from './row-loads.ts';

export interface StateRow {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

export interface StateTable<Row extends StateRow> {
  readonly name: string;
  readonly prefix: IdPrefix;
  /** Phantom: carries the row type. */
  readonly row?: Row;
}

export const stateTable = <Row extends StateRow>(name: string, prefix: IdPrefix): StateTable<Row> => ({ name, prefix });

/** The row with this id, or null. Asked for together, rows come together (row-loads.ts). */
export async function loadRow<Row extends StateRow>(
  db: Queryable,
  table: StateTable<Row>,
  id: Row['id'],
): Promise<Row | null> {
  const raw = await loadRaw(db, table.name, uuidOf(id));
  return raw === null ? null : decodeOnce(table, raw);
}

/** Of a row that several asked for in one lot: nobody changes a row, so they share it. */
function decodeOnce<Row extends StateRow>(table: StateTable<Row>, raw: RawRow): Row {
  const known = decoded.get(raw);
  // A raw row is of one table, whose name carries the type.
  if (known !== undefined) return known as Row;
  const row = decode(table, raw);
  decoded.set(raw, row);
  return row;
}

const decoded = new WeakMap<RawRow, StateRow>();

/**
 * Rows where `condition` holds. The condition is SQL of the calling store with $1… parameters, never user text.
 */
export async function findRows<Row extends StateRow>(
  db: Queryable,
  table: StateTable<Row>,
  condition: string,
  values: unknown[],
): Promise<readonly Row[]> {
  const sql = `select id, version, state, data from ${table.name} where ${condition}`;
  const { rows } = await db.query<RawRow>(sql, values);
  return rows.map((row) => decode(table, row));
}

/** Rows whose generated, indexed column has this value, by id. Asked for together, they come together (row-finds.ts). */
export async function findRowsBy<Row extends StateRow>(
  db: Queryable,
  table: StateTable<Row>,
  column: string,
  value: string,
): Promise<readonly Row[]> {
  return (await findRaw(db, table.name, column, value)).map((row) => decodeOnce(table, row));
}

/** The document part of a row, as it is stored. */
export function documentOf(row: StateRow): Record<string, unknown> {
  const { id: _id, version: _version, state: _state, ...document } = row as StateRow & Record<string, unknown>;
  return document;
}

function decode<Row extends StateRow>(table: StateTable<Row>, raw: RawRow): Row {
  const row = fromJson<Record<string, unknown>>(raw.data);
  row.id = idFromUuid(table.prefix, raw.id);
  row.version = raw.version;
  row.state = raw.state;
  return row as unknown as Row;
}
