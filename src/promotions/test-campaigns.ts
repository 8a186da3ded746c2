/** Campaigns and programmes for tests, on the modules of a test database. */
import { committed, type Modules, usd } from '../../test/support/modules.ts';
import { addDays } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { must, ok } from '../base/result.ts';
import { part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Campaign } from './campaign.ts';
import { moveCampaign } from './change-campaign.ts';
import { type CreateCampaign, createCampaign } from './create-campaign.ts';
import { setBudget } from './fund-campaign.ts';

export const onAnyOrder = (m: Modules, off: Money, fields: Partial<CreateCampaign> = {}): CreateCampaign => ({
  name: 'Ten off',
  funder: { by: 'hub' },
  gives: { kind: 'discount', terms: [{ threshold: usd(5000), off: { kind: 'amount', amount: off } }] },
  inShops: null,
  onOrders: { marketplaces: [m.marketplace.id] },
  from: m.now(),
  to: addDays(m.now(), 30),
  perPerson: null,
  stackable: true,
  priority: 0,
  ...fields,
});

export async function aCampaign(m: Modules, input: CreateCampaign): Promise<Campaign> {
  return committed(must(await createCampaign(m.orders, undefined, input)));
}

export const move = async (m: Modules, { id }: Campaign, to: 'live' | 'paused' | 'ended'): Promise<Campaign> =>
  committed(must(await moveCampaign(m.orders, undefined, { campaign: id, to, by: 't' })));

/** Live, with a budget of so many cents. */
export async function aLiveCampaign(m: Modules, input: CreateCampaign, budget: number): Promise<Campaign> {
  const campaign = await aCampaign(m, input);
  if (budget > 0) must(await setBudget(m.orders, m.key(), { campaign: campaign.id, amount: usd(budget) }));
  return move(m, campaign, 'live');
}

/** A line of the operator's statement that nobody has explained. */
export async function aLine(m: Modules, direction: 'credit' | 'debit', amount: Money): Promise<Id<'ln'>> {
  const [id, { bank }] = [newId('ln'), m.payouts];
  // Only what explaining reads is there.
  const facts = { id, version: 0, state: 'unexplained', bank, bankReference: id, direction } as const;
  const write = { table: 'bank_lines', id, expected: 0, row: { ...facts, amount } };
  const booked = event(direction === 'credit' ? 'bank.credited' : 'bank.debited', id, { bank, amount });
  const unit = part({ events: [booked], writes: [write] });
  must(await m.journal.run(undefined, async () => ok({ value: 0, unit: { at: m.now(), ...unit } })));
  return id;
}
