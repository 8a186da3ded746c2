/** What answers about exchange look like, for the OpenAPI description (answers.ts). */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';

const rate = Type.String({ description: 'major units of one currency for one of the other, as a decimal' });

export const RatesAnswer = closed({
  id: id('fxr'),
  source: text,
  base: text,
  asOf: instant,
  receivedAt: instant,
  rates: Type.Array(closed({ currency: text, perBase: rate })),
});
export const QuoteAnswer = closed({
  id: id('qte'),
  state: Type.String({ description: 'locked, used or expired' }),
  marketplace: nullable(id('mkt')),
  from: text,
  to: text,
  given: money,
  got: money,
  fee: said('of the value at mid, our part: got + fee'),
  rate: Type.String({ description: 'all in: what is got for one given, before rounding to a minor unit' }),
  mid: rate,
  markupBps: Type.Integer(),
  policy: nullable(text),
  rates: id('fxr'),
  source: text,
  asOf: instant,
  lockedAt: instant,
  expiresAt: instant,
  usedBy: nullable(text),
});
export const ConversionAnswer = closed({
  id: id('cnv'),
  state: text,
  marketplace: id('mkt'),
  seller: id('sel'),
  quote: id('qte'),
  given: money,
  got: money,
  fee: money,
  rate,
  convertedAt: instant,
});
export const DealAnswer = closed({
  id: id('fxd'),
  state: Type.String({ description: 'struck, part_settled or settled' }),
  counterparty: text,
  reference: text,
  sold: money,
  bought: money,
  rate: Type.String({ description: 'bought for one sold' }),
  settlesOn: Type.String({ format: 'date' }),
  paidBy: nullable(id('ln')),
  receivedBy: nullable(id('ln')),
  struckAt: instant,
});
const revaluation = closed({
  id: id('fxv'),
  at: instant,
  asOf: Type.String({ description: 'seq of the last event it is made on' }),
  rates: id('fxr'),
  translated: Type.Integer({ description: 'results in foreign currency that came home' }),
  gain: money,
  loss: money,
  realisedGain: money,
  realisedLoss: money,
});
export const PositionsAnswer = closed({
  reporting: text,
  seq: text,
  rates: nullable(closed({ id: id('fxr'), source: text, asOf: instant })),
  positions: Type.Array(
    closed({
      currency: text,
      position: said('long above zero, short below'),
      quoted: said('what quotes that hold would add'),
      value: nullable(said('in the reporting currency at mid')),
      mid: nullable(text),
    }),
  ),
  difference: nullable(said('Σ value: what a revaluation would post now')),
  lastRevaluation: nullable(revaluation),
});
