/** A dispute as a client sees it. Stages, clock and money always; movements, documents and answers when it is read alone. */
import { type Case, openAnswer, takenOf } from '../../disputes/index.ts';

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
    cover: row.cover,
  },
  openedAt: row.openedAt,
  endedAt: row.endedAt,
});

/** `joined`: the other disputes of the same case. */
export const viewDisputeHistory = (row: Case, joined: readonly Case[]) => ({
  ...viewDispute(row),
  movements: row.movements,
  documents: row.documents,
  answers: row.answers.map(({ kind, stage, reference, state, sentAt, answeredAt, refusal }) => ({
    kind,
    stage,
    reference,
    state,
    sentAt,
    answeredAt,
    refusal,
  })),
  joined: joined.map(({ id, state, amount }) => ({ id, state, amount })),
});
