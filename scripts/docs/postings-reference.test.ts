/**
 * The postings against an outside table of the same business events (`postings.json`, beside the checkout): every leg that an
 * event of ours has must be there with the same sides, and what an event of ours leaves out must be named here.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CHART } from '../../src/ledger/chart.ts';
import { EVENT_TYPES, legsOf, showSide } from './posting-legs.ts';

interface Reference {
  readonly chart: readonly { id: string; param: string; kind: string; side: string; floor: string }[];
  readonly events: readonly { event: string; legs: readonly { amount: string; debit: string; credit: string }[] }[];
}

const PATH = fileURLToPath(new URL('../../../shared/reference/postings.json', import.meta.url));
const ABSENT = existsSync(PATH) ? false : 'the reference table of postings is not beside this checkout';
const reference = ABSENT === false ? (JSON.parse(readFileSync(PATH, 'utf8')) as Reference) : { chart: [], events: [] };

/** Discounts stack: each campaign has its event, where the table knows one campaign for a payment. */
const DISCOUNTS = ['hubDiscount', 'sponsorDiscount', 'budgetSpent'];

/** Legs of the reference that no event of ours can have yet: after the release those give back who were given something. */
const AFTER_RELEASE = ['fromReserve', 'fromDebt', 'fromFee', 'fromTax', 'fromPlatform'];
const NOT_BUILT: Readonly<Record<string, readonly string[]>> = {
  'refund.initiated': AFTER_RELEASE,
  'refund.rejected': AFTER_RELEASE,
  'hub.paid': DISCOUNTS,
  'hub.paid_same_currency': DISCOUNTS,
  'hub.canceled': DISCOUNTS,
  'hub.refunded': ['hubDiscount', 'sponsorDiscount'],
};

/**
 * Ours alone. With gross funding fees are owed apart, so what the table has for the receivable or a batch has a twin there:
 * fees that are given back, and a bill that was paid short or over.
 */
const OWN: Readonly<Record<string, readonly string[]>> = {
  // The table reverses captures in one currency only; this is the mirror of its captured_converted.
  'payment.capture_reversed_converted': [
    'reversed: held:{order} > fx_position',
    'margin: fx_margin > fx_position',
    'paidBack: fx_position > receivable:{network}',
  ],
  'network_fee.returned_apart': ['returned: network_fees:{network} > processing_cost:{network}'],
  'network_fees.difference_closed': [
    'short: network_fees:{network} > reconciliation_difference',
    'over: reconciliation_difference > network_fees:{network}',
  ],
  'balance.transferred': ['amount: {from} > {to}'],
  'balance.transferred_converted': [
    'given: {from} > fx_position',
    'got: fx_position > {to}',
    'margin: fx_position > fx_margin',
  ],
  'hub.discount_funded': [
    'hubDiscount: promotion_cost > acquirer:{acquirer}',
    'sponsorDiscount: promotion_fund:{campaign} > acquirer:{acquirer}',
    'budgetSpent: memo_contra > budget:{campaign}',
  ],
  'hub.discount_returned': [
    'hubDiscount: acquirer:{acquirer} > promotion_cost',
    'sponsorDiscount: acquirer:{acquirer} > promotion_fund:{campaign}',
    'budgetSpent: budget:{campaign} > memo_contra',
  ],
  // A budget is kept from when a price is fixed, and a sponsor's fund has one as well.
  'budget.refilled': ['amount: budget:{campaign} > memo_contra'],
  'budget.taken_back': ['amount: memo_contra > budget:{campaign}'],
  'discount.reserved': ['amount: budget_reserved:{campaign} > budget:{campaign}'],
  'discount.let_go': ['amount: budget:{campaign} > budget_reserved:{campaign}'],
  // A wallet's own orders have no acquirer: the marketplace is ours (ADR 0029).
  'clearing.wallet_fee_assessed': ['walletFee: receivable:{wallet} > service_fee_income'],
  // A refund gives a sold voucher back what it paid: it was the buyer's money.
  'voucher.restored': ['amount: held:{order} > voucher:{programme}'],
};

/** Legs that ours have beside those of the table, which puts the marketplace's own account in place of fee income. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'order.released': ['share: held:{order} > marketplace:{marketplace}'],
  'refund.initiated': ['fromMarketplace: marketplace:{marketplace} > refund:{refund}'],
  'refund.rejected': ['fromMarketplace: refund:{refund} > marketplace:{marketplace}'],
};

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const legLine = (amount: string, debit: string, credit: string): string => `${amount}: ${debit} > ${credit}`;

/** Field names in our spelling; names of accounts, which stand before the colon, stay. */
const sideOf = (text: string): string => text.replace(/\{([a-z_]+)\}/g, (_, field: string) => `{${camelCase(field)}}`);

for (const type of EVENT_TYPES) {
  test(`posting of ${type} agrees with the reference`, { skip: ABSENT }, () => {
    const beside = BESIDE[type] ?? [];
    const all = legsOf(type).map((leg) => legLine(leg.amountField, showSide(leg.debit), showSide(leg.credit)));
    const ours = all.filter((leg) => !beside.includes(leg));
    assert.equal(all.length - ours.length, beside.length, 'a leg of ours is gone');
    const found = reference.events.find(({ event }) => event === type);
    const left = NOT_BUILT[type] ?? [];
    const expected = (found?.legs ?? [])
      .filter(({ amount }) => !left.includes(camelCase(amount)))
      .map(({ amount, debit, credit }) => legLine(camelCase(amount), sideOf(debit), sideOf(credit)));
    assert.ok(found === undefined || OWN[type] === undefined, 'the reference has it now');
    assert.deepEqual(ours, OWN[type] ?? expected);
    const known = (found?.legs ?? []).map(({ amount }) => camelCase(amount));
    assert.deepEqual(
      left.filter((amount) => !known.includes(amount)),
      [],
      'a leg is left out that the reference lacks',
    );
  });
}

test('every account of the chart agrees with the reference', { skip: ABSENT }, () => {
  for (const [name, { kind, side, floor, owner }] of Object.entries(CHART)) {
    const found = reference.chart.find(({ id }) => id === name);
    assert.ok(found, `${name} is not in the reference`);
    const expected = [found.kind.replace(/ \(.*\)$/, ''), found.side, found.floor === 'zero', found.param];
    assert.deepEqual([kind, side, floor, owner ?? ''], expected, name);
  }
});
