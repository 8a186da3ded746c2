/**
 * A card becomes a token: checked, sealed, stored; the verification value stays in memory. A token is single-use and lasts
 * 15 minutes of wall time, long enough for a buyer to press "pay" and for the platform to begin the one operation; or, when
 * the buyer agreed to it (`store`), it is a stored card of that buyer at that marketplace, until it is deleted.
 *
 * Whoever fills in the form says who the buyer is, and the vault cannot know better. It keeps what was said, and the
 * platform uses a stored card only under an agreement that it made with that buyer itself.
 */
import { instant, wallNow } from '../base/clock.ts';
import { newId, parseId } from '../base/ids.ts';
import { type Card, parseCard } from './card.ts';
import type { CvvMemory } from './cvv-memory.ts';
import { sealNumber } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import type { FieldError, ProblemCode } from './problems.ts';
import { type Fields, readAgreement, readObject } from './shape.ts';
import type { CardRow, VaultStore } from './store.ts';

export const TOKEN_LIFETIME_MS = 15 * 60_000;

export interface TokenizeDeps {
  readonly store: VaultStore;
  readonly keyring: Keyring;
  readonly cvvs: CvvMemory;
  /** Brands that are taken, by card-validator's names. */
  readonly brands: readonly string[];
}

export type Tokenized =
  | { readonly ok: true; readonly card: CardRow }
  | { readonly ok: false; readonly code: ProblemCode; readonly errors: readonly FieldError[] };

/** For whom and under what a card is kept. */
export interface Storing {
  readonly buyer: string;
  readonly agreement: string;
  readonly madeFrom: string | null;
}

/** Handles the body of POST /v1/tokens. @throws what the store throws; then nothing is kept. */
export async function tokenize(deps: TokenizeDeps, body: unknown): Promise<Tokenized> {
  const shape: FieldError[] = [];
  const fields = readObject(body, '', ['marketplace', 'card', 'store', 'buyer', 'agreement'], shape);
  const marketplace = parseId('mkt', fields.marketplace);
  if (shape.length === 0 && marketplace === null) {
    shape.push({ pointer: '/marketplace', code: 'invalid', detail: 'Must be the id of a marketplace.' });
  }
  const storing = shape.length === 0 ? readStoring(fields, shape) : null;
  const parsed = parseCard(fields.card, deps.brands);
  if (!parsed.ok && parsed.reason === 'malformed') shape.push(...parsed.errors);
  if (shape.length > 0 || marketplace === null) return { ok: false, code: 'invalid_request', errors: shape };
  if (!parsed.ok) return { ok: false, code: 'invalid_card', errors: parsed.errors };

  const card = sealedRow(deps.keyring, { marketplace, card: parsed.card, storing });
  await deps.store.addCard(card);
  if (parsed.card.cvv !== undefined) deps.cvvs.keep(card.token, parsed.card.cvv);
  return { ok: true, card };
}

/** What may be shown of a card: never more than the first six and last four digits (PCI DSS 3.4.1). */
export function maskedFacts(card: CardRow): Readonly<Record<string, unknown>> {
  const { token, brand, bin, last4, expiryMonth, expiryYear, singleUse, expiresAt, buyer, agreement } = card;
  const storedFor = singleUse ? {} : { storedFor: { buyer, agreement } };
  return { token, brand, bin, last4, expiryMonth, expiryYear, singleUse, expiresAt, ...storedFor };
}

/** The row of a fresh token for a card. */
export function sealedRow(
  keyring: Keyring,
  { marketplace, card, storing }: { marketplace: string; card: Card; storing: Storing | null },
): CardRow {
  const token = newId('tok');
  const { keyId, key } = keyring.current;
  const { brand, bin, last4, expiryMonth, expiryYear } = card;
  const now = wallNow();
  const buyer = storing?.buyer ?? null;
  return {
    token,
    marketplace,
    ...sealNumber(key, { token, marketplace, keyId, buyer }, card.number),
    keyId,
    brand,
    bin,
    last4,
    expiryMonth,
    expiryYear,
    fingerprint: keyring.fingerprint(card.number),
    singleUse: storing === null,
    usedBy: null,
    expiresAt: storing === null ? instant(now + TOKEN_LIFETIME_MS) : null,
    createdAt: instant(now),
    buyer,
    agreement: storing?.agreement ?? null,
    madeFrom: storing?.madeFrom ?? null,
  };
}

/** `store: true` needs buyer and agreement; without it neither may be there, so that nobody believes a card was kept. */
function readStoring({ store, buyer, agreement }: Fields, errors: FieldError[]): Storing | null {
  if (store !== undefined && typeof store !== 'boolean')
    errors.push({ pointer: '/store', code: 'wrong_type', detail: 'Must be true or false.' });
  if (store === true) {
    const read = readAgreement({ buyer, agreement }, errors);
    return read === null ? null : { ...read, madeFrom: null };
  }
  for (const [name, value] of Object.entries({ buyer, agreement })) {
    if (value !== undefined)
      errors.push({ pointer: `/${name}`, code: 'only_with_store', detail: 'Goes with store: true only.' });
  }
  return null;
}
