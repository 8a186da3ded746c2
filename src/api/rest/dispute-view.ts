/** A dispute as a client sees it. Stages, clock and money always; movements, documents and answers when it is read alone. */
import type { Instant } from '../../base/clock.ts';
import { zero } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import {
  AUTOMATIC,
  answerMoves,
  type Case,
  coverTotal,
  isFinal,
  openAnswer,
  splitTotal,
  takenOf,
} from '../../disputes/index.ts';
import { partyNames } from '../../parties/index.ts';
import { findOrders } from '../../protection/index.ts';

/** What the ids of a dispute are called: sellers by name, orders by reference. */
export type DisputeNames = ReadonlyMap<string, string>;

export async function disputeNames(db: Queryable, rows: readonly Case[]): Promise<DisputeNames> {
  const [sellers, orders] = await Promise.all([
    partyNames(
      db,
      rows.map(({ seller }) => seller),
    ),
    findOrders(
      db,
      rows.map(({ order }) => order),
    ),
  ]);
  return new Map([...sellers, ...orders.map(({ id, reference }) => [id, reference] as const)]);
}

export const viewDispute = (row: Case, names: DisputeNames = new Map()) => ({
  id: row.id,
  case: row.case,
  channel: row.channel,
  networkId: row.claim,
  state: row.state,
  stage: row.stage,
  marketplace: row.marketplace,
  order: row.order,
  orderReference: names.get(row.order) ?? null,
  payment: row.payment,
  seller: { id: row.seller, name: names.get(row.seller) ?? null },
  amount: row.amount,
  reason: row.reason,
  liabilityShift: row.facts.liabilityShift === true,
  recommendation: row.recommendation,
  turn: row.turn,
  respondBy: row.respondBy,
  expired: row.expired,
  /** An answer of ours that the network has not confirmed. */
  checking: openAnswer(row) !== null,
  money: {
    debited: row.debited,
    credited: row.credited,
    taken: takenOf(row),
    fees: row.fees,
    levied: splitTotal(row.levied),
    feeReturned: splitTotal(row.feeReturned),
    cover: row.cover,
  },
  openedAt: row.openedAt,
  endedAt: row.endedAt,
});

/** What is frozen and why: one line for each dispute that is open. */
export const viewFrozen = (rows: readonly Case[]) =>
  rows
    .filter(({ state }) => !isFinal(state))
    .map(({ id, state, reason, amount, cover, turn, respondBy }) => ({
      dispute: id,
      state,
      reason,
      amount: cover === null ? zero(amount.currency) : coverTotal(cover),
      from: cover,
      turn,
      respondBy,
    }));

export interface DisputeHistory {
  readonly names: DisputeNames;
  /** The other disputes of the same case. */
  readonly joined: readonly Case[];
  readonly now: Instant;
}

export const viewDisputeHistory = (row: Case, { names, joined, now }: DisputeHistory) => ({
  ...viewDispute(row, names),
  moves: answerMoves(row, now),
  movements: row.movements,
  documents: row.documents,
  answers: row.answers.map(
    ({ kind, amount = null, stage, reference, state, sentAt, answeredAt, refusal, command }) => ({
      kind,
      amount,
      stage,
      reference,
      state,
      sentAt,
      answeredAt,
      refusal,
      automatic: command?.client === AUTOMATIC,
    }),
  ),
  joined: joined.map(({ id, state, amount }) => ({ id, state, amount })),
});
