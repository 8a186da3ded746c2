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
