/** Ports of this machine for programs that must know theirs before they listen. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
/** Below the ports that systems give to connections and to listeners that name none: what was free a moment ago is not given away there. */
const [FIRST, LAST] = [20_000, 31_999];
const TRIES = 50;

/** A port that was free just now, 20000 to 31999. Throws `Error` when fifty of them are taken. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port was free of ${TRIES} that were tried between ${FIRST} and ${LAST}.`);
}

/** Whether a program could listen on it on 127.0.0.1 just now. */
export async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  probe.listen({ port, host: HOST, exclusive: true });
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
