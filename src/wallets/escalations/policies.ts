/**
 * What a wallet may ask of a payment, and how long who is paid has to answer: versioned data, pinned on each dispute. A value
 * changes by adding a version. Numbers and days are the network's published ones (retrieval: five, within 360 days; escalation:
 * two, the first within 360 days, the second within 25 of the first's answer; ten calendar days to answer, five to refund).
 * Ours: the days to answer a question, and what silence means (ADR 0030).
 */

export type WalletDisputeKind = 'retrieval' | 'escalation';

export interface WalletDisputePolicy {
  readonly kind: WalletDisputeKind;
  readonly version: number;
  /** How many of this kind a payment may have. */
  readonly most: number;
  /** Calendar days from the payment in which the first is opened, and without `nextWithinDays` every one. */
  readonly withinDays: number;
  /** Calendar days from the answer to the one before; null: the payment's days hold for all. */
  readonly nextWithinDays: number | null;
  readonly answerDays: number;
  /** What no answer means: all of it goes back, or the question is closed and nothing happens. */
  readonly silence: 'accepted' | 'lapsed';
  /** From an acceptance until the money has to be back. */
  readonly refundDays: number;
}

export const WALLET_DISPUTE_POLICIES: readonly WalletDisputePolicy[] = [
  {
    ...{ kind: 'retrieval', version: 1, most: 5, withinDays: 360, nextWithinDays: null },
    ...{ answerDays: 10, silence: 'lapsed', refundDays: 5 },
  },
  {
    ...{ kind: 'escalation', version: 1, most: 2, withinDays: 360, nextWithinDays: 25 },
    ...{ answerDays: 10, silence: 'accepted', refundDays: 5 },
  },
];

/** The newest version, or the one that a dispute is pinned to. */
export function walletDisputePolicy(kind: WalletDisputeKind, version?: number): WalletDisputePolicy {
  const known = WALLET_DISPUTE_POLICIES.filter((each) => each.kind === kind);
  const found =
    version === undefined
      ? known.reduce<WalletDisputePolicy | undefined>(
          (newest, each) => (newest === undefined || each.version > newest.version ? each : newest),
          undefined,
        )
      : known.find((each) => each.version === version);
  if (found === undefined) throw new Error(`no policy for ${kind} of version ${version}`);
  return found;
}
