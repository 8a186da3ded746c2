/**
 * What may be kept of an exchange. Secrets, account numbers and cardholders' addresses are replaced by name; a body that is not JSON (an ACH
 * file, a statement) is kept as its size and hash, since the file itself is stored where it belongs.
 */
import { createHash } from 'node:crypto';

const SECRET_FIELDS =
  /^(accountNumber|account_number|cvv|card_number|client_assertion|access_token|accessToken|authCode|paymentMethodId|authorization|token|expiry|secret|password|billingAddress)$/i;
const MAX_TEXT = 20_000;

/** A body as text fit to be kept. */
export function redactBody(body: string | Uint8Array | undefined, contentType: string): string | null {
  if (body === undefined || body.length === 0) return null;
  const bytes = Buffer.from(body as Uint8Array);
  if (/json/.test(contentType)) {
    try {
      return JSON.stringify(redactValue(JSON.parse(bytes.toString('utf8')))).slice(0, MAX_TEXT);
    } catch {
      return describe(bytes, 'malformed JSON');
    }
  }
  if (/x-www-form-urlencoded/.test(contentType)) {
    const fields = [...new URLSearchParams(bytes.toString('utf8'))];
    return new URLSearchParams(
      fields.map(([name, value]): [string, string] => [name, SECRET_FIELDS.test(name) ? '[removed]' : value]),
    ).toString();
  }
  return describe(bytes, contentType === '' ? 'untyped' : contentType);
}

const describe = (bytes: Uint8Array, type: string): string =>
  `[${type}, ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}]`;

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET_FIELDS.test(name) ? '[removed]' : redactValue(item)]),
  );
}

/** A JSON document inside a string (a forwarded body) is redacted as JSON; a long run of digits is not kept either way. */
function redactText(text: string): string {
  if (text.startsWith('{')) {
    try {
      return JSON.stringify(redactValue(JSON.parse(text)));
    } catch {
      // Not JSON after all: falls through to the digits rule.
    }
  }
  return text.replace(/\d{13,19}/g, '[digits]');
}
