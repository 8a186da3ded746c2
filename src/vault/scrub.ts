/**
 * Takes a card out of what a network says, byte for byte (latin1), whatever the answer's encoding is: digits are digits in
 * all that networks use. The number is masked also where it is split by spaces, hyphens, dots or their URL encoding, and
 * where zero bytes stand between the digits (UTF-16). Everything else stays as the network sent it, down to the byte.
 */

/** What must not be seen, and how much of it may be. */
export interface Secrets {
  /** The card number: its first six and last four digits may be seen (PCI DSS 3.4.1). */
  readonly number: string;
  /** The verification value that was sent, if one was: nothing of it may be seen. */
  readonly cvv: string | undefined;
}

export type Scrub = (text: string) => string;

/** Compiled once for all parts of one answer. Texts are latin1: one character a byte. */
export function scrubber({ number, cvv }: Secrets): Scrub {
  const split = new RegExp([...number].join(BETWEEN), 'g');
  const code = cvv === undefined ? null : new RegExp(`(${CODE_NAME}"\\s*:\\s*"?)${cvv}(?!\\d)`, 'gi');
  const mask = maskDigits(number.length);
  return (text) => {
    const masked = text.replace(split, mask);
    return code === null
      ? masked
      : masked.replace(code, (_match, before: string) => before + 'X'.repeat(cvv?.length ?? 0));
  };
}

/** A few of these may stand between two digits. */
const BETWEEN = '(?:[\\s.\\-\\0+]|\\xc2?\\xa0|%20|%2[dD]){0,4}';
/**
 * Three or four digits are looked for only under the names that card interfaces give them: anywhere else they would be part
 * of an amount or an id.
 */
const CODE_NAME = '"[^"]*(?:cvv|cvc|cvn|cid|csc|security_?code|verification_?(?:code|value))[^"]*';

const maskDigits =
  (length: number) =>
  (match: string): string => {
    let seen = 0;
    return match.replace(/%2[0dD]|\d/g, (piece) => {
      if (piece.length > 1) return piece;
      seen += 1;
      return seen <= 6 || seen > length - 4 ? piece : 'X';
    });
  };
