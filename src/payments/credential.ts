/**
 * Use of a card that is kept, as a payment carries it (the networks' word is stored credential). Whatever is sent with the
 * card is made from it: whose card it is, under which agreement, and for a charge without the buyer the first use.
 */
import type { Id } from '../base/ids.ts';
import type { CardOwner, StoredCredential } from '../connectors/ports/card-acquirer.ts';

export interface Credential {
  readonly agreement: Id<'agr'>;
  readonly buyer: Id<'buy'>;
  /** `store`: the payment that makes the agreement. `reuse`: the buyer is there. `merchant`: the buyer is not there. */
  readonly use: StoredCredential['use'];
  /** The scheme's name of the first use; sent with charges without the buyer. */
  readonly originalTransactionId: string | null;
  /** With this payment nothing is left to pay of the order. */
  readonly last: boolean;
}

export const initiatedBy = ({ credential }: { readonly credential: Credential | null }): 'buyer' | 'marketplace' =>
  credential?.use === 'merchant' ? 'marketplace' : 'buyer';

/** Whose card is sent. A single-use token needs no owner, also when a card is made of it later. */
export function cardOwnerOf({
  credential,
  marketplace,
}: {
  readonly credential: Credential | null;
  readonly marketplace: Id<'mkt'>;
}): { readonly cardOwner?: CardOwner } {
  const isStored = credential !== null && credential.use !== 'store';
  return isStored ? { cardOwner: { marketplace, buyer: credential.buyer } } : {};
}

/** By whom the card is charged, under which agreement. */
export function storedOf({ credential }: { readonly credential: Credential | null }): {
  readonly stored?: StoredCredential;
} {
  if (credential === null) return {};
  const { use, agreement, originalTransactionId: original } = credential;
  return { stored: { use, agreement, ...(original === null ? {} : { originalTransactionId: original }) } };
}
