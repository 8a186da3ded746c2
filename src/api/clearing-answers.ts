/** What answers about clearing and growth look like, for the OpenAPI description (answers.ts). */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';

const cycle = {
  id: id('cyc'),
  state: Type.String({ description: 'collecting, collected, assessed or closed' }),
  day: Type.String({ format: 'date', description: 'in UTC+8' }),
  from: instant,
  to: instant,
  payments: Type.Integer(),
  refunds: Type.Integer(),
  rates: nullable(id('fxr')),
  closedAt: nullable(instant),
};
const batch = closed({
  id: id('clb'),
  state: Type.String({ description: 'cleared, filed or instructed' }),
  day: Type.String({ format: 'date' }),
  participantId: text,
  role: Type.String({ description: 'wallet or acquirer' }),
  batchId: text,
  payments: Type.Integer(),
  refunds: Type.Integer(),
  paid: money,
  refunded: money,
  fees: said('what comes off the detail'),
  net: said('paid − refunded − fees: what a wallet owes, or what an acquirer gets'),
  dueOn: Type.String({ format: 'date' }),
  calendarKnown: Type.Boolean({
    description: 'false: only weekends were left out, the holidays of the year are not known',
  }),
  settlement: nullable(id('stl')),
});
const file = closed({
  name: text,
  path: Type.String({ description: 'where it is read' }),
  lines: Type.Integer(),
  total: money,
  sha256: text,
  size: Type.Integer({ description: 'bytes' }),
  madeAt: instant,
});
const settlement = {
  id: id('stl'),
  state: Type.String({ description: 'instructed, matched, differs or closed' }),
  reference: Type.String({ description: 'the bank line carries it as its end-to-end id' }),
  participantId: text,
  name: text,
  agreementId: text,
  dueOn: Type.String({ format: 'date' }),
  direction: Type.String({ description: 'in: the participant pays; out: we pay; none' }),
  amount: money,
  booked: said('signed: what the bank has credited less what it has debited'),
};

export const CycleAnswer = closed(cycle);
export const CycleWithBatchesAnswer = closed({
  ...cycle,
  ratesSource: nullable(closed({ source: text, asOf: instant })),
  batches: Type.Array(batch),
});
export const HubSettlementAnswer = closed(settlement);
export const HubSettlementWithBatchesAnswer = closed({
  ...settlement,
  batches: Type.Array(batch),
  files: Type.Array(file),
});

const figures = {
  payments: Type.Integer(),
  users: Type.Integer({ description: 'people, as their wallets name them' }),
  spend: said('at the stated mid rates, in the reporting currency'),
  perPayment: nullable(said('spend ÷ payments, half-up')),
};
const period = closed({ from: text, to: text, ...figures });

export const GrowthAnswer = closed({
  reporting: text,
  rates: nullable(closed({ id: id('fxr'), source: text, asOf: instant })),
  reach: closed({
    wallets: Type.Integer(),
    bankApps: Type.Integer(),
    nationalNetworks: Type.Integer(),
    acquirers: Type.Integer(),
    merchants: Type.Integer(),
    markets: Type.Integer(),
  }),
  period,
  weekBefore: period,
  lastYear: nullable(closed({ holiday: text, from: text, to: text, ...figures })),
  change: closed({
    weekOnWeek: Type.Record(text, nullable(Type.Integer({ description: 'hundredths of a percent' }))),
    yearOnYear: nullable(Type.Record(text, nullable(Type.Integer()))),
  }),
  origins: Type.Array(closed({ wallet: text, ...figures })),
  markets: Type.Array(closed({ market: text, ...figures })),
  routes: Type.Array(closed({ wallet: text, market: text, payments: Type.Integer(), spend: money })),
  touristShareBps: nullable(Type.Integer({ description: 'of the total given, in hundredths of a percent' })),
  unvalued: Type.Array(said('of a currency without a rate: in no sum above')),
});
