/**
 * Finds verification values of cards (CVV, CVC, CID). Three or four digits mean nothing by themselves, so they are looked for
 * behind the names that card interfaces give them: as JSON, also inside a JSON text, as a form or a log line, URL-encoded, and
 * all of that inside base64 or hex. A value whose name is lost is a known blind spot.
 */

/** Where in a text; Latin-1. The value itself is not repeated. */
export interface CodeHit {
  readonly at: number;
}

const NAME = '(?:cvv2?|cvc2?|cvn|csc|card_?code|security_?code|card_?verification(?:_?(?:value|code|number))?)';
/** Between name and value: quotes, backslashes and spaces around one colon or equals sign, plain or URL-encoded. */
const PADDING = '(?:["\'\\\\\\s]|%22|%27|%5[cC]|%20|\\+|&quot;){0,12}';
const CODE = new RegExp(`${NAME}${PADDING}(?::|=|%3[aAdD])${PADDING}\\d{3,4}(?![\\dXx*])`, 'gi');

export function codesIn(text: string): CodeHit[] {
  return [...plainCodes(text), ...encodedCodes(text)];
}

const plainCodes = (text: string): CodeHit[] => [...text.matchAll(CODE)].map(({ index }) => ({ at: index }));

/** The names that are worth finding inside an encoding: short ones, which the longer ones do not need. */
const ENCODED_NAMES = ['cvv', 'CVV', 'cvc', 'CVC', 'Code', '_code', 'erification'];
/** Bytes on both sides of an encoded name that are decoded: the longest name, padding and value. */
const AROUND = 60;

function encodedCodes(text: string): CodeHit[] {
  const hex = [...text.matchAll(HEX_NAMES)].filter(({ index }) => {
    const run = /^[0-9a-fA-F]*/.exec(text.slice(index, index + 2 * AROUND))?.[0] ?? '';
    const before = /[0-9a-fA-F]*$/.exec(text.slice(Math.max(0, index - 2 * AROUND), index))?.[0] ?? '';
    const decode = (digits: string): string => Buffer.from(digits, 'hex').toString('latin1');
    return plainCodes(decode(before.slice(before.length % 2) + run)).length > 0;
  });
  const base64 = [...text.matchAll(BASE64_NAMES)].filter(({ index }) => {
    const around = text.slice(Math.max(0, index - AROUND), index + 2 * AROUND);
    const middle = Math.min(index, AROUND);
    const before = /[\w+/-]*$/.exec(around.slice(0, middle))?.[0] ?? '';
    const run = before + (/^[\w+/=-]*/.exec(around.slice(middle))?.[0] ?? '');
    // Where the quads begin is not known.
    return [0, 1, 2, 3].some(
      (skip) => plainCodes(Buffer.from(run.slice(skip), 'base64').toString('latin1')).length > 0,
    );
  });
  return [...hex, ...base64].map(({ index }) => ({ at: index }));
}

const HEX_NAMES = new RegExp(ENCODED_NAMES.map((name) => Buffer.from(name).toString('hex')).join('|'), 'gi');
const BASE64_NAMES = new RegExp(ENCODED_NAMES.flatMap(inBase64).join('|'), 'g');

/** The characters that do not depend on what stands around a text, at each of the three offsets. */
function inBase64(name: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + name)
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + name.length) * 8) / 6);
    return encoded.slice(first, last);
  });
}
