/**
 * Plain SQL migrations, forward only. Each file of migrations/ runs once, in order, in its own transaction, recorded with
 * its hash; a file that changed after it ran stops the program. Functions (migrations/functions/) are replaced when they
 * change. The owner of the database runs them; the application and
 * the vault log in as roles of their own whose passwords derive from the owner's, so that every process of an
 * installation finds the same ones without a shared secret file.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Fault } from '../base/fault.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const FUNCTIONS = join(MIGRATIONS, 'functions');
const VAULT_SCHEMA = join(import.meta.dirname, '../vault/schema.sql');

export interface RoleUrls {
  /** For the platform: no update or delete on journal events and transfers. */
  readonly app: string;
  /** For the vault: its own schema and nothing else. */
  readonly vault: string;
}

/** Brings the database at `ownerUrl` to the newest schema. Returns the connection URLs of the two roles. */
export async function migrate(ownerUrl: string): Promise<RoleUrls> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'causeway-migrate' });
  await client.connect();
  try {
    await client.query(
      'create table if not exists schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())',
    );
    const urls = await ensureRoles(client, ownerUrl);
    for (const migration of await readMigrations()) await apply(client, migration);
    return urls;
  } finally {
    await client.end();
  }
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
  /** Runs again when its hash has changed, instead of stopping the program. */
  readonly repeatable: boolean;
}

/**
 * All migrations in order. The vault's first schema is kept beside the vault and comes before the numbered ones, some of
 * which change it. Last the functions, which are kept as they are now: they run again when they or the list of migrations
 * have changed.
 */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  const numbered = names.map((name) => ({ name, path: join(MIGRATIONS, name) }));
  const files = [{ name: 'vault/schema.sql', path: VAULT_SCHEMA }, ...numbered];
  const once = await Promise.all(files.map((file) => readSql(file, '')));
  const functions = (await readdir(FUNCTIONS)).filter((name) => name.endsWith('.sql')).sort();
  const repeated = await Promise.all(
    functions.map((name) => readSql({ name: `functions/${name}`, path: join(FUNCTIONS, name) }, String(names))),
  );
  return [...once, ...repeated.map((migration) => ({ ...migration, repeatable: true }))];
}

async function readSql({ name, path }: { name: string; path: string }, context: string): Promise<Migration> {
  const sql = await readFile(path, 'utf8');
  const sha256 = createHash('sha256').update(sql).update(context).digest('hex');
  return { name, sql, sha256, repeatable: false };
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query('lock table schema_migrations in exclusive mode');
    const { rows } = await client.query('select sha256 from schema_migrations where name = $1', [migration.name]);
    const changed = rows[0] !== undefined && rows[0].sha256 !== migration.sha256;
    if (rows[0] === undefined || (changed && migration.repeatable)) {
      await client.query(migration.sql);
      await client.query(
        `insert into schema_migrations (name, sha256) values ($1, $2)
         on conflict (name) do update set sha256 = excluded.sha256, applied_at = clock_timestamp()`,
        [migration.name, migration.sha256],
      );
    } else if (changed) {
      throw new Fault('migration_changed', `migration ${migration.name} differs from the one that ran here`, {
        retryable: false,
      });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function ensureRoles(client: pg.Client, ownerUrl: string): Promise<RoleUrls> {
  return {
    app: await ensureRole(client, ownerUrl, 'causeway_app'),
    vault: await ensureRole(client, ownerUrl, 'causeway_vault'),
  };
}

async function ensureRole(client: pg.Client, ownerUrl: string, role: string): Promise<string> {
  const url = new URL(ownerUrl);
  const password = Buffer.from(
    hkdfSync('sha256', decodeURIComponent(url.password), 'causeway roles', role, 24),
  ).toString('base64url');
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  // Two databases of one server share roles: a concurrent creation is fine, the password is the same.
  if (rowCount === 0) await client.query(`create role ${role} login`).catch(ignoreDuplicate);
  await withRetry(() => client.query(`alter role ${role} login password '${password}'`));
  url.username = role;
  url.password = password;
  return url.toString();
}

/** Two programs altering one role at once meet "tuple concurrently updated"; the second try finds it done. */
async function withRetry(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt >= 5 || !String(error).includes('concurrently updated')) throw error;
    }
  }
}

function ignoreDuplicate(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== '42710' && code !== '23505') throw error;
}
