/** Inside the process: requests of the AMS client `C1`, signed. */
import { generateKeyPairSync } from 'node:crypto';
import { formatSignatureHeader, signMessage } from '../../src/ams-protocol/index.ts';
import type { Server } from '../../src/api/server.ts';
import { wallNow } from '../../src/base/clock.ts';

export interface Said {
  readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage: string };
  readonly [field: string]: unknown;
}

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What `C1` is registered with. */
export const PUBLIC_KEY_OF_C1 = merchant.publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const callerTo =
  (server: Server) =>
  async (operation: string, content: object): Promise<Said> => {
    const path = `/ams/api/v1/${operation}`;
    const [time, body] = [String(wallNow()), Buffer.from(JSON.stringify(content))];
    const signature = await signMessage({ path, clientId: 'C1', time, body }, merchant.privateKey);
    const headers = {
      'content-type': 'application/json',
      'client-id': 'C1',
      'request-time': time,
      signature: formatSignatureHeader({ keyVersion: '1', signature }),
    };
    return (await server.inject({ method: 'POST', url: path, headers, payload: body })).json() as Said;
  };
