/**
 * RSA256 as the wallets do it: SHA-256 with RSA (PKCS #1 v1.5) over method, path, client, time and the bytes of the body. The
 * sandbox signs and checks by itself, so that the hub's code is never the judge of its own signatures.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

export interface Signable {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string | Buffer;
}

export interface ReadHeader {
  readonly version: string;
  readonly signature: Buffer;
}

const makePair = promisify(generateKeyPair);

export interface KeyTexts {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
}

export async function makeKeys(): Promise<KeyTexts> {
  const { privateKey, publicKey } = await makePair('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** The value of the Signature header. */
export function signatureHeader(message: Signable, { key, version }: { key: KeyObject; version: string }): string {
  const signature = encodeURIComponent(sign('RSA-SHA256', material(message), key).toString('base64'));
  return `algorithm=RSA256,keyVersion=${version},signature=${signature}`;
}

export const isSignedBy = (message: Signable, signature: Buffer, key: KeyObject): boolean =>
  verify('RSA-SHA256', material(message), key, signature);

/** Null when it is not a signature header of RSA256. Blanks and folded lines between the parts are allowed. */
export function readSignatureHeader(text: string): ReadHeader | null {
  const at = text.search(/signature\s*=/);
  if (at < 0) return null;
  const parts = new Map<string, string>();
  for (const part of text.slice(0, at).split(',')) {
    const [name = '', value = ''] = part.split('=');
    parts.set(name.trim(), value.trim());
  }
  if ((parts.get('algorithm') ?? 'RSA256') !== 'RSA256') return null;
  const written = text.slice(text.indexOf('=', at) + 1).trim();
  const base64 = written.includes('%') ? unescaped(written) : written;
  if (base64 === null || !/^[\w+/]+=*$/.test(base64)) return null;
  return { version: parts.get('keyVersion') ?? '1', signature: Buffer.from(base64, 'base64') };
}

/** Base64 of a SubjectPublicKeyInfo, or PEM; null when it is no RSA key. */
export function publicKeyOf(text: string): KeyObject | null {
  try {
    const key = text.includes('BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
}

export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem);

/** Milliseconds since 1970 of a Request-Time, or null. */
export function requestTimeMs(text: string): number | null {
  if (/^\d{13}$/.test(text)) return Number(text);
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
  if (!shape.test(text)) return null;
  // Date.parse wants a colon in the offset and takes any number of decimals.
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isFinite(ms) ? ms : null;
}

const material = ({ path, clientId, time, body }: Signable): Buffer =>
  Buffer.concat([
    Buffer.from(`POST ${path}\n${clientId}.${time}.`),
    typeof body === 'string' ? Buffer.from(body) : body,
  ]);

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
