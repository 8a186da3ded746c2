/**
 * Looks for card numbers where none may be: files, buffers, a whole database. Finds 12–19 digits with the prefix and a length
 * of a brand that pass Luhn: in a row or split by spaces and hyphens, in UTF-8, Latin-1 and UTF-16, URL-encoded, and as text
 * inside base64 or hex. Verification values are found where they stand behind their name (code-scan.ts). Written apart
 * from the vault, so that one mistake cannot hide in both.
 *
 * One number in ten passes Luhn. What keeps false alarms down: prefixes and lengths of brands (about 1 in 4 of what is
 * left), no digit adjoining, groupings as people write cards, and no part of a UUID, of a hexadecimal id or of a decimal
 * fraction. Blind spots, known: a number glued to further digits, split by other signs, inside a hexadecimal id, compressed
 * or encrypted. What stays ambiguous: a digest cut to 16 hexadecimal digits that has no letter, once in 40,000; ours are longer.
 *
 * Speed: four passes of regular expressions over Latin-1 text; measured 66 MB a second over lines of ids, UUIDs, hashes and
 * amounts, on one of two busy cores.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codesIn } from './code-scan.ts';

export interface CardHit {
  /** File, table, or whatever name the caller gave. */
  readonly where: string;
  /** Bytes from the beginning of what was scanned. */
  readonly at: number;
  readonly form: 'text' | 'utf-16' | 'base64' | 'hex' | 'verification value';
  /** First six and last four digits: a report must not spread what it reports. */
  readonly masked: string;
}

/** Scans bytes. There is no allow-list here: a test number in a log shows that a real one would be there, too. */
export function scanBytes(bytes: Uint8Array, where: string): CardHit[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hits: CardHit[] = [];
  for (let begin = 0; begin < buffer.length; begin += CHUNK_BYTES) {
    const from = Math.max(0, begin - MARGIN_BYTES);
    const text = buffer.toString('latin1', from, begin + CHUNK_BYTES + MARGIN_BYTES);
    for (const { at, ...found } of hitsIn(text)) {
      const place = from + at;
      if (place >= begin && place < begin + CHUNK_BYTES) hits.push({ where, at: place, ...found });
    }
  }
  return hits;
}

/** Scans one file of any size, in pieces. */
export async function scanFile(path: string, where = path): Promise<CardHit[]> {
  const file = await open(path, 'r');
  try {
    const hits: CardHit[] = [];
    const { size } = await file.stat();
    const piece = Buffer.alloc(Math.min(size, CHUNK_BYTES) + 2 * MARGIN_BYTES);
    for (let begin = 0; ; begin += CHUNK_BYTES) {
      const from = Math.max(0, begin - MARGIN_BYTES);
      const { bytesRead } = await file.read(piece, 0, piece.length, from);
      for (const { at, ...found } of hitsIn(piece.toString('latin1', 0, bytesRead))) {
        const place = from + at;
        if (place >= begin && place < begin + CHUNK_BYTES) hits.push({ where, at: place, ...found });
      }
      if (from + bytesRead <= begin + CHUNK_BYTES) return hits;
    }
  } finally {
    await file.close();
  }
}

/** Scans every file below a folder: logs, dumps, data. No allow-list. Names are scanned, too. */
export async function scanFolder(root: string): Promise<CardHit[]> {
  return scanAll(root, () => true);
}

/** Scans a source tree, without what git would not keep and without the files that exist to hold test numbers. */
export async function scanSources(root: string, isFixture = isKnownFixture): Promise<CardHit[]> {
  return scanAll(root, (path) => !/(^|\/)(\.git|node_modules|dist|data)(\/|$)/.test(path) && !isFixture(path));
}

/**
 * Files of this repository that hold public test numbers on purpose: tests, their support, the stories' buyers, and what a
 * newcomer is told to type.
 */
export const isKnownFixture = (path: string): boolean =>
  [
    'README.md',
    'src/main/first-steps.ts',
    'scripts/check/public-test-cards.ts',
    'sim/moves.ts',
    'bench/lifecycle/card.ts',
  ].includes(path) || /\.test\.tsx?$|(^|\/)test-[^/]+\.ts$|^test\/|^stories\//.test(path);

/** What of a database connection is used. */
export interface Queryable {
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** Scans every row of every table that the connection can read, as text: what a dump would hold. `onTable` hears each name. */
export async function scanDatabase(client: Queryable, onTable?: (name: string) => void): Promise<CardHit[]> {
  const hits: CardHit[] = [];
  for (const { name } of (await client.query(TABLES)).rows) {
    onTable?.(String(name));
    await client.query('begin');
    await client.query(`declare scanned no scroll cursor for select t::text as line from ${String(name)} t`);
    for (;;) {
      const { rows } = await client.query('fetch 5000 from scanned');
      if (rows.length === 0) break;
      hits.push(...scanBytes(Buffer.from(rows.map(({ line }) => String(line)).join('\n')), String(name)));
    }
    await client.query('commit');
  }
  return hits;
}

const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
   order by 1`;

/** Pieces overlap by the margin on both sides: longer than any number with separators and what is looked at around it. */
const CHUNK_BYTES = 16 * 1024 * 1024;
const MARGIN_BYTES = 4 * 1024;

async function scanAll(root: string, isWanted: (path: string) => boolean, below = ''): Promise<CardHit[]> {
  const hits: CardHit[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!isWanted(path)) continue;
    hits.push(...scanBytes(Buffer.from(entry.name), `the name of a file in ${root}`));
    if (entry.isDirectory()) hits.push(...(await scanAll(root, isWanted, path)));
    else if (entry.isFile()) hits.push(...(await scanFile(join(root, path), path)));
  }
  return hits;
}

type Found = Omit<CardHit, 'where'>;

function hitsIn(text: string): Found[] {
  const codes = codesIn(text).map(({ at }) => ({ at, form: 'verification value' as const, masked: 'XXX' }));
  return [...textHits(text), ...utf16Hits(text), ...base64Hits(text), ...hexHits(text), ...codes];
}

/** Between digits: spaces, hyphens, no-break spaces, and how URLs and forms write them. */
const BETWEEN = '(?:[ -]{1,3}|\\xc2?\\xa0|%20|%2[dD]|\\+)';
// Bounded, because a backtracking engine cannot hold a run of millions of digits; a cut shows as a digit that adjoins.
const DIGITS = new RegExp(`(?:%3\\d|\\d)(?:${BETWEEN}?(?:%3\\d|\\d)){11,200}`, 'g');

function textHits(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const end = match.index + match[0].length;
    const around = { before: text.slice(Math.max(0, match.index - 64), match.index), after: text.slice(end, end + 64) };
    for (const { offset, masked } of numbersIn(match[0], around))
      found.push({ at: match.index + offset, form: 'text', masked });
  }
  return found;
}

// Either byte order: between two digits there is one zero byte.
const WIDE_DIGITS = /\d(?:\0(?:[ -]\0){0,3}\d){11,200}/g;

function utf16Hits(text: string): Found[] {
  return [...text.matchAll(WIDE_DIGITS)].flatMap(({ 0: run, index }) => {
    const narrow = (from: number, to: number): string => text.slice(Math.max(0, from), to).replaceAll('\0', '');
    const around = { before: narrow(index - 128, index), after: narrow(index + run.length, index + run.length + 128) };
    return numbersIn(run.replaceAll('\0', ''), around).map(({ offset, masked }) => ({
      at: index + 2 * offset,
      form: 'utf-16' as const,
      masked,
    }));
  });
}

/**
 * Three digits, spaces or hyphens are one of 5 × 8 × 11 × 12 quads of base64. Twelve digits hold three whole quads at any
 * offset, and three such quads in a row come by chance once in 3 × 10^10: so nothing is decoded in vain. Lines may break
 * between quads.
 */
const QUADS = /(?:[ILMNO][CDSTijyz][AEIMQUYcgk0][0-5gtw-z](?:\r?\n)?){3,100}/g;

function base64Hits(text: string): Found[] {
  return [...text.matchAll(QUADS)].flatMap(({ 0: run, index }) => {
    const joined = (from: number, to: number): string => text.slice(Math.max(0, from), to).replace(/[\r\n]/g, '');
    const before = /(?:[\w+/-]{4}){1,3}$/.exec(joined(index - 14, index))?.[0] ?? '';
    const after = /^[\w+/-]{0,12}/.exec(joined(index + run.length, index + run.length + 14))?.[0] ?? '';
    const decoded = Buffer.from(before + run.replace(/\s/g, '') + after, 'base64').toString('latin1');
    return textHits(decoded).map(({ masked }) => ({ at: index, form: 'base64' as const, masked }));
  });
}

// Digits as hexadecimal bytes: in a row, or as \x34, 0x34, %34, "34 31".
const HEX_DIGITS = /(?:3\d|2[0dD])(?:(?:\\x|,? ?0x|[ :,%])?(?:3\d|2[0dD])){11,100}/g;

function hexHits(text: string): Found[] {
  return [...text.matchAll(HEX_DIGITS)].flatMap(({ 0: run, index }) => {
    const digits = [...run.matchAll(/3\d|2[0dD]/g)].map(([pair]) => pair).join('');
    // What stands around it in the same row of hexadecimal tells whether it is a piece of a UUID.
    const before = /(?:[0-9a-fA-F]{2})*$/.exec(text.slice(Math.max(0, index - CONTEXT), index))?.[0] ?? '';
    const end = index + run.length;
    const after = /^(?:[0-9a-fA-F]{2})*/.exec(text.slice(end, end + CONTEXT))?.[0] ?? '';
    const decoded = Buffer.from(before + digits + after, 'hex').toString('latin1');
    const [from, to] = [before.length / 2, (before.length + digits.length) / 2];
    return textHits(decoded)
      .filter(({ at }) => at >= from && at < to)
      .map(({ masked }) => ({ at: index, form: 'hex' as const, masked }));
  });
}

/** Hexadecimal digits on each side, an even number: more than a UUID has. */
const CONTEXT = 160;

interface Around {
  readonly before: string;
  readonly after: string;
}

interface InRun {
  /** Characters from the run's beginning; 0 when something in it is URL-encoded. */
  readonly offset: number;
  readonly masked: string;
}

/** The card numbers within one maximal run of digits and separators. */
function numbersIn(run: string, around: Around): InRun[] {
  const plain = run
    .replace(/%3(\d)/g, '$1')
    .replace(/%20|\+|\xc2?\xa0/g, ' ')
    .replace(/%2[dD]/g, '-');
  if (isPartOfUuid(plain, around)) return [];
  const places = [...plain.matchAll(/\d+/g)];
  const groups = places.map(([digits]) => digits);
  const found: InRun[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length <= 19; last += 1) {
      digits += groups[last];
      const [opens, closes] = [first === 0, last === groups.length - 1];
      if (!isGrouping(groups.slice(first, last + 1), opens && closes) || !isCardNumber(digits)) continue;
      // Between groups there is a separator; what else adjoins is at the ends of the run only.
      const beside = { before: opens ? around.before : '', after: closes ? around.after : '' };
      if (isPartOfNumber(beside) || (first === last && isPartOfHex(digits, beside))) continue;
      const offset = plain.length === run.length ? (places[first]?.index ?? 0) : 0;
      found.push({ offset, masked: `${digits.slice(0, 6)}…${digits.slice(-4)}` });
    }
  }
  return found;
}

/**
 * In one piece; in equal pieces with a shorter last one; or 4-6-4 and 4-6-5. Pieces of one or two digits count only when
 * nothing else stands in the row: in a table of small numbers every tenth window would pass for a card.
 */
function isGrouping(groups: readonly string[], whole: boolean): boolean {
  const sizes = groups.map((group) => group.length);
  const [size = 0, second] = sizes;
  if (sizes.length === 1) return true;
  if (size === 4 && second === 6) return sizes.length === 3;
  const even = sizes.slice(0, -1).every((each) => each === size) && (sizes.at(-1) ?? 0) <= size;
  return even && (size >= 3 || whole);
}

function isPartOfUuid(run: string, { before, after }: Around): boolean {
  const [begin, end] = [before.length, before.length + run.length];
  return [...(before + run + after).matchAll(UUID)].some(({ index }) => index < end && index + 36 > begin);
}

/** Further digits adjoin, or it stands on one side of a decimal point. */
const isPartOfNumber = ({ before, after }: Around): boolean => /\d\.?$/.test(before) || /^\.?\d/.test(after);

/** An id or digest of 24 hexadecimal digits and more; of 16, when two of them are letters. */
function isPartOfHex(digits: string, { before, after }: Around): boolean {
  const left = /[0-9a-fA-F]*$/.exec(before)?.[0] ?? '';
  const right = /^[0-9a-fA-F]*/.exec(after)?.[0] ?? '';
  const length = left.length + digits.length + right.length;
  if (!/[a-fA-F]/.test(left + right)) return false;
  // A letter beyond f before it, as in "name4111…", makes it a word and no id; "\x" and "0x" begin hexadecimal.
  const isWord = /[g-wyzG-WYZ]$/.test(before.slice(0, before.length - left.length));
  return !isWord && (length >= 24 || (length === 16 && digits.length < 15));
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Prefixes and lengths as the schemes publish them (ISO/IEC 7812 issuer identification numbers). */
const BRANDS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 18, 19] }, // Visa
  { prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(30[0-5]|3095|36|38|39)/, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { prefix: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { prefix: /^(2131|1800)/, lengths: [15] }, // JCB, of old
  { prefix: /^(62|81)/, lengths: [14, 15, 16, 17, 18, 19] }, // UnionPay
  { prefix: /^(50|5[6-8]|6)/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] }, // Maestro, Discover, RuPay, Elo, Hipercard
  { prefix: /^(220[0-4]|9792)/, lengths: [16, 17, 18, 19] }, // Mir, Troy
];

const isCardNumber = (digits: string): boolean =>
  BRANDS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits);

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = (digits.charCodeAt(digits.length - 1 - at) - 48) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
