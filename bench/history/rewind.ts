/**
 * Takes a world back to where it was before a load, so that every round starts from the same one: what came after the mark
 * goes, balances and rows are as they were. The owner of the database may; nobody else can delete an event.
 */
import pg from 'pg';
import type { BenchDatabase } from '../support/database.ts';

export interface Mark {
  rewind(): Promise<void>;
}

/** Remembers the state rows and the head. */
export async function markWorld({ owner }: BenchDatabase): Promise<Mark> {
  await run(
    owner,
    `create table kept_payments as select id, version, state, data from payments;
     create table kept_orders as select id, version, state, data from orders;
     create table kept_head as table journal_head;`,
  );
  return {
    rewind: () =>
      run(owner, REWIND, 'vacuum accounts, transfers, journal_events, commands', 'analyze payments, orders'),
  };
}

const REWIND = `
  update accounts a set debits = a.debits - s.debits, credits = a.credits - s.credits
    from (select id, sum(debits)::bigint as debits, sum(credits)::bigint as credits from (
            select debit as id, amount as debits, 0 as credits from transfers where seq > (select seq from kept_head)
            union all select credit, 0, amount from transfers where seq > (select seq from kept_head)) s group by id) s
   where a.id = s.id;
  delete from transfers where seq > (select seq from kept_head);
  delete from journal_events where seq > (select seq from kept_head);
  delete from account_checkpoints where seq > (select seq from kept_head);
  update journal_head h set seq = k.seq, at = k.at from kept_head k;
  truncate commands, jobs, payments, orders;
  insert into payments (id, version, state, data) table kept_payments;
  insert into orders (id, version, state, data) table kept_orders;`;

async function run(owner: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
