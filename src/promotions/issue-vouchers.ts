/**
 * Vouchers come into the world: free ones out of a running campaign, whose budget reserves them, all or none; sold ones with the
 * capture of their price.
 */
import { assert } from '../base/assert.ts';
import { addDays, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, deadline, insert, type Outcome, part, type UnitPart, unchanged } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Campaign, campaigns, isRunning, type VoucherTerms } from './campaign.ts';
import type { PromotionDeps } from './deps.ts';
import type { PromotionRefusal } from './errors.ts';
import { voucherPolicyOf } from './policies.ts';
import { findCampaign } from './store.ts';
import { LAPSE_JOB, type Voucher, vouchers } from './voucher.ts';

export interface IssueVouchers {
  readonly programme: Id<'cmp'>;
  readonly marketplace: Id<'mkt'>;
  /** 1 to 100. */
  readonly count: number;
}

export function issueVouchers(
  deps: PromotionDeps,
  command: CommandKey,
  input: IssueVouchers,
): Promise<Result<Outcome<readonly Voucher[]>, PromotionRefusal>> {
  return deps.journal.run(command, async () => {
    const campaign = await findCampaign(deps.journal.db, input.programme);
    const at = deps.clock.now();
    const terms = checkProgramme(campaign, input.marketplace, at);
    if (!terms.ok) return terms;
    const { programme, voucher } = terms.value;
    if (voucher.sale !== 'free')
      return refuse('not_a_programme', 'sold vouchers are issued with the capture of their price', {
        pointer: '/programme',
      });
    const made = makeVouchers(programme, voucher, { ...input, at });
    const events = made.rows.map(({ id, face }) =>
      event('voucher.issued_free', id, { campaign: programme.id, amount: face }),
    );
    const own = part({ ...made.part, events, guards: [unchanged(campaigns, programme)] });
    return ok({ unit: { at, ...own, answer: made.rows }, value: made.rows });
  });
}

/** The part of the unit that captures the price of vouchers: their face is owed to whoever has them from then on. */
export function sellingVouchers(
  programme: Campaign,
  sale: IssueVouchers & { readonly network: Id<'net'>; readonly at: Instant },
): Result<{ readonly rows: readonly Voucher[]; readonly part: UnitPart }, PromotionRefusal> {
  const terms = checkProgramme(programme, sale.marketplace, sale.at);
  if (!terms.ok) return terms;
  const { voucher } = terms.value;
  if (voucher.sale !== 'sold') return refuse('not_a_programme', 'vouchers of this campaign are free');
  const made = makeVouchers(programme, voucher, sale);
  const { network } = sale;
  const price = money(voucher.face.amount * BigInt(sale.count), voucher.face.currency);
  const [first] = made.rows as [Voucher];
  const events = [
    event('voucher.sold', first.id, { programme: programme.id, network, amount: price }),
    ...made.rows.slice(1).map(({ id, face }) => event('voucher.issued', id, { programme: programme.id, amount: face })),
  ];
  return ok({ rows: made.rows, part: part({ ...made.part, events, guards: [unchanged(campaigns, programme)] }) });
}

function checkProgramme(
  campaign: Campaign | null,
  marketplace: Id<'mkt'>,
  at: Instant,
): Result<{ readonly programme: Campaign; readonly voucher: VoucherTerms }, PromotionRefusal> {
  const pointer = '/programme';
  const theirs = campaign?.onOrders?.marketplaces ?? null;
  if (campaign === null || (theirs !== null && !theirs.includes(marketplace)))
    return refuse('not_found', 'no such programme', { pointer });
  if (campaign.gives.kind !== 'voucher') return refuse('not_a_programme', 'this campaign gives discounts', { pointer });
  if (!isRunning(campaign, at))
    return refuse('campaign_not_running', 'it is not live, or not within its period', {
      pointer,
      facts: { state: campaign.state },
    });
  return ok({ programme: campaign, voucher: campaign.gives.voucher });
}

function makeVouchers(
  { id: programme, name }: Campaign,
  terms: VoucherTerms,
  { marketplace, count, at }: Omit<IssueVouchers, 'programme'> & { readonly at: Instant },
): { readonly rows: readonly Voucher[]; readonly part: Pick<UnitPart, 'writes' | 'jobs'> } {
  const { sale, face, validDays } = terms;
  const policy = terms.sale === 'sold' ? voucherPolicyOf(terms.policy) : null;
  assert(sale === 'free' || policy !== null, `the policy of programme ${programme} is missing`);
  const expiresAt = addDays(at, validDays);
  const made = Array.from({ length: count }, () => {
    const id = newId('vch');
    const lapse = deadline(LAPSE_JOB, id, expiresAt);
    const row: Voucher = {
      ...{ id, version: 1, state: 'issued', programme, marketplace, name, sale, holder: null, face, left: face },
      ...{ applied: null, policy, expiresAt, lapseJob: lapse.id, createdAt: at },
    };
    return { row, lapse };
  });
  const rows = made.map(({ row }) => row);
  return { rows, part: { writes: rows.map((row) => insert(vouchers, row)), jobs: made.map(({ lapse }) => lapse) } };
}
