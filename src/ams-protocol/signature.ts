/**
 * The signature of AMS and APS messages: RSA256 (RSASSA-PKCS1-v1_5 with SHA-256) over
 * `POST <path>\n<client-id>.<time>.<raw body>`, in a header `algorithm=RSA256,keyVersion=1,signature=<url-encoded base64>`.
 * Bytes are signed as they are on the wire; no body is ever written anew to be checked. Signing and verifying run on the
 * thread pool, never on the event loop.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

const signAsync = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;
const verifyAsync = promisify(verify) as (
  algorithm: string,
  data: Buffer,
  key: KeyObject,
  signature: Buffer,
) => Promise<boolean>;

export interface SignatureHeader {
  readonly algorithm: string;
  readonly keyVersion: string;
  /** Base64 or url-encoded base64, as it came. */
  readonly signature: string;
}

export interface Signed {
  /** With the query, without scheme and host. */
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Uint8Array;
}

/** Lenient about spaces and order; the signature is all that follows `signature=`. Null when it has none. */
export function parseSignatureHeader(text: string): SignatureHeader | null {
  const start = /(?:^|[,\s])signature\s*=\s*/i.exec(text);
  if (start === null) return null;
  const before = text.slice(0, start.index);
  const field = (name: string): string | undefined =>
    new RegExp(`(?:^|[,\\s])${name}\\s*=\\s*([^,\\s]+)`, 'i').exec(before)?.[1];
  const signature = text.slice(start.index + start[0].length).trim();
  if (signature === '') return null;
  return { algorithm: field('algorithm') ?? 'RSA256', keyVersion: field('keyVersion') ?? '1', signature };
}

export const formatSignatureHeader = ({ keyVersion, signature }: { keyVersion: string; signature: string }): string =>
  `algorithm=RSA256,keyVersion=${keyVersion},signature=${encodeURIComponent(signature)}`;

/** The bytes of a signature as any of the official clients writes it; null when it is not base64. */
export function signatureBytes(text: string): Buffer | null {
  // A '+' stands for itself: only what has a percent sign was encoded.
  const base64 = text.includes('%') ? decoded(text) : text;
  return base64 !== null && /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export const signedBytes = ({ path, clientId, time, body }: Signed): Buffer =>
  Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`, 'utf8'), body]);

/** The signature in base64. */
export async function signMessage(message: Signed, key: KeyObject): Promise<string> {
  return (await signAsync('sha256', signedBytes(message), key)).toString('base64');
}

/** False for a wrong one and for what is no signature at all. */
export async function verifyMessage(message: Signed, signature: string, key: KeyObject): Promise<boolean> {
  const bytes = signatureBytes(signature);
  return bytes !== null && verifyAsync('sha256', signedBytes(message), key, bytes);
}

/** Base64 of a SubjectPublicKeyInfo, as keys are exchanged, or PEM. @throws when it is neither, or not RSA */
export function readPublicKey(text: string): KeyObject {
  const key = text.includes('-----BEGIN')
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  return rsa(key);
}

/** Base64 of a PKCS #8 key, or PEM. @throws when it is neither, or not RSA */
export function readPrivateKey(text: string): KeyObject {
  const key = text.includes('-----BEGIN')
    ? createPrivateKey(text)
    : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  return rsa(key);
}

function rsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new TypeError(`an RSA key is needed, not ${key.asymmetricKeyType}`);
}
