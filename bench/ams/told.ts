/** The clients' side of notifications inside the server's process: every one is acknowledged at once, and counted. */
import type { NetworkHttp } from '../../src/connectors/ports/network-http.ts';

const ACKNOWLEDGED = Buffer.from(
  JSON.stringify({ result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' } }),
  'utf8',
);

export interface Told extends NetworkHttp {
  /** Resolves when so many were told since the process began. */
  until(count: number): Promise<void>;
}

export function countTold(): Told {
  let told = 0;
  let waiting: { readonly count: number; resolve(): void } | null = null;
  return {
    send: async ({ headers }) => {
      if (headers?.signature === undefined) throw new Error('a notification without a signature');
      told += 1;
      if (waiting !== null && told >= waiting.count) waiting.resolve();
      return { status: 200, headers: {}, body: ACKNOWLEDGED };
    },
    until: (count) =>
      new Promise((resolve) => {
        if (told >= count) resolve();
        else waiting = { count, resolve };
      }),
  };
}
