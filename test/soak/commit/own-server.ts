/** A PostgreSQL of a soak's own: the embedded server with the product's settings and a migrated database in a temporary folder. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedData } from '../../../src/db/embedded-location.ts';
import { startEmbeddedServer } from '../../../src/db/embedded-server.ts';
import { migrate, type RoleUrls } from '../../../src/db/migrate.ts';

export interface OwnServer extends RoleUrls {
  readonly dataDir: string;
  /** The superuser's way in. */
  readonly owner: string;
  /** How often PostgreSQL was started again. */
  restarts(): number;
  /** Stops it and removes everything. */
  end(): Promise<void>;
}

/** `folder`: an empty one that everybody may pass, instead of one in the system's place for temporary files. */
export async function startOwnServer(folder = newFolder()): Promise<OwnServer> {
  const dataDir = join(folder, 'data');
  let restarts = 0;
  const onRestart = (): void => {
    restarts += 1;
  };
  const server = await startEmbeddedServer({ dataDir, onRestart }).catch((error: unknown) => {
    removeEmbeddedData(folder);
    throw error;
  });
  const end = async (): Promise<void> => {
    await server.stop();
    removeEmbeddedData(folder);
  };
  const { user, password, host, port, database } = server.connection;
  const owner = `postgres://${user}:${password}@${host}:${port}/${database}`;
  try {
    return { ...(await migrate(owner)), dataDir, owner, restarts: () => restarts, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-soak-'));
  chmodSync(folder, 0o755); // as root, the user postgres has to pass
  return folder;
}
