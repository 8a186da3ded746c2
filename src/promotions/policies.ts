/**
 * What becomes of what is left on a sold voucher when it expires, by the law of the place it was sold in, and how long one is good
 * again that a refund gave back. Data: a new version is a new line, and a voucher keeps the version it was sold under.
 */

export interface VoucherPolicy {
  readonly name: string;
  readonly version: number;
  /** Hundredths of a percent of what is left that the seller of the voucher may keep; the rest is unclaimed property. */
  readonly keptBps: number;
  /** Whom unclaimed property is owed to; empty where all is kept. */
  readonly authority: string;
  /** A refund gives a voucher back for at least so many days, should it expire sooner. */
  readonly goodAgainDays: number;
}

export const VOUCHER_POLICIES: readonly VoucherPolicy[] = [
  // Kept as breakage: where the law lets a voucher run out.
  { name: 'breakage', version: 1, keptBps: 10_000, authority: '', goodAgainDays: 30 },
  // Unclaimed property: where a voucher's money is owed to the state once it is not used.
  { name: 'unclaimed', version: 1, keptBps: 0, authority: 'us-de', goodAgainDays: 30 },
  // A part may be kept for the trouble, the rest is owed.
  { name: 'shared', version: 1, keptBps: 4_000, authority: 'us-ny', goodAgainDays: 30 },
];

/** The newest version of a name, or null. */
export const voucherPolicyOf = (name: string): VoucherPolicy | null =>
  VOUCHER_POLICIES.filter((policy) => policy.name === name).at(-1) ?? null;
