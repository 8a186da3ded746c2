/**
 * A database of its own for a store test: cloned from a migrated template, so that it costs milliseconds. Needs
 * TEST_DATABASE_URL (the superuser of a running server; scripts/test.ts provides one); without it tests are skipped by name.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { uuidV7Hex } from '../../src/base/ids.ts';
import { migrate, type RoleUrls, readMigrations } from '../../src/db/migrate.ts';

export const NO_DATABASE = process.env.TEST_DATABASE_URL === undefined ? 'TEST_DATABASE_URL is not set' : false;

export interface TestDatabase extends RoleUrls {
  readonly owner: string;
  drop(): Promise<void>;
}

/** A fresh, migrated database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL as string;
  const template = await ensureTemplate(server);
  const name = `t_${uuidV7Hex()}`;
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const owner = urlOf(server, name);
  const roles = await migrate(owner);
  return {
    ...roles,
    owner,
    drop: () => onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

async function ensureTemplate(server: string): Promise<string> {
  const hash = createHash('sha256');
  for (const migration of await readMigrations()) hash.update(migration.sha256);
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  await onServer(server, async (client) => {
    await client.query('select pg_advisory_lock(4711)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await client.query(`drop database if exists ${name}_new with (force)`);
      await client.query(`create database ${name}_new`);
      await migrate(urlOf(server, `${name}_new`));
      await client.query(`alter database ${name}_new rename to ${name}`);
    }
  });
  return name;
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}
