/** The server once more, over TLS: for clients of the AMS gateway, some of which speak nothing else. */
import { createServer } from 'node:https';
import type { Server } from '../api/server.ts';
import { loadTls } from './ams-keys.ts';
import { amsTlsPortOf, type Config } from './config.ts';

export interface TlsListener {
  readonly url: string;
  stop(): void;
}

const REQUEST_TIMEOUT_MS = 120_000;

/** Null where the settings name no port. */
export async function listenTls(config: Config, server: Server): Promise<TlsListener | null> {
  const port = amsTlsPortOf(config);
  const pair = port === null ? null : loadTls(config);
  if (port === null || pair === null) return null;
  const tls = createServer({ ...pair, requestTimeout: REQUEST_TIMEOUT_MS }, server.routing);
  await new Promise<void>((resolve, reject) => {
    tls.once('error', reject);
    tls.listen(port, config.publicUrl === null ? '127.0.0.1' : '0.0.0.0', resolve);
  });
  const stop = (): void => {
    tls.closeAllConnections();
    tls.close();
  };
  return { url: `https://localhost:${(tls.address() as { port: number }).port}`, stop };
}
