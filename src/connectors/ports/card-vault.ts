/** What the platform may know of a card: never its number. */
export interface CardFacts {
  readonly token: string;
  readonly marketplace: string;
  readonly brand: string;
  readonly last4: string;
  /** Equal for equal cards of one marketplace. */
  readonly fingerprint?: string;
}

export interface CardVault {
  /** The masked facts of a token, or null when the vault does not know it (any more). Throws NetworkFault. */
  describe(token: string): Promise<CardFacts | null>;
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
