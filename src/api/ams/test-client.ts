/** For tests inside the process: a client of AMS that signs with its own key. */
import { generateKeyPairSync } from 'node:crypto';
import { formatSignatureHeader, signMessage } from '../../ams-protocol/index.ts';
import { wallNow } from '../../base/clock.ts';
import type { Server } from '../server.ts';

export interface Said {
  readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage: string };
  readonly [field: string]: unknown;
}

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** To be registered as the client `C1`. */
export const publicKeyOfC1 = merchant.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** What the gateway says to a good request of `C1`. */
export async function callAsC1(server: Server, operation: string, content: object): Promise<Said> {
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
}
