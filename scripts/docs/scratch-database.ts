/**
 * A migrated database to look at and throw away. With TEST_DATABASE_URL (npm test sets it) it is cloned on that server;
 * without, an embedded PostgreSQL is started in a temporary folder and removed afterwards, which takes about two seconds.
 */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeEmbeddedData } from '../../src/db/embedded-location.ts';
import { startEmbeddedServer } from '../../src/db/embedded-server.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createTestDatabase, NO_DATABASE } from '../../test/support/database.ts';

/** Runs `work` with a connection of the database's owner. */
export async function withScratchDatabase<Value>(work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  if (NO_DATABASE !== false) return onEmbedded((ownerUrl) => connected(ownerUrl, work));
  const database = await createTestDatabase();
  try {
    return await connected(database.owner, work);
  } finally {
    await database.drop();
  }
}

async function onEmbedded<Value>(work: (ownerUrl: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-docs-'));
  chmodSync(folder, 0o755); // as root, the user postgres has to pass
  try {
    const server = await startEmbeddedServer({ dataDir: join(folder, 'data') });
    try {
      const { user, password, host, port, database } = server.connection;
      const ownerUrl = `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
      await migrate(ownerUrl);
      return await work(ownerUrl);
    } finally {
      await server.stop();
    }
  } finally {
    removeEmbeddedData(folder);
  }
}

async function connected<Value>(url: string, work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: url, application_name: 'causeway-docs' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
