/**
 * The card vault as the platform sees it. What may be known of a card is its token and what stands on a receipt, never its
 * number. A stored card is told only to whoever names its owner; for everybody else it is unknown.
 */
import type { CardOwner } from './card-acquirer.ts';

export interface CardFacts {
  readonly token: string;
  readonly marketplace: string;
  readonly brand: string;
  readonly last4: string;
  /** Equal for equal cards of one marketplace. */
  readonly fingerprint?: string;
}

/** A card that is kept until it is deleted. */
export interface StoredCard extends CardFacts {
  readonly expiryMonth: number;
  readonly expiryYear: number;
  /** Equal for equal numbers within a marketplace. */
  readonly fingerprint: string;
  /** Our id of what the buyer agreed to when it was stored. */
  readonly agreement: string;
}

export type StoreAnswer =
  | { readonly outcome: 'stored'; readonly card: StoredCard }
  /** Never: the single-use token is gone, too old, or has become somebody else's card. */
  | { readonly outcome: 'refused'; readonly code: string };

/** Every call throws NetworkFault or Fault when the vault is out of reach; what it did then is not known. */
export interface CardVault {
  /** The masked facts of a token, or null when the vault does not know it (any more). A stored card needs its owner. */
  describe(token: string, owner?: CardOwner): Promise<CardFacts | null>;
  /** Makes a stored card of a single-use token. Asking twice makes one card. */
  store(request: CardOwner & { readonly token: string; readonly agreement: string }): Promise<StoreAnswer>;
  /** A buyer's stored cards, newest first, at most 100. */
  list(owner: CardOwner): Promise<readonly StoredCard[]>;
  /** Deletes a stored card with its number. False when there is none, as after an earlier call. */
  remove(token: string, owner: CardOwner): Promise<boolean>;
}
