/** A PostgreSQL of a benchmark's own: the embedded server with the product's settings, in a temporary folder. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeEmbeddedData } from '../../src/db/embedded-location.ts';
import { type Connection, startEmbeddedServer } from '../../src/db/embedded-server.ts';
import { migrate, type RoleUrls } from '../../src/db/migrate.ts';

export interface BenchServer {
  /** Process id of the postmaster, for its CPU time. */
  readonly pid: number;
  /** A fresh, migrated database. */
  createDatabase(name: string): Promise<BenchDatabase>;
  /** A copy of a database that nobody is connected to. */
  clone(original: BenchDatabase, name: string): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase extends RoleUrls {
  /** The superuser's way in: for naive baselines, statistics and bulk loads. */
  readonly owner: string;
  drop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  chmodSync(folder, 0o755); // as root, the user postgres has to pass
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data') }).catch((error: unknown) => {
    removeEmbeddedData(folder);
    throw error;
  });
  return {
    pid: server.pid as number,
    createDatabase: (name) => createDatabase(server.connection, name),
    clone: (original, name) => clone(server.connection, original, name),
    stop: async () => {
      await server.stop();
      removeEmbeddedData(folder);
    },
  };
}

async function createDatabase(connection: Connection, name: string): Promise<BenchDatabase> {
  await asOwner(urlOf(connection, 'postgres'), `create database ${name}`);
  const owner = urlOf(connection, name);
  return describe(connection, name, owner, await migrate(owner));
}

async function clone(connection: Connection, original: BenchDatabase, name: string): Promise<BenchDatabase> {
  const from = new URL(original.owner).pathname.slice(1);
  await asOwner(urlOf(connection, 'postgres'), `create database ${name} template ${from} strategy file_copy`);
  const renamed = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).toString();
  const { app, vault } = original;
  return describe(connection, name, urlOf(connection, name), { app: renamed(app), vault: renamed(vault) });
}

const describe = (connection: Connection, name: string, owner: string, roles: RoleUrls): BenchDatabase => ({
  ...roles,
  owner,
  drop: () => asOwner(urlOf(connection, 'postgres'), `drop database ${name} with (force)`),
});

const urlOf = ({ user, password, host, port }: Connection, database: string): string =>
  `postgres://${user}:${password}@${host}:${port}/${database}`;

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
