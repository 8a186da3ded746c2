/**
 * Takes a card out of what a network says, byte for byte (latin1), whatever the answer's encoding is: digits are digits in
 * all that networks use. The number is masked also where it is split by spaces, hyphens, dots or their URL encoding, and
 * where zero bytes stand between the digits (UTF-16), or digits are escaped as JSON allows. Everything else stays as the network sent it, down to the byte.
 */

/** What must not be seen, and how much of it may be. */
export interface Secrets {
  /** The card number: its first six and last four digits may be seen (PCI DSS 3.4.1). */
  readonly number: string;
  /** The verification value that was sent, if one was: nothing of it may be seen. */
  readonly cvv: string | undefined;
}

export type Scrub = (text: string) => string;

/**
 * Texts are latin1: one character a byte. Looking for the number in all its spellings is dear, so it is looked for only
 * where it stands once everything that may be between its digits is taken away.
 */
export function scrubber({ number, cvv }: Secrets): Scrub {
  const mask = maskDigits(number.length);
  const masked = (text: string): string => {
    if (!bare(text).includes(number)) return text;
    return text.replace(new RegExp([...number].map(spellings).join(BETWEEN), 'g'), mask);
  };
  if (cvv === undefined) return masked;
  return (text) => masked(text).replace(NAMED_CODE, (code) => (bare(code) === cvv ? 'X'.repeat(cvv.length) : code));
}

/** A digit, or its escape in JSON (RFC 8259 §7), which is the same digit to whoever reads it. */
const spellings = (digit: string): string => `(?:${digit}|\\\\u003${digit})`;

/** Without what BETWEEN lets stand between digits, and with escapes resolved: more is taken away than need be. */
const bare = (text: string): string => text.replace(/\\u003(?=\d)|%20|%2[dD]|[\s.\-\0+\xc2\xa0]/g, '');

/** A few of these may stand between two digits. */
const BETWEEN = '(?:[\\s.\\-\\0+]|\\xc2?\\xa0|%20|%2[dD]){0,4}';
/**
 * Three or four digits are looked for only under the names that card interfaces give them: anywhere else they would be part
 * of an amount or an id.
 */
const NAMED_CODE =
  /(?<="[^"]*(?:cvv|cvc|cvn|cid|csc|security_?code|verification_?(?:code|value))[^"]*"\s*:\s*"?)(?:\d|\\u003\d){3,4}(?!\d)/gi;

const maskDigits =
  (length: number) =>
  (match: string): string => {
    let seen = 0;
    return match.replace(/%2[0dD]|\\u003\d|\d/g, (piece) => {
      if (piece.startsWith('%')) return piece;
      seen += 1;
      return seen <= 6 || seen > length - 4 ? piece : 'X';
    });
  };
