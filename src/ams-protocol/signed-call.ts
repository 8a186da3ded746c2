/**
 * A signed call from the caller's side: what is sent, and whether what came back is believed. Only an answer of HTTP 200 that is
 * signed with a key of the other side, over the path that was called, and that holds a result, says anything; whatever else
 * came back says nothing about what was done there.
 *
 * `Client-Id` is the same in both directions: it names the relation, not the sender. The status decides what an answer means, so
 * codes that nobody knows yet are understood; three codes ask for another try whatever status they come with.
 */
import type { KeyObject } from 'node:crypto';
import { wallNow } from '../base/clock.ts';
import { type Fields, objectOf, parseFields, textOf } from './answer-fields.ts';
import { keyObjectOf } from './key-objects.ts';
import { formatTime } from './request-time.ts';
import { formatSignatureHeader, parseSignatureHeader, signMessage, verifyMessage } from './signature.ts';

/** What we sign with, and under which version the other side knows it. */
export interface OwnKey {
  readonly privateKey: KeyObject;
  readonly version: string;
}

/** Base64 of a SubjectPublicKeyInfo, by the version that signature headers name. */
export interface PublicKeyOf {
  readonly version: string;
  readonly publicKey: string;
}

export interface SignedCall {
  readonly url: string;
  readonly clientId: string;
  readonly body: string;
  readonly own: OwnKey;
  readonly otherKeys: readonly PublicKeyOf[];
}

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** S done, F refused for good, U ask again. */
export interface CallResult {
  readonly status: 'S' | 'F' | 'U';
  readonly code: string;
  readonly message: string;
}

export type Said =
  | { readonly believed: true; readonly result: CallResult; readonly fields: Fields }
  | { readonly believed: false; readonly cause: string };

/** Signs, sends, and reads the answer. Throws what `send` throws and nothing else. */
export async function callSigned(
  call: SignedCall,
  send: (headers: Readonly<Record<string, string>>) => Promise<WireAnswer>,
): Promise<Said> {
  return readAnswer(call, await send(await headersOf(call)));
}

async function headersOf({ url, clientId, body, own }: SignedCall): Promise<Readonly<Record<string, string>>> {
  const time = formatTime(wallNow());
  const message = { path: pathOf(url), clientId, time, body: Buffer.from(body, 'utf8') };
  const signature = await signMessage(message, own.privateKey);
  return {
    'content-type': 'application/json; charset=UTF-8',
    'client-id': clientId,
    'request-time': time,
    signature: formatSignatureHeader({ keyVersion: own.version, signature }),
  };
}

async function readAnswer(call: SignedCall, answer: WireAnswer): Promise<Said> {
  if (answer.status !== 200) return unbelieved(`http_${answer.status}`);
  if (!(await isSigned(call, answer))) return unbelieved('not_signed');
  const fields = parseFields(answer.body);
  const result = fields === null ? null : resultOf(fields.result);
  return fields === null || result === null ? unbelieved('malformed') : { believed: true, result, fields };
}

const unbelieved = (cause: string): Said => ({ believed: false, cause });

async function isSigned({ url, clientId, otherKeys }: SignedCall, { headers, body }: WireAnswer): Promise<boolean> {
  const header = parseSignatureHeader(headers.signature ?? '');
  if (header === null || header.algorithm !== 'RSA256' || headers['client-id'] !== clientId) return false;
  const key = otherKeys.find(({ version }) => version === header.keyVersion);
  if (key === undefined) return false;
  const message = { path: pathOf(url), clientId, time: headers['response-time'] ?? '', body };
  return verifyMessage(message, header.signature, keyObjectOf(key));
}

/** What is signed: with the query, without scheme and host. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

const ASK_AGAIN: ReadonlySet<string> = new Set([
  'PAYMENT_IN_PROCESS',
  'UNKNOWN_EXCEPTION',
  'REQUEST_TRAFFIC_EXCEED_LIMIT',
]);

/** A `result` or `paymentResult`; null when it says no status that exists. */
export function resultOf(value: unknown): CallResult | null {
  const { resultStatus, resultCode, resultMessage } = objectOf(value);
  const code = textOf(resultCode, 64);
  if (code === null || (resultStatus !== 'S' && resultStatus !== 'F' && resultStatus !== 'U')) return null;
  return {
    status: ASK_AGAIN.has(code) ? 'U' : resultStatus,
    code,
    message: textOf(resultMessage, 256) ?? '',
  };
}

/** Of a message that only has to be taken: `acknowledged`, or why it was not. */
export function acknowledgment(said: Said): string {
  if (!said.believed) return said.cause;
  return said.result.status === 'S' ? 'acknowledged' : `not_acknowledged: ${said.result.code}`;
}
