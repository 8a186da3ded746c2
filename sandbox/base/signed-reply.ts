/**
 * The server's side of signed exchanges: whether the hub made this request, and the signature under what it is answered. A request whose
 * time is more than ten minutes of wall time away is refused.
 */
import { wallNow } from '../../src/base/clock.ts';
import { timeText } from './alipay-time.ts';
import type { Caller } from './call-hub.ts';
import { hasHubKey, hubKey } from './exchange-keys.ts';
import { header, type Reply, type Request } from './http-server.ts';
import { isSignedBy, readSignatureHeader, requestTimeMs, signatureHeader } from './message-signature.ts';
import type { Store } from './store.ts';

const STALE_MS = 10 * 60_000;

export type CallerCode = 'INVALID_CLIENT' | 'KEY_NOT_FOUND' | 'INVALID_SIGNATURE';

/** Why a request is not the hub's to the participant `clientId`, or null when it is. */
export function callerRefusal(store: Store, clientId: string, request: Request): [CallerCode, string?] | null {
  const time = header(request, 'request-time');
  if (header(request, 'client-id') !== clientId) return ['INVALID_CLIENT'];
  if (!hasHubKey(store)) return ['KEY_NOT_FOUND', 'the hub has not registered a key'];
  const read = readSignatureHeader(header(request, 'signature'));
  if (read === null) return ['INVALID_SIGNATURE', 'there is no RSA256 signature'];
  const key = hubKey(store, read.version);
  if (key === null) return ['KEY_NOT_FOUND', `the hub has no key of version ${read.version}`];
  if (!isSignedBy({ path: request.path, clientId, time, body: request.body }, read.signature, key))
    return ['INVALID_SIGNATURE'];
  const asked = requestTimeMs(time);
  if (asked === null || Math.abs(wallNow() - asked) > STALE_MS)
    return ['INVALID_SIGNATURE', 'the time of the request is not of now'];
  return null;
}

export function signedReply({ clientId, key }: Caller, path: string, body: string): Reply {
  const time = timeText(wallNow());
  const signature = signatureHeader({ path, clientId, time, body }, key);
  return messageReply(body, { 'client-id': clientId, 'response-time': time, signature });
}

/** Every answer of the business is HTTP 200. */
export const messageReply = (body: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  body,
});
