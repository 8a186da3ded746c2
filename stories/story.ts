/** A story: a whole piece of business life, told step by step against a real world, and proven at its end from three sides. */

import { isDeepStrictEqual } from 'node:util';
import { toJson } from '../src/base/json.ts';
import { formatMoney, parseMoney } from '../src/base/money.ts';
import type { SeededRandom } from '../src/base/random.ts';
import { must } from '../src/base/result.ts';
import type { Client } from './client.ts';
import type { Money, OrderView, Page, PostingView, SellerView } from './views.ts';
import type { World } from './world.ts';

export interface Step {
  readonly who: string;
  readonly what: string;
  readonly amount?: Money;
  readonly postings?: readonly PostingView[];
}

/** How a story is told: as text to a person, or as JSON lines. */
export interface Teller {
  step(step: Step): void;
  /** A heading of a person's version; JSON lines leave it out. */
  chapter(title: string): void;
  text(line: string): void;
}

export interface StoryContext {
  readonly world: World;
  readonly random: SeededRandom;
  readonly tell: Teller;
}

export interface Story {
  readonly name: string;
  readonly title: string;
  /** Settings of its world that are not the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Throws when the story does not go as it must. Returns how many open breaks it leaves on purpose. */
  run(context: StoryContext): Promise<{ readonly expectedBreaks: number; readonly trace?: string }>;
}

export const usd = (cents: bigint | number): Money => ({ value: String(cents), currency: 'USD' });
export const show = (money: Money): string => formatMoney(must(parseMoney(money, '')));
export const cents = (money: Money): bigint => BigInt(money.value);

/** Fails the story with what was expected and what was found; the order of fields does not matter. */
export function expect(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [toJson(found), toJson(expected)];
  if (left !== right && !isDeepStrictEqual(JSON.parse(left), JSON.parse(right)))
    throw new Error(`${what}: expected ${right}, found ${left}`);
}

/** Test cards of the acquirer's public list that approve any amount in these stories. */
export const CARDS = {
  visa: '4112344112344113',
  mastercard: '5112345112345114',
  amex: '371144371144376',
  discover: '6011016011016011',
} as const;

const SUPPLIERS = [
  'Shenzhen Bright Audio Co',
  'Pearl River Lighting Ltd',
  'Futian Precision Parts',
  'Bao An Toys Trading',
] as const;
const BUYERS = ['Lakeshore Outfitters', 'Windy City Retail', 'Prairie Home Goods', 'Cascade Sound Supply'] as const;
const ROUTING = '121042882';

export interface Cast {
  readonly marketplace: { readonly id: string; readonly name: string };
  readonly api: Client;
  /** The marketplace's key. */
  readonly secret: string;
  readonly seller: SellerView;
  readonly buyer: { readonly id: string; readonly name: string };
}

/** Who bears what of a chargeback, in a marketplace's fee plan. */
export interface ChargebackTerms {
  readonly commission: 'kept' | 'returned';
  readonly networkFee: 'operator' | 'seller';
}

/** A marketplace with one supplier in Shenzhen and one buyer in the US. */
export async function cast(
  context: StoryContext,
  options: { feeBps: number; account: string; schedule: 'daily' | 'manual'; chargebacks?: ChargebackTerms },
): Promise<Cast> {
  const { world, random } = context;
  const created = await world.operator.post<{ id: string; name: string; apiKey: { secret: string } }>(
    '/v1/marketplaces',
    {
      name: `Harbor Market ${random.integer(100, 999)}`,
      feePlan: {
        percentBps: options.feeBps,
        ...(options.chargebacks === undefined ? {} : { chargebacks: options.chargebacks }),
      },
      payoutSchedule: options.schedule,
    },
  );
  const api = world.as(created.apiKey.secret);
  const supplier = random.pick(SUPPLIERS);
  const seller = await api.post<SellerView>('/v1/sellers', {
    name: supplier,
    country: 'CN',
    email: 'accounts@supplier.example',
    categoryCode: '5732',
    bankAccount: {
      country: 'US',
      routingNumber: ROUTING,
      accountNumber: options.account,
      accountType: 'checking',
      holderName: supplier,
    },
  });
  const buyer = await api.post<{ id: string; name: string }>('/v1/buyers', {
    name: random.pick(BUYERS),
    country: 'US',
    email: 'orders@buyer.example',
  });
  return { marketplace: created, api, secret: created.apiKey.secret, seller, buyer };
}

/** What an event posted for an order, newest first matching type. */
export async function postingsOf(api: Client, order: OrderView, eventType: string): Promise<readonly PostingView[]> {
  const { data } = await api.get<Page<PostingView>>(`/v1/orders/${order.id}/postings`);
  return data.filter(({ event }) => event === eventType);
}

/** The operator's own money on the bank account, so that card fees paid before the commission arrives are covered. */
export async function payInCapital(context: StoryContext, amountCents: number): Promise<void> {
  const { world, tell } = context;
  await world.bank.post('/_sandbox/deposits', {
    account: '000123456789',
    currency: 'USD',
    amount: String(amountCents),
    endToEndId: 'FLOAT-1',
    debtorName: 'OPERATOR TREASURY',
    text: 'own funds for card fees',
  });
  await world.advance(1);
  const { data } = await world.operator.get<Page<{ id: string; text: string; amount: Money }>>(
    '/v1/reconciliation/lines?state=unexplained',
  );
  const line = data.find(({ text }) => text.includes('own funds'));
  if (line === undefined) throw new Error('the deposit is not on the statement');
  await world.operator.post(`/v1/reconciliation/lines/${line.id}/explain`, {
    as: 'capital',
    reason: 'operating float, signed by treasury',
  });
  tell.step({
    who: 'operator',
    what: 'pays in own money as float; the bank line is explained as capital',
    amount: usd(amountCents),
  });
}
