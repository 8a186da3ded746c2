/**
 * Transferring between balances of one marketplace, by the marketplace's word. From a seller's balance nothing gets away that
 * is owed or that an open dispute may take: the checks are those of a payout. Checks in this order: the parties, the amount, the
 * quote, debts, open disputes. Whether the balance covers it is the ledger's to refuse.
 */
import { type Id, newId, parseId } from '../base/ids.ts';
import { equals, isPositive, type Money, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { recoverDebts } from '../debts/index.ts';
import { findQuote, type Quote, usingQuote } from '../fx/index.ts';
import {
  type CommandKey,
  type Decision,
  EMPTY_PART,
  insert,
  merge,
  type Outcome,
  part,
  type UnitPart,
  unchanged,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findSeller, type Seller, sellers } from '../parties/index.ts';
import { type BalanceOwner, type BalanceTransfer, balanceOwner, balanceTransfers } from './balance-transfer.ts';
import { obstacleTo } from './convert-balance.ts';
import type { PayoutDeps } from './deps.ts';
import type { TransferRefusal } from './errors.ts';
import { loadFunds } from './load-funds.ts';

export interface TransferBalance {
  readonly marketplace: Id<'mkt'>;
  readonly from: BalanceOwner;
  readonly to: BalanceOwner;
  /** What leaves. */
  readonly amount: Money;
  /** At which it arrives in another currency, for exactly this amount; null when it stays in its own. */
  readonly quote: Id<'qte'> | null;
}

type Done = Promise<Result<Outcome<BalanceTransfer>, TransferRefusal>>;

/** Debts come first, as before a payout. */
export async function transferBalance(deps: PayoutDeps, command: CommandKey, input: TransferBalance): Done {
  const seller = parseId('sel', input.from);
  const done = await deps.journal.run(command, () => decide(deps, input));
  if (done.ok || done.error.code !== 'debt_open' || seller === null) return done;
  const recovered = await recoverDebts(deps, seller);
  return recovered.ok ? deps.journal.run(command, () => decide(deps, input)) : done;
}

async function decide(
  deps: PayoutDeps,
  { marketplace, from, to, amount, quote: quoteId }: TransferBalance,
): Promise<Result<Decision<BalanceTransfer>, TransferRefusal>> {
  if (from === to && quoteId === null) return refuse('same_party', 'in one currency a transfer is between two parties');
  const parties = await partiesOf(deps, marketplace, [from, to]);
  if (!parties.ok) return parties;
  if (!isPositive(amount)) return refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
  const at = deps.clock.now();
  const id = newId('trf');
  const quote = quoteId === null ? null : await findQuote(deps.journal.db, quoteId);
  if (quoteId !== null && (quote === null || quote.marketplace !== marketplace || !equals(quote.given, amount)))
    return refuse('unknown_quote', 'no such quote of this amount', { pointer: '/quote' });
  const used = quote === null ? ok(EMPTY_PART) : usingQuote(quote, id, at);
  if (!used.ok) return used;
  const giver = parties.value.find((party) => party.id === from);
  const obstacle = giver === undefined ? null : obstacleTo(amount, await loadFunds(deps, giver.id, amount.currency));
  if (obstacle !== null) return { ok: false, error: obstacle };
  const transfer: BalanceTransfer = {
    ...{ id, version: 1, state: 'transferred', marketplace, from, to, given: amount },
    ...{ got: quote?.got ?? amount, margin: quote?.margin ?? zero(amount.currency) },
    ...{ quote: quoteId, rate: quote?.rate ?? null, transferredAt: at },
  };
  const guards = giver === undefined ? [] : [unchanged(sellers, giver)];
  const own = merge(transferring(transfer, quote), used.value, part({ guards }));
  return ok({ unit: { at, ...own, answer: transfer }, value: transfer });
}

/** The sellers among them; all are of this marketplace. */
async function partiesOf(
  { journal }: PayoutDeps,
  marketplace: Id<'mkt'>,
  owners: readonly BalanceOwner[],
): Promise<Result<readonly Seller[], TransferRefusal>> {
  const found: Seller[] = [];
  for (const owner of owners) {
    if (owner === marketplace) continue;
    const id = parseId('sel', owner);
    const seller = id === null ? null : await findSeller(journal.db, id);
    if (seller === null || seller.marketplace !== marketplace)
      return refuse('unknown_party', 'no such seller', { facts: { party: owner } });
    found.push(seller);
  }
  return ok(found);
}

function transferring(transfer: BalanceTransfer, quote: Quote | null): UnitPart {
  const { id, given, got, margin } = transfer;
  const sides = { from: balanceOwner(transfer.from), to: balanceOwner(transfer.to) };
  const moved =
    quote === null
      ? event('balance.transferred', id, { transfer: id, ...sides, amount: given })
      : event('balance.transferred_converted', id, { transfer: id, quote: quote.id, ...sides, given, got, margin });
  return part({ events: [moved], writes: [insert(balanceTransfers, transfer)] });
}
