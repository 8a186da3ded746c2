/**
 * Protection policies: versioned data, pinned on the order when terms are agreed. A value changes by adding a version,
 * never by editing one. Days are calendar days of business time.
 */
export interface Policy {
  readonly name: string;
  readonly version: number;
  /** An order nobody pays is canceled after this many days. */
  readonly payWithinDays: number;
  /** Untracked shipments count as received this many days after dispatch, unless the buyer says so first. */
  readonly autoReceiptDays: number;
  /** The money is released this many days after receipt. */
  readonly releaseAfterReceiptDays: number;
}

export const POLICIES: readonly Policy[] = [
  // Long-haul trade without carrier events: 60 days to pay, 60 days after dispatch (public help pages of Trade Assurance).
  { name: 'standard', version: 1, payWithinDays: 60, autoReceiptDays: 60, releaseAfterReceiptDays: 2 },
  // Parcels that arrive within a week: receipt 10 days after dispatch, as the sister platform does.
  { name: 'express', version: 1, payWithinDays: 14, autoReceiptDays: 10, releaseAfterReceiptDays: 0 },
];

/** The newest version of a policy, or null. */
export function currentPolicy(name: string): Policy | null {
  const versions = POLICIES.filter((policy) => policy.name === name);
  return versions.reduce<Policy | null>(
    (newest, policy) => (newest === null || policy.version > newest.version ? policy : newest),
    null,
  );
}

export const POLICY_NAMES = [...new Set(POLICIES.map(({ name }) => name))];
