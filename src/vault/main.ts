/**
 * The card vault's process: its own origin, schema and database role; started by the platform or by itself. Says
 * `ready vault <port>` when it listens, and ends within a second on SIGTERM, SIGINT or when its parent is gone. What is in
 * flight then is an unanswered exchange for the caller, who resolves it by inquiry.
 *
 * Logs hold codes of faults and nothing else: messages of drivers and parsers may quote what they were given.
 */
import type { AddressInfo } from 'node:net';
import { every, sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { cvvMemory } from './cvv-memory.ts';
import { openKeyring } from './keyring.ts';
import { buildVaultServer } from './server.ts';
import { readVaultSettings } from './settings.ts';
import { openVaultStore } from './store.ts';

const SWEEP_EVERY_MS = 30_000;
const STOP_WITHIN_MS = 800;

// Without this, the runtime would print the message and the stack of what nobody caught.
process.on('uncaughtException', (error) => {
  logFault(error);
  process.exit(1);
});

try {
  await start();
} catch (error) {
  logFault(error);
  process.exit(1);
}

async function start(): Promise<void> {
  const settings = readVaultSettings();
  const store = openVaultStore(settings.databaseUrl, logFault);
  const keyring = await openKeyring(settings.keyFile, store);
  const cvvs = cvvMemory();
  const app = buildVaultServer({ ...settings, store, keyring, cvvs, onFault: logFault });
  every(SWEEP_EVERY_MS, async () => cvvs.sweep());
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

function stopOnRequest(close: () => Promise<void>): void {
  const stop = async (): Promise<void> => {
    await Promise.race([close().catch(logFault), sleep(STOP_WITHIN_MS)]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop);
}

/** A fault's own text is ours and says what to mend; of anything else only the code or the class is shown. */
function logFault(error: unknown): void {
  const { name, code } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { name: typeof error, code: undefined };
  const text = error instanceof Fault ? `${error.code}: ${error.message}` : (code ?? name);
  process.stderr.write(`vault fault ${text}\n`);
}
