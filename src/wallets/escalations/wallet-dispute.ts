/**
 * A wallet's question about a payment of its user (retrieval), or its claim for the money (escalation). There are no chargebacks
 * with wallets: nothing is taken, who was paid answers, and what it accepts is refunded at the payment's own rate.
 *
 * Two homes: a payment of an acquirer's shop, which the acquirer answers, and a payment of an order here, which is a case of
 * src/disputes. Invariants: one dispute of a payment is open at a time, whichever its kind; a wallet's id of it stands for one
 * dispute for ever; it is answered once, by whoever is paid or by the clock.
 */
import type { Instant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { type StateRow, stateTable } from '../../db/state-table.ts';
import type { WalletDisputeKind } from './policies.ts';

export interface WalletDisputeEvidence {
  readonly name: string;
  readonly mediaType: string;
  /** Hex. */
  readonly sha256: string;
}

export interface WalletDisputeAnswer {
  readonly kind: 'full' | 'partial' | 'refuse';
  /** What goes back; null for a refusal. In the currency of the shop. */
  readonly amount: Money | null;
  readonly text: string;
  readonly evidence: readonly WalletDisputeEvidence[];
  readonly by: 'acquirer' | 'seller' | 'deadline';
  readonly at: Instant;
}

/** Whose payment it is about. */
export type DisputeHome =
  | { readonly kind: 'hub'; readonly payment: Id<'hpy'>; readonly acquirer: Id<'ptc'> }
  | { readonly kind: 'order'; readonly payment: Id<'pay'>; readonly network: Id<'net'> };

export interface WalletDispute extends StateRow {
  readonly id: Id<'esc'>;
  readonly state: keyof typeof WALLET_DISPUTE_MOVES;
  readonly kind: WalletDisputeKind;
  /** Version of its policy. */
  readonly policy: number;
  readonly home: DisputeHome;
  readonly wallet: Id<'ptc'>;
  /** The wallet's own id of it. */
  readonly claim: string;
  /** Ours, under which the wallet knows the payment. */
  readonly reference: string;
  /** Which of the payment's it is, from 1, whatever its kind. */
  readonly number: number;
  /** What is disputed, in the currency of the shop. */
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly text: string };
  readonly respondBy: Instant;
  /** The job of the clock that runs: to answer, or null. */
  readonly deadline: string | null;
  readonly answer: WalletDisputeAnswer | null;
  /** Until when what was accepted has to be back. */
  readonly refundBy: Instant | null;
  /** Why what was accepted could not be given back; a person has to look. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly openedAt: Instant;
  readonly endedAt: Instant | null;
}

/**
 * Legal moves. `answered`: refused, or a question that was answered. `lapsed`: a question that nobody answered. `refunding`: accepted,
 * by word or by silence, until the wallet has taken the money back.
 */
export const WALLET_DISPUTE_MOVES = {
  open: ['answered', 'refunding', 'lapsed'],
  refunding: ['refunded', 'not_refunded'],
  answered: [],
  lapsed: [],
  refunded: [],
  not_refunded: [],
} as const;

export const walletDisputes = stateTable<WalletDispute>('wallet_disputes', 'esc');

/** Nothing is known to come of it any more. */
export const isOver = ({ state }: Pick<WalletDispute, 'state'>): boolean => WALLET_DISPUTE_MOVES[state].length === 0;
