/**
 * The other side of signed messages, in memory: it keeps what it was asked, and answers from a script, signed by node:crypto
 * directly, so that our own signing never judges itself.
 */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { NetworkHttp, NetworkRequest, NetworkResponse } from '../../src/connectors/ports/network-http.ts';

export type Body = Record<string, unknown>;

/** How an answer is made wrong. */
export interface Wrong {
  readonly status?: number;
  /** Signed over this instead of the body. */
  readonly signedBody?: string;
  readonly keyVersion?: string;
  readonly clientId?: string;
  readonly path?: string;
  readonly unsigned?: boolean;
}

type Reply = Body | string | Error | readonly [Body | string, Wrong];

export interface SignedParty {
  readonly http: NetworkHttp;
  readonly keys: readonly { readonly version: string; readonly publicKey: string }[];
  /** What was asked, in order; each was signed by us, or the test fails there. */
  readonly asked: readonly { readonly path: string; readonly body: Body; readonly request: NetworkRequest }[];
  /** The next answers, in order. An Error is thrown instead. */
  answer(...replies: readonly Reply[]): void;
}

const PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });
const OURS = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What the side under test signs with. */
export const OWN_KEY = { privateKey: OURS.privateKey, version: '1' };
export const TIME = '2026-11-28T17:00:00+08:00';
export const S = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
export const result = (resultStatus: 'S' | 'F' | 'U', resultCode: string, resultMessage = ''): Body => ({
  resultCode,
  resultStatus,
  resultMessage,
});

export function signedParty(clientId: string): SignedParty {
  const asked: { path: string; body: Body; request: NetworkRequest }[] = [];
  const queue: Reply[] = [];
  return {
    asked,
    keys: [{ version: '1', publicKey: spki(PAIR.publicKey) }],
    answer: (...replies) => void queue.push(...replies),
    http: {
      send: async (request) => {
        const { pathname, search } = new URL(request.url);
        const path = pathname + search;
        assertSigned(request, path, clientId);
        asked.push({ path, body: JSON.parse(String(request.body)) as Body, request });
        const reply = queue.shift();
        assert.ok(reply !== undefined, `no answer scripted for ${path}`);
        if (reply instanceof Error) throw reply;
        const [body, wrong] = Array.isArray(reply) ? (reply as [Body | string, Wrong]) : [reply as Body | string, {}];
        return signed(typeof body === 'string' ? body : JSON.stringify(body), { path, clientId, ...wrong });
      },
    },
  };
}

export const spki = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' }).toString('base64');

function assertSigned({ method, headers = {}, body }: NetworkRequest, path: string, clientId: string): void {
  assert.equal(method, 'POST');
  assert.equal(headers['client-id'], clientId);
  const text = /signature=(\S+)$/.exec(headers.signature ?? '')?.[1] ?? '';
  const material = Buffer.from(`POST ${path}\n${clientId}.${headers['request-time']}.${String(body)}`);
  assert.ok(verify('sha256', material, OURS.publicKey, Buffer.from(decodeURIComponent(text), 'base64')));
}

function signed(
  body: string,
  {
    path,
    clientId,
    status = 200,
    signedBody = body,
    keyVersion = '1',
    unsigned,
  }: Wrong & { path: string; clientId: string },
): NetworkResponse {
  const material = Buffer.from(`POST ${path}\n${clientId}.${TIME}.${signedBody}`);
  const signature = encodeURIComponent(sign('sha256', material, PAIR.privateKey).toString('base64'));
  const header = `algorithm=RSA256, keyVersion=${keyVersion}, signature=${signature}`;
  const headers = { 'client-id': clientId, 'response-time': TIME, ...(unsigned === true ? {} : { signature: header }) };
  return { status, headers, body: new TextEncoder().encode(body) };
}
