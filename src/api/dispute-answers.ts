/** What answers about disputes look like; described as in answers.ts. */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';

const party = closed({ id: text, name: nullable(text) });
const word = nullable(closed({ code: text, message: text }));

const covers = closed({ held: money, reserve: money, seller: money, debt: money });
const disputeFields = {
  id: id('dsp'),
  case: Type.String({
    pattern: '^dsp_[0-9a-f]{32}$',
    description: 'the dispute itself, or the open one of its order that it joined',
  }),
  channel: text,
  networkId: text,
  state: text,
  stage: Type.String({
    description: 'inquiry, chargeback, pre_arbitration, arbitration or escalation; of an ended dispute the last',
  }),
  marketplace: id('mkt'),
  order: id('ord'),
  orderReference: nullable(text),
  payment: id('pay'),
  seller: party,
  amount: money,
  reason: closed({ code: text, title: text, kind: text }),
  liabilityShift: Type.Boolean({ description: 'the cardholder was authenticated: fraud is the issuer’s to bear' }),
  recommendation: closed({ answer: text, because: text }),
  turn: nullable(Type.String({ description: 'ours or theirs' })),
  respondBy: nullable(instant),
  expired: Type.Boolean(),
  checking: Type.Boolean({ description: 'the network has not said yet whether it took the answer' }),
  money: closed({
    debited: money,
    credited: money,
    taken: Type.Object(
      { value: text, currency: text },
      { additionalProperties: false, description: 'debited less credited' },
    ),
    fees: money,
    levied: said('of the fees, what the seller bears'),
    feeReturned: said('commission that went back to the seller'),
    cover: nullable(covers),
  }),
  openedAt: instant,
  endedAt: nullable(instant),
};
export const DisputeAnswer = closed(disputeFields);
export const DisputeWithHistory = closed({
  ...disputeFields,
  moves: Type.Array(Type.String({ description: 'what may be done now: evidence, challenge, accept' })),
  movements: Type.Array(closed({ kind: text, amount: money, at: instant, source: text })),
  documents: Type.Array(
    closed({
      id: id('doc'),
      stage: text,
      name: text,
      mediaType: text,
      bytes: Type.Integer(),
      sha256: text,
      addedAt: instant,
    }),
  ),
  answers: Type.Array(
    closed({
      kind: text,
      amount: nullable(money),
      stage: text,
      reference: text,
      state: text,
      sentAt: instant,
      answeredAt: nullable(instant),
      refusal: word,
      automatic: Type.Boolean({ description: 'sent by itself, with the proof of authentication' }),
    }),
  ),
  joined: Type.Array(closed({ id: id('dsp'), state: text, amount: money })),
});
