/** What PostgreSQL counts itself. */
import pg from 'pg';

export interface DatabaseFigures {
  readonly commits: number;
  readonly events: number;
  readonly walBytes: number;
}

/** Since the server began, or since `before`. Counts of commits arrive with the end of the connection that made them. */
export async function databaseFigures(url: string, before?: DatabaseFigures): Promise<DatabaseFigures> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<keyof DatabaseFigures, string>>(
      `select xact_commit as commits, (select sum(seq) from journal_head) as events,
              pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as "walBytes"
         from pg_stat_database where datname = current_database()`,
    );
    const [row] = rows as [Record<keyof DatabaseFigures, string>];
    return {
      commits: Number(row.commits) - (before?.commits ?? 0),
      events: Number(row.events) - (before?.events ?? 0),
      walBytes: Number(row.walBytes) - (before?.walBytes ?? 0),
    };
  } finally {
    await client.end();
  }
}

/**
 * Fresh statistics. Autovacuum takes a minute to look at a table that has just been filled, and until then the planner
 * would join all accounts with each other for one of the ledger's laws.
 */
export async function analyze(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('analyze').finally(() => client.end());
}
