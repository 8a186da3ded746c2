/**
 * One SQLite file per network. WAL with synchronous=FULL: when a transaction returns, it is on the disk, so a network that
 * is killed right after it answered still knows what it answered. Statements are prepared once and kept. Integers are read
 * as bigint (amounts are minor units), text as string.
 * Invariant: every change runs inside `transaction`, and a reply is made only after it returned.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export interface Store {
  /** All rows. The caller names the row's shape, which it knows from its own SQL. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** The first row, or null. */
  first<Row>(sql: string, ...values: SQLInputValue[]): Row | null;
  /** Runs a change; how many rows it touched. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Commits what `work` did, or nothing of it when it throws. Inside another transaction it joins that one. */
  transaction<Value>(work: () => Value): Value;
  close(): void;
}

/**
 * Opens (and creates) the file with its tables; `schema` must be written with `if not exists`. A file of an earlier version
 * is brought to this schema: a column that is new in it needs a default.
 */
export function openStore(file: string, schema: string): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000;');
  renewTables(database, schema);
  database.exec(schema);
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    // SQLite knows no row types; the SQL beside each call is what makes the shape true.
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    first: <Row>(sql: string, ...values: SQLInputValue[]) => (prepare(sql).get(...values) as Row | undefined) ?? null,
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    transaction: (work) => inTransaction(database, work),
    close: () => database.close(),
  };
}

function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  if (database.isTransaction) return work();
  database.exec('begin immediate');
  try {
    const value = work();
    database.exec('commit');
    return value;
  } catch (cause) {
    if (database.isTransaction) database.exec('rollback');
    throw cause;
  }
}

/**
 * Rebuilds every table that stands in the file otherwise than in the schema, keeping the rows and the columns both know.
 * SQLite cannot change a check or a key in place; this is its documented way round (lang_altertable, section 7).
 */
function renewTables(database: DatabaseSync, schema: string): void {
  const wanted = new DatabaseSync(':memory:');
  wanted.exec(schema);
  const known = tablesOf(database);
  const stale = [...tablesOf(wanted)].filter(([name, sql]) => known.has(name) && known.get(name) !== sql);
  const columnsOf = (of: DatabaseSync, table: string): string[] =>
    of
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row.name));
  if (stale.length > 0) {
    database.exec('pragma foreign_keys = off');
    inTransaction(database, () => {
      for (const [name, sql] of stale) {
        const before = columnsOf(database, name);
        const shared = columnsOf(wanted, name)
          .filter((column) => before.includes(column))
          .join(', ');
        database.exec(`create table renewed_${name} ${sql}`);
        database.exec(`insert into renewed_${name} (${shared}) select ${shared} from ${name}`);
        database.exec(`drop table ${name}; alter table renewed_${name} rename to ${name}`);
      }
    });
    database.exec('pragma foreign_keys = on');
  }
  wanted.close();
}

/** What stands after a table's name in its definition, by name. */
function tablesOf(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare(`select name, sql from sqlite_master where type = 'table'`).all();
  return new Map(rows.map((row) => [String(row.name), String(row.sql).slice(String(row.sql).indexOf('('))]));
}
