/**
 * Reads a JSON object with a closed list of fields. Small on purpose: a schema library's messages quote what was sent, and
 * what was sent may be a card number.
 */
import { parseId } from '../base/ids.ts';
import type { FieldError } from './problems.ts';
import type { CardOwner } from './store.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; otherwise, and for each field not in `known`, an error is added. */
export function readObject(value: unknown, pointer: string, known: readonly string[], errors: FieldError[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors.push({ pointer, code: 'not_an_object', detail: 'Must be a JSON object.' });
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) errors.push(unknownField(pointer, name));
  }
  return value as Fields;
}

// Only a name that cannot hold a number is repeated; otherwise the pointer stays at the object.
function unknownField(pointer: string, name: string): FieldError {
  const safe = /^[A-Za-z_-]{1,40}$/.test(name);
  return { pointer: safe ? `${pointer}/${name}` : pointer, code: 'unknown_field', detail: 'There is no such field.' };
}

/**
 * The buyer and the agreement a card is kept under. An agreement's id has the form of all our ids, `<prefix>_<32 hex>`,
 * which leaves no room for a card number in its place.
 */
export function readAgreement(
  { buyer, agreement }: { readonly buyer: unknown; readonly agreement: unknown },
  errors: FieldError[],
): { readonly buyer: string; readonly agreement: string } | null {
  const buyerId = parseId('buy', buyer);
  const agreed = typeof agreement === 'string' && /^[a-z]{2,5}_[0-9a-f]{32}$/.test(agreement) ? agreement : null;
  if (buyerId === null) errors.push({ pointer: '/buyer', code: 'invalid', detail: 'Must be the id of a buyer.' });
  if (agreed === null)
    errors.push({ pointer: '/agreement', code: 'invalid', detail: 'Must be the id of an agreement.' });
  return buyerId === null || agreed === null ? null : { buyer: buyerId, agreement: agreed };
}

/** What a query says of the owner; not checked, as it is only compared. */
export function claimedOwner({ marketplace, buyer }: Fields): Partial<CardOwner> {
  return {
    ...(marketplace === undefined ? {} : { marketplace: String(marketplace) }),
    ...(buyer === undefined ? {} : { buyer: String(buyer) }),
  };
}

/** The owner named by `marketplace` and `buyer`, or null when one is missing or malformed. */
export function readOwner({ marketplace, buyer }: Fields): CardOwner | null {
  const [marketplaceId, buyerId] = [parseId('mkt', marketplace), parseId('buy', buyer)];
  return marketplaceId === null || buyerId === null ? null : { marketplace: marketplaceId, buyer: buyerId };
}
