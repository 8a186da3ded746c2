/**
 * The hub's sides: what each wallet owes and each acquirer is owed by our journal, by the wallets' own books and by the shops' own. What is
 * cleared and settled changes none of it: these are sums of what was paid, canceled and refunded since the beginning.
 */
import type { WalletView } from './hub-scene.ts';
import type { World } from './world.ts';

export interface HubSides {
  /** By wallet and by acquirer: our journal's sum and theirs, which are equal unless `disagreements` says so. */
  readonly wallets: Sums;
  readonly shops: Sums;
  readonly disagreements: readonly string[];
  /** Accounts of wallets, which are no card network's. */
  readonly walletAccounts: ReadonlySet<string>;
}

type Sums = Readonly<Record<string, { readonly ledger: string; readonly own: string }>>;

export interface MoneyEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, string | { readonly value: string; readonly currency: string }>>;
}

/** Event type → field with the owner, and the fields that add to or take from what it owes or is owed. */
type Flow = readonly [owner: string, fields: Readonly<Record<string, 1n | -1n>>];

const OF_WALLETS: Readonly<Record<string, Flow>> = {
  'hub.paid': ['wallet', { payTo: 1n }],
  'hub.paid_same_currency': ['wallet', { payTo: 1n }],
  'hub.canceled': ['wallet', { payTo: -1n }],
  'hub.refunded': ['wallet', { payBack: -1n }],
  'payment.captured_converted': ['network', { received: 1n }],
  'payment.capture_reversed_converted': ['network', { paidBack: -1n }],
  'refund.confirmed_converted': ['network', { paidBack: -1n }],
};

const OF_ACQUIRERS: Readonly<Record<string, Flow>> = {
  'hub.paid': ['acquirer', { settled: 1n }],
  'hub.paid_same_currency': ['acquirer', { payTo: 1n }],
  'hub.canceled': ['acquirer', { settled: -1n }],
  'hub.refunded': ['acquirer', { settled: -1n }],
  'hub.discount_funded': ['acquirer', { hubDiscount: 1n, sponsorDiscount: 1n }],
  'hub.discount_returned': ['acquirer', { hubDiscount: -1n, sponsorDiscount: -1n }],
};

interface WalletTotals {
  readonly wallets: readonly {
    readonly walletId: string;
    readonly currency: string;
    readonly owedToHub: string;
    readonly balancesRight: boolean;
  }[];
}

interface ShopTotals {
  readonly acquirers: readonly {
    readonly acquirerId: string;
    readonly contradicted: string;
    readonly unpriced: string;
    readonly owed: readonly { readonly currency: string; readonly owed: string }[];
  }[];
}

interface ParticipantView {
  readonly id: string;
  readonly participantId: string;
  readonly wallet: WalletView['wallet'] | null;
}

export async function readHubSides(world: World, events: readonly MoneyEvent[]): Promise<HubSides> {
  const { data } = await world.operator.get<{ data: readonly ParticipantView[] }>('/v1/participants');
  const { wallets } = await world.wallets.get<WalletTotals>('/_sandbox/totals');
  const { acquirers } = await world.shops.get<ShopTotals>('/_sandbox/totals');
  const names = new Map(
    data.flatMap(({ id, participantId, wallet }) => [
      [id, participantId] as const,
      ...(wallet === null ? [] : [[wallet.account, wallet.slug] as const]),
    ]),
  );
  const ofWallets = compare(
    sumsOf(events, OF_WALLETS, names),
    new Map(wallets.map(({ walletId, currency, owedToHub }) => [`${walletId} ${currency}`, BigInt(owedToHub)])),
  );
  const ofShops = compare(
    sumsOf(events, OF_ACQUIRERS, names),
    new Map(
      acquirers.flatMap(({ acquirerId, owed }) =>
        owed.map((each) => [`${acquirerId} ${each.currency}`, BigInt(each.owed)] as const),
      ),
    ),
  );
  return {
    wallets: ofWallets,
    shops: ofShops,
    disagreements: [
      ...differences('ledger and wallet', ofWallets),
      ...differences('ledger and shops', ofShops),
      ...wallets
        .filter(({ balancesRight }) => !balancesRight)
        .map(({ walletId }) => `${walletId}: balances of people are not the sum of their movements`),
      ...acquirers
        .filter(({ contradicted, unpriced }) => contradicted !== '0' || unpriced !== '0')
        .map(({ acquirerId }) => `${acquirerId}: was told two ends of a payment, or one without its amount`),
    ],
    walletAccounts: new Set(data.flatMap(({ wallet }) => (wallet === null ? [] : [wallet.account]))),
  };
}

function sumsOf(
  events: readonly MoneyEvent[],
  flows: Readonly<Record<string, Flow>>,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { type, data } of events) {
    const [owner, fields] = flows[type] ?? ['', {}];
    for (const [field, sign] of Object.entries(fields)) {
      const amount = data[field];
      if (typeof amount !== 'object') continue;
      const key = `${names.get(String(data[owner])) ?? data[owner]} ${amount.currency}`;
      sums.set(key, (sums.get(key) ?? 0n) + sign * BigInt(amount.value));
    }
  }
  return sums;
}

/** What neither side has anything of is left out. */
function compare(ours: ReadonlyMap<string, bigint>, theirs: ReadonlyMap<string, bigint>): Sums {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return Object.fromEntries(
    keys
      .map((key) => [key, { ledger: ours.get(key) ?? 0n, own: theirs.get(key) ?? 0n }] as const)
      .filter(([key, { ledger, own }]) => ours.has(key) || ledger !== own)
      .map(([key, { ledger, own }]) => [key, { ledger: String(ledger), own: String(own) }]),
  );
}

const differences = (what: string, sums: Sums): readonly string[] =>
  Object.entries(sums)
    .filter(([, { ledger, own }]) => ledger !== own)
    .map(([key, { ledger, own }]) => `${key}: ${what}: ${ledger} and ${own}`);
