/** How rates, quotes, conversions, deals and positions look to a client. */
import type { Instant } from '../../base/clock.ts';
import { type Deal, dealRate, isExpired, type Positions, type Quote, type RateTable } from '../../fx/index.ts';
import type { Conversion } from '../../payouts/index.ts';

export const viewRates = ({ id, source, base, asOf, receivedAt, perBase }: RateTable) => ({
  id,
  source,
  base,
  asOf,
  receivedAt,
  rates: Object.entries(perBase)
    .map(([currency, rate]) => ({ currency, perBase: rate }))
    .sort((one, other) => (one.currency < other.currency ? -1 : 1)),
});

export const viewQuote = (quote: Quote, now: Instant) => ({
  id: quote.id,
  state: isExpired(quote, now) ? 'expired' : quote.state,
  marketplace: quote.marketplace,
  from: quote.from,
  to: quote.to,
  given: quote.given,
  got: quote.got,
  fee: quote.margin,
  rate: quote.rate,
  mid: quote.mid,
  markupBps: quote.markupBps,
  policy: quote.policy,
  rates: quote.rates,
  source: quote.source,
  asOf: quote.asOf,
  lockedAt: quote.lockedAt,
  expiresAt: quote.expiresAt,
  usedBy: quote.usedBy,
});

export const viewConversion = (conversion: Conversion) => ({
  id: conversion.id,
  state: conversion.state,
  marketplace: conversion.marketplace,
  seller: conversion.seller,
  quote: conversion.quote,
  given: conversion.given,
  got: conversion.got,
  fee: conversion.margin,
  rate: conversion.rate,
  convertedAt: conversion.convertedAt,
});

export const viewDeal = (deal: Deal) => ({
  id: deal.id,
  state: deal.state,
  counterparty: deal.counterparty,
  reference: deal.reference,
  sold: deal.sold,
  bought: deal.bought,
  rate: dealRate(deal),
  settlesOn: deal.settlesOn,
  paidBy: deal.paidBy,
  receivedBy: deal.receivedBy,
  struckAt: deal.struckAt,
});

export function viewPositions({ reporting, seq, rates, positions, difference, lastRevaluation: last }: Positions) {
  return {
    reporting,
    seq: String(seq),
    rates: rates === null ? null : { id: rates.id, source: rates.source, asOf: rates.asOf },
    positions,
    difference,
    lastRevaluation:
      last === null
        ? null
        : {
            ...{ id: last.id, at: last.at, asOf: last.asOf, rates: last.rates, translated: last.translated },
            ...{ gain: last.gain, loss: last.loss },
            ...{ realisedGain: last.realisedGain, realisedLoss: last.realisedLoss },
          },
  };
}
