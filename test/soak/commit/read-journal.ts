/** Reading a whole journal for the proof: plain SQL on the tables, page by page, sharing nothing with the product's readers. */
import type { Pool } from '../../../src/db/pool.ts';
import { CLIENT, type ExpectedEvent, type ExpectedRow } from './order-units.ts';

export interface FoundEvent extends ExpectedEvent {
  readonly seq: bigint;
}

/** A key of the load and the seq of its unit's first event. */
export interface FoundCommand {
  readonly key: string;
  readonly seq: bigint;
  /** Closed, with the answer that belongs to this key. */
  readonly answered: boolean;
}

export interface FoundJob {
  readonly unit: string | null;
  readonly kind: string;
  readonly subject: string;
}

const PAGE = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** All of them by seq. */
export async function readCommands(db: Pool): Promise<readonly FoundCommand[]> {
  const { rows } = await db.query<FoundCommand>(
    `select key, seq, not open and answer::jsonb ->> 'unit' is not distinct from key as answered
       from commands where journal_id = 1 and client = $1 order by seq`,
    [CLIENT],
  );
  return rows;
}

/** All events by seq, each with its transfers as text. */
export async function* readEvents(db: Pool): AsyncGenerator<FoundEvent> {
  for (let after = 0n; ; ) {
    const { rows } = await db.query<FoundEvent>(
      `select e.seq, e.type, e.prefix || '_' || replace(e.subject::text, '-', '') as subject, e.version,
              array(select d.name || ' ' || d.owner || ' > ' || c.name || ' ' || c.owner || ': ' || t.amount
                      from transfers t
                      join accounts d on d.journal_id = 1 and d.id = t.debit
                      join accounts c on c.journal_id = 1 and c.id = t.credit
                     where t.journal_id = 1 and t.seq = e.seq order by t.leg) as legs
         from journal_events e where e.journal_id = 1 and e.seq > $1 order by e.seq limit $2`,
      [after, PAGE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

export const readOrders = (db: Pool): AsyncGenerator<readonly ExpectedRow[]> =>
  pages(
    db,
    `select id as page, 'ord_' || replace(id::text, '-', '') as id, version, state,
            (data #>> '{captured,value}')::bigint as captured
       from orders where id > $1 order by orders.id limit $2`,
  );

export const readJobs = (db: Pool): AsyncGenerator<readonly FoundJob[]> =>
  pages(
    db,
    `select id as page, payload ->> 'unit' as unit, kind, subject from jobs where id > $1 order by jobs.id limit $2`,
  );

/** Pages by id, of a query whose column `page` is that id. */
async function* pages<Row extends object>(db: Pool, sql: string): AsyncGenerator<readonly Row[]> {
  for (let after = FIRST_ID; ; ) {
    const { rows } = await db.query<Row & { readonly page: string }>(sql, [after, PAGE]);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.page;
  }
}
