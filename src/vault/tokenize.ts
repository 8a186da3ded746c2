/**
 * A card becomes a token: checked, sealed, stored; the verification value stays in memory. Tokens are single-use and last
 * 15 minutes of wall time, long enough for a buyer to press "pay" and for the platform to begin the one operation.
 */
import { instant, wallNow } from '../base/clock.ts';
import { newId, parseId } from '../base/ids.ts';
import { type Card, parseCard } from './card.ts';
import type { CvvMemory } from './cvv-memory.ts';
import { sealNumber } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import type { FieldError, ProblemCode } from './problems.ts';
import { readObject } from './shape.ts';
import type { CardRow, VaultStore } from './store.ts';

export const TOKEN_LIFETIME_MS = 15 * 60_000;

export interface TokenizeDeps {
  readonly store: VaultStore;
  readonly keyring: Keyring;
  readonly cvvs: CvvMemory;
}

export type Tokenized =
  | { readonly ok: true; readonly card: CardRow }
  | { readonly ok: false; readonly code: ProblemCode; readonly errors: readonly FieldError[] };

/** Handles the body of POST /v1/tokens. @throws what the store throws; then nothing is kept. */
export async function tokenize(deps: TokenizeDeps, body: unknown): Promise<Tokenized> {
  const shape: FieldError[] = [];
  const fields = readObject(body, '', ['marketplace', 'card'], shape);
  const marketplace = parseId('mkt', fields.marketplace);
  if (shape.length === 0 && marketplace === null) {
    shape.push({ pointer: '/marketplace', code: 'invalid', detail: 'Must be the id of a marketplace.' });
  }
  const parsed = parseCard(fields.card);
  if (!parsed.ok && parsed.reason === 'malformed') shape.push(...parsed.errors);
  if (shape.length > 0 || marketplace === null) return { ok: false, code: 'invalid_request', errors: shape };
  if (!parsed.ok) return { ok: false, code: 'invalid_card', errors: parsed.errors };

  const card = sealedRow(deps.keyring, marketplace, parsed.card);
  await deps.store.addCard(card);
  if (parsed.card.cvv !== undefined) deps.cvvs.keep(card.token, parsed.card.cvv);
  return { ok: true, card };
}

/** What may be shown of a card: never more than the first six and last four digits (PCI DSS 3.4.1). */
export function maskedFacts(card: CardRow): Readonly<Record<string, unknown>> {
  const { token, brand, bin, last4, expiryMonth, expiryYear, singleUse, expiresAt } = card;
  return { token, brand, bin, last4, expiryMonth, expiryYear, singleUse, expiresAt };
}

function sealedRow(keyring: Keyring, marketplace: string, card: Card): CardRow {
  const token = newId('tok');
  const { keyId, key } = keyring.current;
  const { brand, bin, last4, expiryMonth, expiryYear } = card;
  const now = wallNow();
  return {
    token,
    marketplace,
    ...sealNumber(key, { token, marketplace, keyId }, card.number),
    keyId,
    brand,
    bin,
    last4,
    expiryMonth,
    expiryYear,
    fingerprint: keyring.fingerprint(card.number),
    singleUse: true,
    usedBy: null,
    expiresAt: instant(now + TOKEN_LIFETIME_MS),
    createdAt: instant(now),
  };
}
