/** What answers about disputes look like (answers.ts says how they are held against real ones). */
import { type TSchema, Type } from 'typebox';

const closed = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });
const id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$` });
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const instant = Type.String({ format: 'date-time' });
const text = Type.String();
const money = closed({
  value: Type.String({ pattern: '^-?[0-9]+$', description: 'minor units' }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
});
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
    description: 'inquiry, chargeback, pre_arbitration or arbitration; of an ended dispute the last',
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
      stage: text,
      reference: text,
      state: text,
      sentAt: instant,
      answeredAt: nullable(instant),
      refusal: word,
    }),
  ),
  joined: Type.Array(closed({ id: id('dsp'), state: text, amount: money })),
});
