/** How wallet lives ended, by the shops' and the marketplace's own word, and what of it must have come for the soak to prove anything. */
import type { Page } from '../../../stories/views.ts';
import type { World } from '../../../stories/world.ts';
import { FAULTS, nameOf } from './faults.ts';
import type { Scene } from './life.ts';
import { isOwn } from './plan.ts';
import { OFF, type Town } from './town.ts';

/** Way to pay and state, such as `order_code paid`. */
export type Ends = Readonly<Record<string, number>>;

export async function endsOf(world: World, scenes: readonly Scene[]): Promise<Ends> {
  const ends = new Map<string, number>();
  const add = (end: string): void => void ends.set(end, (ends.get(end) ?? 0) + 1);
  for (let after: string | number | null = 0; after !== null; ) {
    const page: Transactions = await world.shops.get(`/_sandbox/transactions?after=${after}`);
    for (const { kind, scenario, state } of page.transactions)
      add(`${kind === 'refund' ? 'refund' : scenario} ${state}`);
    after = page.next;
  }
  for (const { life, market } of scenes) {
    if (!isOwn(life.plan.kind) || life.payment === null) continue;
    const { state, decline } = await market.api.get<OwnEnd>(`/v1/payments/${life.payment}`);
    add(`${life.plan.kind} ${state}${decline === null ? '' : ` ${decline.code}`}`);
  }
  return Object.fromEntries([...ends].sort());
}

interface OwnEnd {
  readonly state: string;
  readonly decline: { readonly code: string } | null;
}

interface Transactions {
  readonly transactions: readonly { readonly kind: string; readonly scenario: string; readonly state: string }[];
  readonly next: string | number | null;
}

export interface Discounts {
  /** Of the hub's campaign, in yen. */
  readonly budget: number;
  readonly left: number;
  /** Payments in Japan that the hub gave nothing to, for there was nothing left. */
  readonly without: number;
}

export async function discountsOf({ world, campaign, acquirers, budget }: Town): Promise<Discounts> {
  type View = { readonly money: readonly { readonly left: { readonly value: string } }[] };
  const { money } = await world.operator.get<View>(`/v1/campaigns/${campaign}`);
  const left = Number(money[0]?.left.value ?? 0);
  const given = await granted(world, campaign);
  const tokyo = acquirers.find(({ country }) => country === 'JP')?.acquirerId;
  const paid = await world.shops.get<{
    acquirers: readonly { acquirerId: string; payments: Record<string, string | number> }[];
  }>('/_sandbox/totals');
  const inJapan = Number(paid.acquirers.find(({ acquirerId }) => acquirerId === tokyo)?.payments.paid ?? 0);
  return { budget, left, without: Math.max(0, inJapan - given) };
}

/** How often it gave, whether or not it went back. */
async function granted({ operator }: World, campaign: string): Promise<number> {
  let given = 0;
  type Funded = {
    readonly type: string;
    readonly data: { readonly campaign?: string; readonly hubDiscount?: { readonly value: string } };
  };
  for (let after: string | null = '0'; after !== null; ) {
    const page: Page<Funded> = await operator.get(`/v1/events?after=${after}&limit=1000`);
    for (const { type, data } of page.data)
      if (type === 'hub.discount_funded' && data.campaign === campaign) given += Number(data.hubDiscount?.value ?? 0);
    after = page.next;
  }
  return given / OFF;
}

/** Every way to pay ends as paid in some lives, and everything else that the soak is about happens too. */
const MUST_COME: readonly RegExp[] = [
  ...[
    'payment_code',
    'order_code',
    'store_code',
    'entry_code',
    'cashier',
    'agreement',
    'private_code',
    'push_code',
  ].map((way) => new RegExp(`^${way} paid$`)),
  /^own_order captured$/,
  /^own_order canceled$/,
  /^own_code captured$/,
  /^refund refunded$/,
  /^payment_code canceled$/,
  /^payment_code failed$/,
  /^order_code failed$/,
];
const MUST_BE_SAID: readonly RegExp[] = [
  /^late cancel refused CANCEL_WINDOW_EXCEED/,
  /^late cancel refused .*day/,
  /^expired_code failed EXPIRED_CODE/,
  /^used_code failed INVALID_CODE/,
  /^cancel canceled/,
  /^refund confirmed/,
];

export interface Seen {
  readonly endedAs: Ends;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faultHits: Readonly<Record<string, number>>;
  readonly discounts: Discounts;
  readonly ownLines: number;
}

export const missing = ({ endedAs, outcomes, faultHits, discounts, ownLines }: Seen): readonly string[] => [
  ...MUST_COME.filter((end) => !Object.keys(endedAs).some((each) => end.test(each))).map(
    (end) => `no payment ended as ${end.source}`,
  ),
  ...MUST_BE_SAID.filter((said) => !Object.keys(outcomes).some((each) => said.test(each))).map(
    (said) => `nobody was told ${said.source}`,
  ),
  ...FAULTS.map(nameOf)
    .filter((name) => faultHits[name] === 0)
    .map((name) => `no fault was ${name}`),
  ...(outcomes['late cancel canceled'] === undefined ? [] : ['something was canceled on the next day']),
  ...(discounts.left < discounts.budget ? [] : ['no discount was given']),
  ...(discounts.without > 0 ? [] : ['the budget of the discount never ran out']),
  ...(ownLines > 0 ? [] : ['no order of a marketplace was cleared']),
];
