/**
 * Writing a campaign down, as a draft that gives nothing yet. Checks in this order: period, limits, where it applies, who pays,
 * what it gives. Everything is checked here, for its terms never change afterwards.
 */
import { parseInstant } from '../base/clock.ts';
import { isCountry } from '../base/country.ts';
import { newId } from '../base/ids.ts';
import { isPositive, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, insert, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Campaign, campaigns, type DiscountTerms, type Funder, type VoucherTerms } from './campaign.ts';
import type { PromotionDeps } from './deps.ts';
import type { PromotionRefusal } from './errors.ts';
import { voucherPolicyOf } from './policies.ts';
import { isWholeSteps } from './smallest-step.ts';

export type CreateCampaign = Pick<
  Campaign,
  'name' | 'funder' | 'gives' | 'inShops' | 'onOrders' | 'from' | 'to' | 'perPerson' | 'stackable' | 'priority'
>;

type Checked = Result<undefined, PromotionRefusal>;

export function createCampaign(
  deps: PromotionDeps,
  command: CommandKey | undefined,
  input: CreateCampaign,
): Promise<Result<Outcome<Campaign>, PromotionRefusal>> {
  return deps.journal.run(command, async () => {
    const checked = checkCampaign(input);
    if (!checked.ok) return checked;
    const at = deps.clock.now();
    const campaign: Campaign = {
      ...{ id: newId('cmp'), version: 1, state: 'draft', ...input },
      ...{ budgets: [], endJob: null, createdAt: at, endedAt: null },
    };
    const created = event('campaign.created', campaign.id, {
      ...{ name: campaign.name, fundedBy: campaign.funder.by, gives: campaign.gives.kind },
    });
    const own = part({ events: [created], writes: [insert(campaigns, campaign)] });
    return ok({ unit: { at, ...own, answer: campaign }, value: campaign });
  });
}

const invalid = (detail: string, pointer: string): Result<never, PromotionRefusal> =>
  refuse('invalid_campaign', detail, { pointer });

const FINE: Checked = ok(undefined);

function checkCampaign(input: CreateCampaign): Checked {
  const { from, to, perPerson, inShops, onOrders, gives } = input;
  if (parseInstant(from) === null || parseInstant(to) === null || from >= to)
    return invalid('must end after it begins', '/to');
  if (perPerson !== null && perPerson < 1) return invalid('must be at least one', '/perPerson');
  if (inShops === null && onOrders === null) return invalid('it applies nowhere', '/inShops');
  const unknown = inShops?.countries?.findIndex((country) => !isCountry(country)) ?? -1;
  if (unknown !== -1) return invalid('is not a country', `/inShops/countries/${unknown}`);
  const placed = checkFunder(input);
  if (!placed.ok) return placed;
  return gives.kind === 'discount' ? checkDiscount(gives.terms) : checkVoucher(gives.voucher, input);
}

/** On our books is what the hub and sponsors pay; a wallet or a shop gives discounts where its payments are. */
function checkFunder({ funder, onOrders }: CreateCampaign): Checked {
  const elsewhere: readonly Funder['by'][] = ['wallet', 'merchant'];
  return onOrders !== null && elsewhere.includes(funder.by)
    ? invalid('orders have discounts of the hub and of sponsors only', '/funder/by')
    : FINE;
}

function checkDiscount(terms: readonly DiscountTerms[]): Checked {
  if (terms.length === 0) return invalid('needs terms for a currency', '/gives/terms');
  const seen = new Set<string>();
  for (const [index, each] of terms.entries()) {
    const pointer = `/gives/terms/${index}`;
    const { currency } = each.threshold;
    if (seen.has(currency)) return invalid(`${currency} has terms already`, `${pointer}/threshold/currency`);
    seen.add(currency);
    const checked = checkOff(each, pointer);
    if (!checked.ok) return checked;
  }
  return FINE;
}

function checkOff({ threshold, off }: DiscountTerms, pointer: string): Checked {
  const most = off.kind === 'amount' ? off.amount : off.cap;
  const field = `${pointer}/off/${off.kind === 'amount' ? 'amount' : 'cap'}`;
  if (most.currency !== threshold.currency) return invalid(`must be in ${threshold.currency}`, `${field}/currency`);
  if (!isPayable(most)) return invalid('must be above zero, in amounts that people pay', `${field}/value`);
  if (off.kind === 'percent' && (off.bps < 1 || off.bps > 10_000))
    return invalid('must be 1 to 10,000 hundredths of a percent', `${pointer}/off/bps`);
  return FINE;
}

function checkVoucher(terms: VoucherTerms, { funder, onOrders }: CreateCampaign): Checked {
  const { face, validDays } = terms;
  if (funder.by !== 'hub') return invalid('vouchers are given and sold by the hub', '/funder/by');
  if (onOrders === null) return invalid('vouchers pay for orders', '/onOrders');
  if (!isPayable(face)) return invalid('must be above zero, in amounts that people pay', '/gives/voucher/face/value');
  if (validDays < 1) return invalid('must be at least a day', '/gives/voucher/validDays');
  return terms.sale === 'sold' && voucherPolicyOf(terms.policy) === null
    ? refuse('unknown_policy', 'no such rule for what is left', { pointer: '/gives/voucher/policy' })
    : FINE;
}

const isPayable = (amount: Money): boolean => isPositive(amount) && isWholeSteps(amount);
