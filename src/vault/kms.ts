/**
 * Key-encryption keys in a key management system, behind a protocol of two posts and one get, so that an adapter to any KMS
 * or HSM is a page of code. All with `authorization: Bearer <VAULT_KMS_TOKEN>`; bytes are base64; `context` must be bound
 * into the wrapping (additional authenticated data).
 *
 *   GET  <url>/key                                  → 200 {keyId}              the key that wraps from now on
 *   POST <url>/wrap   {plaintext, context}          → 200 {keyId, wrapped}
 *   POST <url>/unwrap {keyId, wrapped, context}     → 200 {plaintext}          422 when it does not open
 *
 * The KMS rotates by its own schedule and keeps old keys for unwrapping. What it answers is never quoted in an error.
 */
import { Fault } from '../base/fault.ts';
import { KEY_BYTES } from './envelope.ts';
import type { KeyEncryption } from './key-encryption.ts';

export interface KmsSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

const TIMEOUT_MS = 5_000;
const KEY_ID = /^[A-Za-z0-9_.:/-]{1,200}$/;

/** The KMS at that address. Nothing is asked before the first use. */
export function kmsKeys(settings: KmsSettings): KeyEncryption {
  return {
    currentKeyId: async () => keyIdIn(await ask(settings, '/key')),
    wrap: async (key, context) => {
      const answer = await ask(settings, '/wrap', { plaintext: key.toString('base64'), context });
      return { rootKeyId: keyIdIn(answer), wrapped: bytesIn(answer, 'wrapped') };
    },
    unwrap: async ({ rootKeyId, wrapped }, context) => {
      const body = { keyId: rootKeyId, wrapped: wrapped.toString('base64'), context };
      const key = bytesIn(await ask(settings, '/unwrap', body), 'plaintext');
      if (key.length !== KEY_BYTES) throw malformed();
      return key;
    },
  };
}

type Answer = Readonly<Record<string, unknown>>;

async function ask({ url, token }: KmsSettings, path: string, body?: Answer): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}${path}`, { ...post, headers, signal, redirect: 'manual' });
    status = response.status;
    text = await response.text();
  } catch {
    // Without the cause: its text may hold what was sent, which here are keys.
    throw new Fault('kms_unreachable', 'the KMS gave no answer', { retryable: true });
  }
  if (status === 422) throw new Fault('cannot_open', 'the KMS cannot open this key', { retryable: false });
  if (status !== 200) throw new Fault('kms_refused', `the KMS answered ${status}`, { retryable: status >= 500 });
  return parse(text);
}

function parse(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer as Answer;
  } catch {
    // Malformed, as any other answer that is no object.
  }
  throw malformed();
}

function keyIdIn({ keyId }: Answer): string {
  if (typeof keyId !== 'string' || !KEY_ID.test(keyId)) throw malformed();
  return keyId;
}

function bytesIn(answer: Answer, name: string): Buffer {
  const value = answer[name];
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) throw malformed();
  return Buffer.from(value, 'base64');
}

const malformed = (): Fault => new Fault('kms_malformed', 'the answer of the KMS is malformed', { retryable: false });
