/**
 * The card vault's process: its own origin, schema and database role; started by the platform or by itself. Says
 * `ready vault <port>` when it listens, and ends within a second on SIGTERM, SIGINT or when its parent is gone. What is in
 * flight then is an unanswered exchange for the caller, who resolves it by inquiry.
 */
import type { AddressInfo } from 'node:net';
import { every, instant, MS_PER_DAY, sleep, wallNow } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { cvvMemory } from './cvv-memory.ts';
import { type Keyring, openKeyring, openRootKeys } from './keyring.ts';
import { logFault, takeOverLastWords } from './last-words.ts';
import { buildVaultServer } from './server.ts';
import { readVaultSettings } from './settings.ts';
import { openVaultStore, type VaultStore } from './store.ts';

const SWEEP_EVERY_MS = 30_000;
const STOP_WITHIN_MS = 800;
/**
 * Single-use tokens are deleted so long after they expired (PCI DSS 3.2.1: kept no longer than needed). Until then the
 * operation that used one may be sent again, and its masked card can be shown.
 */
const KEEP_USED_MS = 30 * MS_PER_DAY;

takeOverLastWords();

try {
  await start();
} catch (error) {
  logFault(error);
  process.exit(1);
}

async function start(): Promise<void> {
  const settings = readVaultSettings();
  const store = openVaultStore(settings.databaseUrl, logFault);
  const rootKeys = await openRootKeys(settings.keyFile, settings.kms, store);
  const keyring = await openKeyring(rootKeys, store);
  const cvvs = cvvMemory();
  const app = buildVaultServer({ ...settings, store, keyring, rootKeys, cvvs, onFault: logFault });
  every(SWEEP_EVERY_MS, async () => {
    cvvs.sweep();
    await keepHouse(store, keyring).catch(logFault);
  });
  stopOnRequest(async () => {
    await app.close();
    await store.close();
  });
  await app.listen({ port: settings.port, host: settings.host }).catch((cause: NodeJS.ErrnoException) => {
    const message = `cannot listen on ${settings.host}, VAULT_PORT ${settings.port}: ${cause.code}`;
    throw new Fault('cannot_listen', message, { retryable: false, cause });
  });
  // Listening on a port: the address has this form.
  const { port } = app.server.address() as AddressInfo;
  process.stdout.write(`ready vault ${port}\n`);
  process.send?.({ ready: true, port });
}

async function keepHouse(store: VaultStore, keyring: Keyring): Promise<void> {
  await keyring.refresh();
  await store.purge(instant(wallNow() - KEEP_USED_MS));
}

function stopOnRequest(close: () => Promise<void>): void {
  const stop = async (): Promise<void> => {
    await Promise.race([close().catch(logFault), sleep(STOP_WITHIN_MS)]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop);
}
