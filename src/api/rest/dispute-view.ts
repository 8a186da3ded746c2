/** A dispute as a client sees it. Stages, clock and money always; movements, documents and answers when it is read alone. */
import { zero } from '../../base/money.ts';
import { AUTOMATIC, type Case, coverTotal, isFinal, openAnswer, splitTotal, takenOf } from '../../disputes/index.ts';

export const viewDispute = (row: Case) => ({
  id: row.id,
  case: row.case,
  channel: row.channel,
  networkId: row.claim,
  state: row.state,
  stage: row.stage,
  marketplace: row.marketplace,
  order: row.order,
  payment: row.payment,
  seller: row.seller,
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

/** `joined`: the other disputes of the same case. */
export const viewDisputeHistory = (row: Case, joined: readonly Case[]) => ({
  ...viewDispute(row),
  movements: row.movements,
  documents: row.documents,
  answers: row.answers.map(({ kind, stage, reference, state, sentAt, answeredAt, refusal, command }) => ({
    kind,
    stage,
    reference,
    state,
    sentAt,
    answeredAt,
    refusal,
    automatic: command?.client === AUTOMATIC,
  })),
  joined: joined.map(({ id, state, amount }) => ({ id, state, amount })),
});
