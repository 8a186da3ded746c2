/**
 * A case: somebody who paid takes the money back, and the seller side may answer. The core knows stages, whose turn it is
 * and until when, and what money the network holds; who brings such cases (cards, wallets) is a channel (channel.ts).
 *
 * One case an order: a further dispute about the same order does not open a second case, it joins the open one (`case`), with
 * stages, clock and money of its own; the order is free again when the last of them has ended. Only a word of the network
 * ends a case. Invariants: taken = debited − credited ≥ 0; what is frozen never exceeds what was debited.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, type Money, subtract, sum, zero } from '../base/money.ts';
import { assertMove, isLegalMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export type CaseState = keyof typeof CASE_MOVES;

/** How far the network has taken it; a final state keeps the stage it ended in. */
export type Stage = 'inquiry' | 'chargeback' | 'pre_arbitration' | 'arbitration' | 'escalation';

/**
 * Legal moves. A stage may be left out: what happened between two looks is not seen. What is won can be taken further by
 * the other side, and an inquiry that has ended can become a chargeback; canFollow() below says when. `escalation`: a wallet
 * claims the money, which nobody has taken.
 */
export const CASE_MOVES = {
  inquiry: ['chargeback', 'represented', 'pre_arbitration', 'arbitration', 'escalation', 'won', 'lost', 'accepted'],
  chargeback: ['represented', 'pre_arbitration', 'arbitration', 'won', 'lost', 'accepted'],
  represented: ['pre_arbitration', 'arbitration', 'won', 'lost', 'accepted'],
  pre_arbitration: ['arbitration', 'won', 'lost', 'accepted'],
  arbitration: ['won', 'lost', 'accepted'],
  escalation: ['won', 'lost', 'accepted'],
  won: ['chargeback', 'pre_arbitration', 'arbitration'],
  lost: ['chargeback'],
  accepted: ['chargeback'],
} as const;

export interface Reason {
  readonly code: string;
  readonly title: string;
  readonly kind: ReasonKind;
}

/** `other`: a code that the table does not have. */
export type ReasonKind = 'fraud' | 'authorization' | 'processing' | 'consumer' | 'other';

/** What speaks for an answer. `review`: a person has to look. */
export interface Recommendation {
  readonly answer: 'challenge' | 'review';
  readonly because: 'liability_shift' | 'refunded' | 'no_rule';
}

/** Whose command an answer was that nobody gave: see answer-by-proof.ts. */
export const AUTOMATIC = 'liability_shift';

/** What a dispute froze of the seller side, by where it came from. Debt is what the seller owes for it. */
export interface Cover {
  readonly held: Money;
  readonly reserve: Money;
  readonly seller: Money;
  readonly debt: Money;
}

/** Money of one purpose, by the seller's account it was taken from or given to. */
export interface SellerSplit {
  readonly seller: Money;
  readonly debt: Money;
}

/** One movement of the network, in the order they were learned of. */
export interface Movement {
  readonly kind: 'debit' | 'credit' | 'fee';
  readonly amount: Money;
  readonly at: Instant;
  /** What said so first: the stage of the dispute, or a line of the network's report. */
  readonly source: 'stage' | 'report';
}

/** A document as the row knows it; its bytes stand in a table of their own. */
export interface EvidenceRecord {
  readonly id: Id<'doc'>;
  readonly stage: Stage;
  readonly name: string;
  readonly mediaType: 'application/pdf' | 'image/png' | 'image/jpeg' | 'text/plain';
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly addedAt: Instant;
}

/** One answer of ours, as it was sent. At most one is open; a stage is answered once, unless the network refused to take it. */
export interface Answer {
  readonly kind: 'challenge' | 'accept';
  /** Accepted in part: how much. */
  readonly amount?: Money;
  readonly stage: Stage;
  readonly reference: string;
  readonly state: keyof typeof ANSWER_MOVES;
  readonly sentAt: Instant;
  readonly answeredAt: Instant | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly resumeJob: string;
  readonly command: { readonly client: string; readonly key: string } | null;
}

export const ANSWER_MOVES = {
  sent: ['taken', 'refused', 'unknown'],
  unknown: ['taken', 'refused'],
  taken: [],
  refused: [],
} as const;

export interface Case extends StateRow {
  readonly id: Id<'dsp'>;
  readonly state: CaseState;
  readonly channel: string;
  /** The channel's id of the dispute. */
  readonly claim: string;
  /** The case it belongs to: itself, or the one it joined. */
  readonly case: Id<'dsp'>;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly seller: Id<'sel'>;
  readonly payment: Id<'pay'>;
  readonly network: Id<'net'>;
  readonly amount: Money;
  readonly reason: Reason;
  readonly recommendation: Recommendation;
  /** What the channel knows beside, such as brand and liability shift of a card. */
  readonly facts: Readonly<Record<string, string | boolean>>;
  readonly stage: Stage;
  /** Who has to act; null once it has ended. */
  readonly turn: 'ours' | 'theirs' | null;
  /** When it is our turn: until when, as the network said. */
  readonly respondBy: Instant | null;
  /** The job that asks the network again when the time has run out. */
  readonly deadline: string | null;
  /** Ended because nobody answered in time, by the network's word. */
  readonly expired: boolean;
  readonly movements: readonly Movement[];
  readonly debited: Money;
  readonly credited: Money;
  readonly fees: Money;
  /** Of the fees, what the seller bears, by where it was taken from. */
  readonly levied: SellerSplit;
  /** Of the commission on what was lost, what went back: to the balance, and against the debt. */
  readonly feeReturned: SellerSplit;
  /** What the seller side lost by it of money that had been released; zero unless it was lost after the release. */
  readonly lostOfReleased: Money;
  /** Frozen while it is open, borne once it is lost; null when nothing is. */
  readonly cover: Cover | null;
  /** What the seller may still have to bear and could not be frozen: payouts leave so much in the balance. */
  readonly atRisk: Money;
  readonly documents: readonly EvidenceRecord[];
  readonly answers: readonly Answer[];
  readonly openedAt: Instant;
  readonly endedAt: Instant | null;
}

export const disputes = stateTable<Case>('disputes', 'dsp');

export const isFinal = (state: CaseState): boolean => state === 'won' || state === 'lost' || state === 'accepted';

/** Whether a word of the network can follow where the case stands; a word that cannot is older than what we know. */
export function canFollow(before: Pick<Case, 'state' | 'stage'>, next: { state: CaseState; stage: Stage }): boolean {
  if (before.state === next.state) return true;
  if (!isLegalMove(CASE_MOVES, before.state, next.state)) return false;
  return !isFinal(before.state) || next.state !== 'chargeback' || before.stage === 'inquiry';
}

/** Asserts the move and returns the changes with the new state. */
export function moveCase(before: Case, state: CaseState, changes: Partial<Case>): Partial<Case> {
  if (before.state !== state) assertMove(CASE_MOVES, `dispute ${before.id}`, before.state, state);
  return { ...changes, state };
}

/** What the network has taken and not given back. */
export const takenOf = ({ debited, credited }: Pick<Case, 'debited' | 'credited'>): Money =>
  subtract(debited, credited);

export const coverTotal = ({ held, reserve, seller, debt }: Cover): Money =>
  sum([held, reserve, seller, debt], held.currency);

export const emptySplit = ({ currency }: Money): SellerSplit => ({ seller: zero(currency), debt: zero(currency) });

export const splitTotal = ({ seller, debt }: SellerSplit): Money => add(seller, debt);

export const emptyCover = ({ currency }: Money): Cover => {
  const none = zero(currency);
  return { held: none, reserve: none, seller: none, debt: none };
};

/** The case with one more movement. */
export function withMovement<Row extends Pick<Case, 'movements' | 'debited' | 'credited' | 'fees'>>(
  row: Row,
  movement: Movement,
): Row {
  const total = { debit: 'debited', credit: 'credited', fee: 'fees' } as const;
  const name = total[movement.kind];
  return { ...row, movements: [...row.movements, movement], [name]: add(row[name], movement.amount) };
}

/** The answer that waits for the network's word, or null. */
export const openAnswer = ({ answers }: Case): Answer | null =>
  answers.find(({ state }) => ANSWER_MOVES[state].length > 0) ?? null;

/** Whether our answer of this stage is in. */
export const isAnswered = ({ answers }: Case, stage: Stage): boolean =>
  answers.some((answer) => answer.stage === stage && answer.state === 'taken');
