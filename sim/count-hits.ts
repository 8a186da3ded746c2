/** How often faults really hit: the networks' own counts, and what kills and cuts have caught. */
import type { World } from '../stories/world.ts';

/** Payments whose answer is kept back while the program is killed: at the acquirer, and at wallets. */
export interface InFlight {
  readonly payments: number;
  readonly 'wallets pay': number;
}

export interface Counted {
  readonly hits: Readonly<Record<string, number>>;
  readonly untaken: number;
}

export interface Tally {
  /** Kills that found payments in flight kept them there with delays of their own. */
  readonly keptBack: { -readonly [Operation in keyof InFlight]: number };
  caught: number;
  kills: number;
  cuts: number;
  backends: number;
}

interface FaultCounts {
  readonly kinds: Readonly<Record<string, { readonly hits: number; readonly remaining: number }>>;
}

const countsOf = async (world: World, side: 'acquirer' | 'bank' | 'wallets' | 'shops'): Promise<FaultCounts['kinds']> =>
  (await world[side].get<FaultCounts>('/_sandbox/faults')).kinds;

export async function delaysLeft(world: World): Promise<InFlight> {
  const [cards, wallets] = await Promise.all([countsOf(world, 'acquirer'), countsOf(world, 'wallets')]);
  return { payments: cards.delay?.remaining ?? 0, 'wallets pay': wallets.delay?.remaining ?? 0 };
}

/** How often each kind hit, and faults that nobody took. */
export async function countHits(world: World, { keptBack, caught, kills, cuts, backends }: Tally): Promise<Counted> {
  const acquirer = await countsOf(world, 'acquirer');
  const [bank, wallets, shops] = [
    await countsOf(world, 'bank'),
    await countsOf(world, 'wallets'),
    await countsOf(world, 'shops'),
  ];
  const untaken = [acquirer, bank, wallets, shops]
    .flatMap((kinds) => Object.values(kinds))
    .reduce((sum, { remaining }) => sum + remaining, 0);
  return {
    untaken,
    hits: {
      ...named(CARD_KINDS, acquirer),
      'answer after the program stopped waiting': (acquirer.delay?.hits ?? 0) - keptBack.payments,
      'killed between decide and settle': caught,
      'database connections cut': cuts,
      ...named(BANK_KINDS, bank),
      'program kills': kills,
      'backends terminated': backends,
      ...named(WALLET_KINDS, wallets),
      'wallet’s answer overtaken': (wallets.delay?.hits ?? 0) - keptBack['wallets pay'],
      ...named(SHOP_KINDS, shops),
    },
  };
}

const named = (names: Readonly<Record<string, string>>, kinds: FaultCounts['kinds']): Record<string, number> =>
  Object.fromEntries(Object.entries(names).map(([kind, name]) => [name, kinds[kind]?.hits ?? 0]));

const CARD_KINDS = {
  drop_after: 'answer lost after effect',
  drop_before: 'request lost before effect',
  http_503: 'network answers 503',
  http_429: 'network answers 429',
  http_500: 'network answers 500',
  malformed: 'answer malformed',
  unknown_code: 'answer with an unknown code',
  notify_duplicate: 'notification duplicated',
  notify_delay: 'notification delayed',
  notify_drop: 'notification never delivered',
  notify_reorder: 'notification overtaken',
  late_settlement: 'files a day late',
};
const BANK_KINDS = {
  drop_after: 'bank file answer lost',
  drop_before: 'bank file request lost',
  http_503: 'bank file answered 503',
};
const WALLET_KINDS = {
  drop_after: 'wallet’s answer lost after the debit',
  drop_before: 'wallet never asked',
  http_503: 'wallet answers 503',
  http_500: 'wallet answers 500',
  malformed: 'wallet’s answer malformed',
  unknown_code: 'wallet’s answer with an unknown code',
  notify_duplicate: 'wallet’s word said twice',
  notify_delay: 'wallet’s word delayed',
  notify_drop: 'wallet’s word never said',
};
const SHOP_KINDS = {
  drop_after: 'shop’s answer lost',
  drop_before: 'shop never told',
  http_503: 'shop answers 503',
  http_500: 'shop answers 500',
  malformed: 'shop’s answer malformed',
  delay: 'shop’s answer late',
};
