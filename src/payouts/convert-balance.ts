/**
 * Converting a seller's balance at a quote. Money that is owed or that an open dispute may take must not get away into another
 * currency, so the checks are those of a payout, in the same order: party, quote, debts, open disputes. Whether the balance
 * covers it is the ledger's to refuse.
 */
import { type Id, newId } from '../base/ids.ts';
import { compare, isPositive, type Money, min, subtract } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { recoverDebts } from '../debts/index.ts';
import { findQuote, usingQuote } from '../fx/index.ts';
import {
  type CommandKey,
  type Decision,
  insert,
  merge,
  type Outcome,
  part,
  type UnitPart,
  unchanged,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findSeller, sellers } from '../parties/index.ts';
import { type Conversion, conversions } from './conversion.ts';
import type { PayoutDeps } from './deps.ts';
import type { ConversionRefusal } from './errors.ts';
import { loadFunds } from './load-funds.ts';
import type { Funds } from './plan-payout.ts';

export interface ConvertBalance {
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly quote: Id<'qte'>;
}

/** Debts come first, as before a payout. */
export async function convertBalance(
  deps: PayoutDeps,
  command: CommandKey,
  input: ConvertBalance,
): Promise<Result<Outcome<Conversion>, ConversionRefusal>> {
  const converted = await deps.journal.run(command, () => decide(deps, input));
  if (converted.ok || converted.error.code !== 'debt_open') return converted;
  const recovered = await recoverDebts(deps, input.seller);
  return recovered.ok ? deps.journal.run(command, () => decide(deps, input)) : converted;
}

async function decide(
  deps: PayoutDeps,
  input: ConvertBalance,
): Promise<Result<Decision<Conversion>, ConversionRefusal>> {
  const { db } = deps.journal;
  const seller = await findSeller(db, input.seller);
  if (seller === null || seller.marketplace !== input.marketplace) return refuse('unknown_party', 'no such seller');
  const quote = await findQuote(db, input.quote);
  if (quote === null || quote.marketplace !== input.marketplace)
    return refuse('unknown_quote', 'no such quote', { pointer: '/quote' });
  const at = deps.clock.now();
  const id = newId('cnv');
  const used = usingQuote(quote, id, at);
  if (!used.ok) return used;
  const obstacle = obstacleTo(quote.given, await loadFunds(deps, seller.id, quote.given.currency));
  if (obstacle !== null) return { ok: false, error: obstacle };
  const conversion: Conversion = {
    ...{ id, version: 1, state: 'converted', marketplace: seller.marketplace, seller: seller.id, quote: quote.id },
    ...{ given: quote.given, got: quote.got, margin: quote.margin, rate: quote.rate, convertedAt: at },
  };
  const own = merge(converting(conversion), used.value, part({ guards: [unchanged(sellers, seller)] }));
  return ok({ unit: { at, ...own, answer: conversion }, value: conversion });
}

/** Why so much of a seller's balance must not leave it: what is owed comes first, and what open disputes may take stays. */
export function obstacleTo(given: Money, funds: Funds): Refusal<'debt_open' | 'dispute_open'> | null {
  const { available, keptBack, owed } = funds;
  if (isPositive(owed))
    return { code: 'debt_open', detail: 'the seller owes; what comes in is taken for it first', facts: { owed } };
  if (keptBack === undefined) return null;
  const free = subtract(available, min(available, keptBack));
  if (compare(given, free) <= 0 || compare(given, available) > 0) return null;
  return { code: 'dispute_open', detail: 'an open dispute may take this money back', facts: { free } };
}

function converting(conversion: Conversion): UnitPart {
  const { id, seller, quote, given, got, margin } = conversion;
  const converted = event('balance.converted', id, { conversion: id, seller, quote, given, got, margin });
  return part({ events: [converted], writes: [insert(conversions, conversion)] });
}
