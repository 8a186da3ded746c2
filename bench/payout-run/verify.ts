/**
 * After the run, from the tables and from the files' own bytes: every seller was paid once and everything, the files say what
 * the payouts say, and every law of the ledger holds. Throws with what is wrong.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Id } from '../../src/base/ids.ts';
import { readNacha } from '../../src/connectors/ach-bank/nacha-read.ts';
import { createPool } from '../../src/db/pool.ts';
import { checkLedger } from '../../src/ledger/index.ts';

export interface Expected {
  readonly marketplace: Id<'mkt'>;
  readonly run: Id<'run'>;
  readonly sellers: number;
  readonly total: bigint;
}

/** How many files there are. */
export async function verify(ownerUrl: string, expected: Expected): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await verifyRows(client, expected);
    return await verifyFiles(client, expected);
  } finally {
    await client.end();
    await holdLaws(ownerUrl);
  }
}

async function verifyRows(client: pg.Client, { marketplace, run, sellers, total }: Expected): Promise<void> {
  const { rows } = await client.query(
    `select count(*)::int as payouts, count(distinct seller)::int as sellers, sum((data #>> '{amount,value}')::bigint)::text as total,
            count(*) filter (where state = 'filed')::int as filed, count(distinct trace)::int as traces
       from payouts where marketplace = $1`,
    [marketplace],
  );
  same('payouts', rows[0], { payouts: sellers, sellers, total: String(total), filed: sellers, traces: sellers });
  const { rows: runs } = await client.query(
    `select state, data ->> 'payouts' as payouts, data #>> '{total,value}' as total, data ->> 'sellersDone' as done
       from payout_runs where id = $1`,
    [run.slice(4)],
  );
  same('run', runs[0], { state: 'done', payouts: String(sellers), total: String(total), done: String(sellers) });
  const { rows: left } = await client.query(
    "select count(*)::int as left from accounts where name = 'seller' and debits <> credits",
  );
  same('balances', left[0], { left: 0 });
}

async function verifyFiles(client: pg.Client, { sellers, total }: Expected): Promise<number> {
  const { rows: files } = await client.query<{ name: string; entries: number; total: string; sha256: string }>(
    `select data ->> 'name' as name, (data ->> 'entries')::int as entries, data #>> '{total,value}' as total, data ->> 'sha256' as sha256
       from payout_files order by id`,
  );
  let [entries, cents] = [0, 0n];
  for (const file of files) {
    const { rows } = await client.query<{ bytes: Buffer }>('select bytes from outbound_files where name = $1', [
      file.name,
    ]);
    const { bytes } = rows[0] as { bytes: Buffer };
    const read = readNacha(bytes).batches.flatMap((batch) => batch.entries);
    const sum = read.reduce((all, { amount }) => all + amount, 0n);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    same(
      `file ${file.name}`,
      { entries: read.length, total: String(sum), sha256 },
      { entries: file.entries, total: file.total, sha256: file.sha256 },
    );
    entries += read.length;
    cents += sum;
  }
  same('files', { entries, cents: String(cents) }, { entries: sellers, cents: String(total) });
  return files.length;
}

async function holdLaws(ownerUrl: string): Promise<void> {
  const db = createPool({ url: ownerUrl, applicationName: 'bench' });
  try {
    const broken = (await checkLedger(db)).laws.filter(({ ok, alarm }) => !ok && !alarm);
    same('laws', { broken }, { broken: [] });
  } finally {
    await db.end();
  }
}

function same(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: expected ${right}, found ${left}`);
}
