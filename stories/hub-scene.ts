/**
 * What the stories of the hub share: a person with a wallet of the sandbox, a till of its shops, and what each of them shows. All of it is
 * done as people do it: the phone and the till act, the hub answers, and nothing is told to both sides by the story.
 */
import { expect, type StoryContext } from './story.ts';
import type { Money, Page } from './views.ts';
import type { World } from './world.ts';

/** Of every account of the sandbox's wallets. */
export const PIN = '246810';

export const TILLS = [
  { acquirer: 'tokyo', acquirerId: 'SBXACQJP00000001', merchantId: 'ginza-cameras', country: 'JP', currency: 'JPY' },
  { acquirer: 'seoul', acquirerId: 'SBXACQKR00000001', merchantId: 'bukchon-books', country: 'KR', currency: 'KRW' },
  { acquirer: 'singapore', acquirerId: 'SBXACQSG00000001', merchantId: 'katong-laksa', country: 'SG', currency: 'SGD' },
  { acquirer: 'paris', acquirerId: 'SBXACQFR00000001', merchantId: 'marais-parfums', country: 'FR', currency: 'EUR' },
] as const;

export type Till = Pick<(typeof TILLS)[number], 'acquirer' | 'acquirerId' | 'country'> & {
  readonly merchantId: string;
  readonly currency: string;
};

/** Minor units for about a dollar, so that amounts look like amounts everywhere. */
const A_DOLLAR: Readonly<Record<string, number>> = { JPY: 150, KRW: 1360, SGD: 134, EUR: 92 };

export interface WalletView {
  readonly id: string;
  readonly name: string;
  readonly participantId: string;
  readonly wallet: {
    readonly slug: string;
    readonly country: string;
    readonly currency: string;
    readonly modes: readonly string[];
    readonly markets: Readonly<Record<string, string>>;
    readonly account: string;
  };
}

export interface Traveller {
  readonly walletId: string;
  readonly walletName: string;
  readonly currency: string;
  readonly account: string;
  readonly name: string;
}

/** A payment as the shop's own books have it. */
export interface ShopPayment {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly scenario: string;
  readonly resultCode: string;
  readonly paymentRequestId: string;
  readonly paymentId: string | null;
  readonly amount: Money;
  readonly settlementAmount: Money | null;
  readonly codeValue: string | null;
  readonly walletBrandName: string | null;
}

/** A refund as the shop's own books have it; amounts in the shop's currency, and in the settlement's. */
export interface ShopRefund {
  readonly id: string;
  readonly state: string;
  readonly amount: string;
  readonly settlementAmount: string;
}

/** A payment as the wallet's own books have it; amounts in minor units of its currency. */
export interface WalletPayment {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly state: string;
  readonly resultCode: string;
  readonly payTo: string;
  readonly charge: string;
  readonly refunded: string;
  readonly refundedFrom: string;
  readonly credited: string;
}

const NAMES = ['Aisyah Rahman', 'Ben Cruz', 'Chloe Tan', 'Dao Nguyen', 'Emi Sato', 'Farid Aziz', 'Grace Lim'] as const;

/** Somebody with a new account at this wallet, or at one that the seed chooses of those that work at the till, of another currency. */
export async function traveller(
  { world, random }: StoryContext,
  till: Till,
  wish: {
    readonly walletId?: string;
    readonly not?: string;
    readonly balance?: string;
    readonly pinAbove?: string;
  } = {},
): Promise<Traveller> {
  const { data } = await world.operator.get<{ data: readonly WalletView[] }>('/v1/wallets');
  const works = data.filter(({ wallet: { slug, currency, modes, markets } }) =>
    wish.walletId === undefined
      ? slug !== wish.not && currency !== till.currency && markets[till.country] === 'live' && bothCodes(modes)
      : slug === wish.walletId,
  );
  const { name: walletName, wallet } = random.pick(works);
  const account = `traveller-${random.integer(100, 999)}`;
  const name = random.pick(NAMES);
  const { balance, pinAbove } = wish;
  const terms = { ...(balance === undefined ? {} : { balance }), ...(pinAbove === undefined ? {} : { pinAbove }) };
  await world.wallets.post('/_sandbox/users', { walletId: wallet.slug, account, name, ...terms });
  return { walletId: wallet.slug, walletName, currency: wallet.currency, account, name };
}

const bothCodes = (modes: readonly string[]): boolean =>
  modes.includes('userPresented') && modes.includes('merchantPresented');

/** About so many dollars, up to twice as many, in the till's currency; whole where it has no cents, and even. */
export function amountFor({ random }: StoryContext, { currency }: Pick<Till, 'currency'>, dollars: number): Money {
  const unit = (A_DOLLAR[currency] ?? 100) * dollars;
  return { value: String(2 * random.integer(unit / 2, unit)), currency };
}

export const namesOf = ({ walletId, account }: Traveller) => ({ walletId, account });

/** What the phone does for "show my code". */
export const showCode = async (world: World, person: Traveller): Promise<string> =>
  (await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', namesOf(person))).code;

/** What the phone does with the PIN. */
export const confirm = async (world: World, person: Traveller, paymentId: string): Promise<WalletPayment> =>
  (
    await world.wallets.post<{ payment: WalletPayment }>('/_sandbox/confirmations', {
      ...namesOf(person),
      ...{ paymentId, pin: PIN },
    })
  ).payment;

/** A sale at the till to the code that a phone shows. */
export const charge = (world: World, till: Till, amount: Money, paymentCode: string): Promise<ShopPayment> =>
  world.shops.post('/_sandbox/payments', {
    ...{ acquirerId: till.acquirer, merchantId: till.merchantId, amount },
    ...{ scenario: 'payment_code', paymentCode },
  });

/** A sale that is paid at once: the person shows a code, the till scans it. */
export async function paidByCode(world: World, sale: Sale): Promise<ShopPayment> {
  const paid = await charge(world, sale.till, sale.amount, await showCode(world, sale.person));
  expect(paid.state, 'paid', 'the payment by code');
  return paid;
}

export interface Sale {
  readonly till: Till;
  readonly person: Traveller;
  readonly amount: Money;
}

export const cancel = (world: World, { acquirer }: Till, { id }: ShopPayment): Promise<ShopPayment> =>
  world.shops.post('/_sandbox/cancellations', { acquirerId: acquirer, payment: id });

/** Without an amount, all that is left. */
export const refund = (world: World, { acquirer }: Till, { id }: ShopPayment, amount?: bigint): Promise<ShopRefund> =>
  world.shops.post('/_sandbox/refunds', {
    ...{ acquirerId: acquirer, payment: id },
    ...(amount === undefined ? {} : { amount: String(amount) }),
  });

/** The shop's books of one acquirer. */
export const soldAt = async (world: World, { acquirer }: Till): Promise<readonly ShopPayment[]> =>
  (
    await world.shops.get<{ transactions: readonly ShopPayment[] }>(`/_sandbox/transactions?acquirerId=${acquirer}`)
  ).transactions.filter(({ kind }) => kind === 'payment');

/** The wallet's books of one person, newest last. */
export async function paymentsOf(world: World, person: Traveller): Promise<readonly WalletPayment[]> {
  type Line = WalletPayment & { readonly kind: string; readonly account: string };
  const { transactions } = await world.wallets.get<{ transactions: readonly Line[] }>(
    `/_sandbox/transactions?walletId=${person.walletId}`,
  );
  return transactions.filter(({ kind, account }) => kind === 'payment' && account === person.account);
}

export async function lastPaymentOf(world: World, person: Traveller): Promise<WalletPayment> {
  const last = (await paymentsOf(world, person)).at(-1);
  if (last === undefined) throw new Error(`${person.name} has not paid anything`);
  return last;
}

export async function balanceOf(world: World, { walletId, account }: Traveller): Promise<bigint> {
  type Users = { readonly users: readonly { readonly account: string; readonly balance: string }[] };
  const { users } = await world.wallets.get<Users>(`/_sandbox/users?walletId=${walletId}`);
  return BigInt(users.find((user) => user.account === account)?.balance ?? '0');
}

/** What the page of a payment says on the phone: names of its lines and what they say. */
export async function phoneShows(world: World, { walletId, account }: Traveller, paymentId: string) {
  const page = await world.wallets.get<string>(`/phone/${walletId}/${account}/payments/${paymentId}`);
  const lines = page.matchAll(/<dt>([^<]*)<\/dt><dd[^>]*>([^<]*)<\/dd>/g);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** The digits of an amount on a page: separators are those of the reader's country. */
export const digitsOf = (text: string | undefined): string => (text ?? '').replaceAll(/\D/g, '');

export interface JournalEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everything the journal has of some types. */
export async function eventsOf(world: World, ...types: readonly string[]): Promise<readonly JournalEvent[]> {
  const found: JournalEvent[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const page: Page<JournalEvent> = await world.operator.get(`/v1/events?after=${after}&limit=1000`);
    found.push(...page.data.filter(({ type }) => types.includes(type)));
    after = page.next;
  }
  return found;
}

/** Business time goes on to the next moment at which it is so late in UTC: hours, such as 2 or 23.75. */
export async function until(world: World, hour: number): Promise<void> {
  const now = Date.parse(await world.now());
  const dayMs = 86_400_000;
  const today = Math.floor(now / dayMs) * dayMs + hour * 3_600_000;
  await world.advance(0, ((today > now ? today : today + dayMs) - now) / 3_600_000);
}

/** The next moment at which yesterday's statement is read, the books of the day are closed and the day before is cleared. */
export const untilMorning = (world: World): Promise<void> => until(world, 0.5);
