/**
 * Cards that buyers let a marketplace keep: made of a single-use token, listed, deleted, and given a verification value for
 * one more use. Invariant: a stored card is its buyer's at its marketplace; for everybody else it is unknown, in the same
 * words as a token that never was.
 *
 * Order of checks when a card is stored, first refusal wins: shape · token known and of this marketplace · single-use · not
 * too old. An unused token may be stored while it can be used; a used one for a day, as "keep my card" is often decided by
 * the answer to the payment.
 */
import { instant, MS_PER_DAY, msOf, wallNow } from '../base/clock.ts';
import { parseId } from '../base/ids.ts';
import { brandFacts } from './brands.ts';
import { cvvError } from './card.ts';
import { openNumber } from './envelope.ts';
import type { FieldError, ProblemCode } from './problems.ts';
import { readAgreement, readObject } from './shape.ts';
import type { CardRow } from './store.ts';
import { sealedRow, type TokenizeDeps } from './tokenize.ts';

export type Stored =
  | { readonly ok: true; readonly card: CardRow }
  | { readonly ok: false; readonly code: ProblemCode; readonly errors?: readonly FieldError[] };

/** Handles POST /v1/cards. Asking again with the same token, buyer and agreement gives the same card. */
export async function storeCard(deps: TokenizeDeps, body: unknown): Promise<Stored> {
  const errors: FieldError[] = [];
  const fields = readObject(body, '', ['token', 'marketplace', 'buyer', 'agreement'], errors);
  const [token, marketplace] = [parseId('tok', fields.token), parseId('mkt', fields.marketplace)];
  if (token === null) errors.push({ pointer: '/token', code: 'invalid', detail: 'Must be a token.' });
  if (marketplace === null)
    errors.push({ pointer: '/marketplace', code: 'invalid', detail: 'Must be the id of a marketplace.' });
  const agreed = readAgreement({ buyer: fields.buyer, agreement: fields.agreement }, errors);
  if (token === null || agreed === null || errors.length > 0) return { ok: false, code: 'invalid_request', errors };

  const source = await deps.store.card(token);
  if (source === null || source.marketplace !== marketplace) return { ok: false, code: 'unknown_token' };
  if (!source.singleUse) return { ok: false, code: 'not_storable' };
  if (isTooOld(source)) return { ok: false, code: 'token_expired' };
  const number = openNumber(await deps.keyring.dataKey(source.keyId), source, source);
  const row = sealedRow(deps.keyring, {
    marketplace,
    card: { ...source, number },
    storing: { ...agreed, madeFrom: token },
  });
  const card = await deps.store.addStoredCard(row);
  const same = card.buyer === agreed.buyer && card.agreement === agreed.agreement;
  return same ? { ok: true, card } : { ok: false, code: 'not_storable' };
}

function isTooOld({ usedBy, expiresAt, createdAt }: CardRow): boolean {
  const now = instant(wallNow());
  const until = usedBy === null && expiresAt !== null ? expiresAt : instant(msOf(createdAt) + MS_PER_DAY);
  return until <= now;
}

/**
 * Handles POST /v1/tokens/:token/cvv, from the hosted field: the value is kept in memory for the next use of the stored
 * card. The caller is a browser that knows the token and nothing else; all it learns is whether the value has the right form.
 */
export async function keepCvv(deps: TokenizeDeps, token: string, body: unknown): Promise<Stored> {
  const errors: FieldError[] = [];
  const { cvv } = readObject(body, '', ['cvv'], errors);
  if (typeof cvv !== 'string')
    errors.push({ pointer: '/cvv', code: 'wrong_type', detail: 'Must be a string of digits.' });
  if (typeof cvv !== 'string' || errors.length > 0) return { ok: false, code: 'invalid_request', errors };
  const card = await storedCard(deps, token);
  if (card === null) return { ok: false, code: 'unknown_token' };
  const wrong = cvvError(cvv, brandFacts(card.brand)?.codeSize, '');
  if (wrong !== null) return { ok: false, code: 'invalid_card', errors: [wrong] };
  deps.cvvs.keep(card.token, cvv);
  return { ok: true, card };
}

/** The stored card of a token; null for single-use tokens, which got their value with the number. */
export async function storedCard({ store }: Pick<TokenizeDeps, 'store'>, token: unknown): Promise<CardRow | null> {
  const id = parseId('tok', token);
  const card = id === null ? null : await store.card(id);
  return card === null || card.singleUse ? null : card;
}
