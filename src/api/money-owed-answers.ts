/** What answers about frozen money, debts and a seller's balance look like, for the OpenAPI description (answers.ts). */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';

export const sums = {
  held: said('under protection in orders that are not released; not the seller’s yet'),
  available: said('released and not paid out'),
  reserve: said('kept back by policy'),
  frozen: said('kept for open disputes'),
  debt: said('what the seller owes, and what open disputes may come to beyond what is frozen of accounts'),
  inPayout: said('on its way to the bank'),
  payable: said('what a payout would carry now: available less what is owed, less what open disputes keep back'),
};
/** An open dispute, and what is frozen for it. */
export const frozen = closed({
  dispute: id('dsp'),
  state: text,
  reason: closed({ code: text, title: text, kind: text }),
  amount: said('kept for the dispute'),
  from: nullable(closed({ held: money, reserve: money, seller: money, debt: money })),
  turn: nullable(text),
  respondBy: nullable(instant),
});
export const DebtAnswer = closed({
  id: id('dbt'),
  state: Type.String({ description: 'open, recovered or written_off' }),
  marketplace: id('mkt'),
  seller: id('sel'),
  because: Type.String({ description: 'chargeback_lost or dispute_fee' }),
  dispute: id('dsp'),
  order: id('ord'),
  amount: money,
  left: said('still owed'),
  recovered: closed({ seller: money, reserve: money, bank: money }),
  provisioned: said('of what is left, an expense already'),
  writtenOff: money,
  recoveredLater: said('paid after it was written off'),
  writeOff: nullable(closed({ reason: text, by: text, at: instant })),
  since: instant,
  ageDays: Type.Integer({ description: 'whole days since, or from then to its end' }),
  endedAt: nullable(instant),
});
export const SellerBalanceAnswer = closed({
  seller: id('sel'),
  currency: text,
  seq: Type.String({ description: 'of the last event it includes' }),
  ...sums,
  total: said('available + reserve + frozen + inPayout − debt'),
  keptBack: said('of what is available, for open disputes that could not freeze as much'),
  heldBy: Type.Array(closed({ order: id('ord'), reference: text, state: text, amount: money }), {
    description: 'the oldest hundred of the orders that hold something',
  }),
  frozenBy: Type.Array(Type.Object({ order: id('ord'), ...frozen.properties }, { additionalProperties: false })),
  owedFor: Type.Array(DebtAnswer),
});
