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

/** The vault's keys as an operator sees them: ids, ages and counts, never a key (docs/vault.md). */
export interface KeyReport {
  readonly provider: string;
  readonly rootKeys: readonly {
    readonly id: string;
    readonly current: boolean;
    readonly inKeyFile: boolean;
    /** How many data keys it wraps. */
    readonly wraps: number;
    readonly registeredAt: string | null;
  }[];
  readonly dataKeys: readonly {
    readonly id: string;
    readonly purpose: string;
    readonly current: boolean;
    /** The key-encryption key that wraps it. */
    readonly rootKey: string;
    /** How many cards it sealed. */
    readonly cards: number;
    readonly createdAt: string;
  }[];
  /** Above zero: a rotation of the key-encryption key has begun and not finished. */
  readonly toRewrap: number;
}

export interface RootRotation {
  readonly rootKeyId: string;
  /** Data keys that this call wrapped anew. */
  readonly rewrapped: number;
  /** An earlier rotation was unfinished; this call finished it and made no other key. */
  readonly resumed: boolean;
}

/** All calls throw NetworkFault, or a Fault when the vault answers otherwise than promised. */
export interface VaultKeys {
  report(): Promise<KeyReport>;
  /** A fresh data key seals every card from now on. Its id. */
  rotateData(): Promise<string>;
  /** Every data key wrapped by the newest key-encryption key. Called again after a break it goes on where it stopped. */
  rotateRoot(): Promise<RootRotation>;
  removeRoot(id: string): Promise<'removed' | 'key_in_use' | 'unknown_key'>;
}
