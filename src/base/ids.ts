/**
 * Identifiers: UUIDv7 (RFC 9562 §5.7) shown as `<prefix>_<32 hex digits>`, branded by prefix so that an order id cannot
 * be passed where a payment id is meant. The time part keeps primary keys append-only; it is wall-clock time and says
 * nothing about business time.
 */
import { assert } from './assert.ts';
import { wallNow } from './clock.ts';
import { randomBytes } from './random.ts';

export type IdPrefix =
  | 'mkt'
  | 'sel'
  | 'buy'
  | 'key'
  | 'ses'
  | 'ord'
  | 'pay'
  | 'agr'
  | 'opn'
  | 'ref'
  | 'po'
  | 'pof'
  | 'run'
  | 'stl'
  | 'bnk'
  | 'net'
  | 'ln'
  | 'inb'
  | 'exc'
  | 'job'
  | 'brk'
  | 'dsp'
  | 'doc'
  | 'lnk'
  | 'amc'
  | 'amp'
  | 'amr'
  | 'amn'
  | 'dbt'
  | 'unit'
  | 'tok'
  | 'req'
  | 'sub'
  | 'stm'
  | 'stf'
  | 'fee'
  | 'fxr'
  | 'fxd'
  | 'fxv'
  | 'qte'
  | 'cnv'
  // The hub: participants, payments, refunds, codes, notifications, shops, clearing cycles, pairs, batches and files, escalations,
  // campaigns, vouchers.
  | 'ptc'
  | 'hpy'
  | 'hrf'
  | 'hcd'
  | 'hnt'
  | 'shp'
  | 'cyc'
  | 'clp'
  | 'clb'
  | 'clf'
  | 'esc'
  | 'cmp'
  | 'vch'
  // Sellers' registrations and documents, transfers between balances, agreements with wallets.
  | 'reg'
  | 'att'
  | 'trf'
  | 'wag'
  // How often a person had a campaign.
  | 'cpu'
  // What AMS clients instruct about money that is held or released, and about accounts.
  | 'ami';

export type Id<Prefix extends IdPrefix = IdPrefix> = `${Prefix}_${string}` & { readonly __id: Prefix };

const ID_PATTERN = /^([a-z]{2,4})_([0-9a-f]{32})$/;

/** A fresh id with the given prefix. */
export const newId = <Prefix extends IdPrefix>(prefix: Prefix): Id<Prefix> => `${prefix}_${uuidV7Hex()}` as Id<Prefix>;

/** The id if `text` has this prefix and form, otherwise null. */
export function parseId<Prefix extends IdPrefix>(prefix: Prefix, text: unknown): Id<Prefix> | null {
  if (typeof text !== 'string') return null;
  const match = ID_PATTERN.exec(text);
  return match !== null && match[1] === prefix ? (text as Id<Prefix>) : null;
}

/** The 32 hex digits of an id, as PostgreSQL's uuid type accepts them. */
export function uuidOf(id: string): string {
  const match = ID_PATTERN.exec(id);
  assert(match?.[2] !== undefined, `not an id: ${id}`);
  return match[2];
}

/** The id for a uuid read from the database. */
export const idFromUuid = <Prefix extends IdPrefix>(prefix: Prefix, uuid: string): Id<Prefix> =>
  `${prefix}_${uuid.replaceAll('-', '')}` as Id<Prefix>;

let lastMs = 0;
let counter = 0;

/** 32 hex digits of a UUIDv7; ids made in one process within one millisecond stay ordered (RFC 9562 §6.2, method 1). */
export function uuidV7Hex(): string {
  const now = wallNow();
  if (now > lastMs) {
    lastMs = now;
    counter = randomBytes(2).readUInt16BE(0) & 0x07ff;
  } else if (++counter > 0x0fff) {
    lastMs += 1;
    counter = 0;
  }
  const bytes = randomBytes(8);
  bytes[0] = 0x80 | ((bytes[0] as number) & 0x3f);
  return lastMs.toString(16).padStart(12, '0') + (0x7000 | counter).toString(16) + bytes.toString('hex');
}
