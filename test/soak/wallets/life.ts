/**
 * One wallet life, done as people do it: a phone shows or scans, a till charges, a PIN is typed, the shop gives back. Nothing is told to both
 * sides by the soak. A refusal in the middle is an end like another: what counts is that all books say the same afterwards.
 */
import { Refused } from '../../../stories/client.ts';
import type { Wallet } from '../../../stories/hub-parties.ts';
import type { Page } from '../../../stories/views.ts';
import type { Faults } from './faults.ts';
import { isOwn, type LifePlan } from './plan.ts';
import { type Acquirer, enroll, PEOPLE, type Town } from './town.ts';

/** A till asks every five seconds until it is over. */
const ABANDONED_MS = 60_000;

/** Of every account of the sandbox's wallets. */
const PIN = '246810';

export interface Life {
  readonly plan: LifePlan;
  /** What the shop calls its payment, or the marketplace; null while it has none. */
  payment: string | null;
  /** Shown in the morning, charged when its minute is long over. */
  code: string | null;
  /** What came of giving back, by what was asked. */
  readonly outcomes: string[];
}

export interface Scene extends Pick<Town, 'world' | 'market' | 'stubborn'> {
  readonly life: Life;
  readonly wallet: Wallet;
  readonly acquirer: Acquirer;
  readonly shop: string;
  readonly account: string;
  readonly faults: Faults;
}

/** Who pays where: of the wallets and acquirers that can, those that the plan drew. */
export function sceneOf(town: Town, life: Life, faults: Faults): Scene {
  const { kind, wallet, acquirer, shop, person } = life.plan;
  const acquirers =
    kind === 'push' ? town.acquirers.filter(({ pushSchemes }) => pushSchemes.length > 0) : town.acquirers;
  const there = acquirers[acquirer % acquirers.length] as Acquirer;
  const market = isOwn(kind) ? 'CN' : there.country;
  const mode = MODES[kind];
  const able = town.wallets.filter(
    ({ modes, markets, currency }) =>
      markets[market] === 'live' &&
      (mode === undefined || modes.includes(mode)) &&
      (!isOwn(kind) || currency !== 'USD'),
  );
  const { world, stubborn } = town;
  return {
    ...{ world, stubborn, market: town.market, life, faults, acquirer: there },
    wallet: able[wallet % able.length] as Wallet,
    shop: there.shops[shop % there.shops.length] as string,
    account: `person-${person % PEOPLE}`,
  };
}

const MODES: Readonly<Partial<Record<LifePlan['kind'], string>>> = {
  entry_code: 'cashier',
  cashier: 'cashier',
  own_order: 'cashier',
  own_code: 'merchantPresented',
  agreement: 'autoDebit',
};

interface ShopPayment {
  readonly id: string;
  readonly state: string;
  readonly resultCode: string;
  readonly codeValue: string | null;
  readonly paymentUrl: string | null;
}

/** Minor units for about a dollar. */
const A_DOLLAR: Readonly<Record<string, number>> = { JPY: 150, KRW: 1_360, SGD: 134, EUR: 92, MYR: 440 };

export const amountOf = ({ life: { plan }, acquirer: { currency } }: Scene) => ({
  value: String(Math.ceil(((A_DOLLAR[currency] ?? 100) * plan.cents) / 100)),
  currency,
});

/** Begins, and in most kinds ends, the payment. */
export async function pay(scene: Scene): Promise<void> {
  if (scene.life.plan.faults[0]) await scene.stubborn(() => scene.faults.order('pay'));
  await unlessRefused(() => PAYING[scene.life.plan.kind](scene));
}

/** A person or a till that hears no leaves it at that. */
export async function unlessRefused<Answer>(act: () => Promise<Answer>): Promise<Answer | string> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused && error.status < 500)
      return String(error.problem.detail ?? error.problem.message ?? error.problem.error);
    throw error;
  }
}

const PAYING: Readonly<Record<LifePlan['kind'], (scene: Scene) => Promise<void>>> = {
  payment_code: async (scene) => void (await charge(scene, 'payment_code', { paymentCode: await showCode(scene) })),
  payment_code_pin: async (scene) => {
    const account = `pin-${scene.life.plan.number}`;
    const person = { ...scene, account };
    await scene.stubborn(() => enroll(scene.world, scene.wallet, account, '1'));
    await charge(person, 'payment_code', { paymentCode: await showCode(person) });
    const home = await scene.stubborn(() => scene.world.wallets.get<string>(`/phone/${scene.wallet.slug}/${account}`));
    const asked = /\/payments\/([0-9A-Za-z_-]+)"/.exec(home)?.[1];
    if (asked !== undefined) await typePin(person, asked);
  },
  order_code: async (scene) => scanAndPay(scene, (await charge(scene, 'order_code')).codeValue),
  private_code: async (scene) => scanAndPay(scene, (await charge(scene, 'private_code')).codeValue),
  store_code: async (scene) => scanAndPay(scene, await printed(scene, 'printed-codes')),
  push: async (scene) => scanAndPay(scene, await printed(scene, 'national-codes')),
  entry_code: async (scene) =>
    openAndPay(
      scene,
      (await charge(scene, 'entry_code', { userAgent: `Mozilla/5.0 ${scene.wallet.brandCode}` })).paymentUrl,
    ),
  cashier: async (scene) =>
    openAndPay(scene, (await charge(scene, 'cashier', { wallet: scene.wallet.brandCode })).paymentUrl),
  agreement: async (scene) => {
    const { wallet, account, world } = scene;
    const agreed = await scene.stubborn(() =>
      world.wallets.post<{ accessToken: string }>('/_sandbox/access-tokens', { walletId: wallet.slug, account }),
    );
    await charge(scene, 'agreement', { wallet: wallet.brandCode, accessToken: agreed.accessToken });
  },
  own_order: payOwnOrder,
  own_code: payOwnCode,
  expired_code: async (scene) => {
    scene.life.code = await showCode(scene);
  },
  used_code: async (scene) => {
    const paymentCode = await showCode(scene);
    await charge(scene, 'payment_code', { paymentCode });
    const again = await charge(scene, 'payment_code', { paymentCode }, 'again');
    scene.life.outcomes.push(`used_code ${again.state} ${again.resultCode}`);
  },
  abandoned: async (scene) => void (await charge(scene, 'order_code', { expiresInMs: ABANDONED_MS })),
  declined: async (scene) => {
    const account = `poor-${scene.life.plan.number}`;
    await scene.stubborn(() => enroll(scene.world, scene.wallet, account, '99999999999999'));
    const order = { resultCode: 'USER_BALANCE_NOT_ENOUGH', walletId: scene.wallet.slug, account };
    await scene.stubborn(() => scene.world.wallets.post('/_sandbox/declines', order));
    const paymentCode = await showCode({ ...scene, account });
    await charge(scene, 'payment_code', { paymentCode });
  },
};

/** Under one request id, so that a till that asks again after a crash asks for the same payment. */
export async function charge(
  scene: Scene,
  scenario: string,
  payer: object = {},
  suffix = 'sale',
): Promise<ShopPayment> {
  const { world, acquirer, shop, life, stubborn } = scene;
  const body = {
    ...{ acquirerId: acquirer.acquirerId, merchantId: shop, amount: amountOf(scene), scenario, ...payer },
    paymentRequestId: `life-${life.plan.number}-${suffix}`,
  };
  const payment = await stubborn(() => world.shops.post<ShopPayment>('/_sandbox/payments', body));
  life.payment ??= payment.id;
  return payment;
}

const showCode = async ({ world, wallet, account, stubborn }: Scene): Promise<string> =>
  (
    await stubborn(() =>
      world.wallets.post<{ code: string }>('/_sandbox/payment-codes', { walletId: wallet.slug, account }),
    )
  ).code;

const printed = async (
  { world, acquirer: { acquirerId }, shop: merchantId, stubborn }: Scene,
  what: string,
): Promise<string> =>
  (await stubborn(() => world.shops.post<{ code: string }>(`/_sandbox/${what}`, { acquirerId, merchantId }))).code;

interface Scanned {
  readonly payment?: { readonly paymentId: string };
  readonly askAmount?: object;
}

/** A code without an amount asks for it; what the hub could not answer is scanned once more. */
async function scanAndPay(scene: Scene, code: string | null): Promise<void> {
  if (code === null) return;
  const { world, wallet, account, life, stubborn } = scene;
  const body = { walletId: wallet.slug, account, code };
  const typed = { paymentAmount: amountOf(scene), userRequestId: `life-${life.plan.number}` };
  const scan = (asked: object): Promise<Scanned | string> =>
    unlessRefused(() => stubborn(() => world.wallets.post<Scanned>('/_sandbox/scans', asked)));
  const twice = async (asked: object): Promise<Scanned | string> => {
    const first = await scan(asked);
    return typeof first === 'string' ? scan(asked) : first;
  };
  const seen = await twice(body);
  const read = typeof seen !== 'string' && seen.askAmount !== undefined ? await twice({ ...body, ...typed }) : seen;
  if (typeof read === 'string' || read.payment === undefined) return void life.outcomes.push('not scanned');
  await typePin(scene, read.payment.paymentId);
}

async function openAndPay(scene: Scene, url: string | null): Promise<void> {
  if (url === null) return;
  await typePin(scene, new URL(url).pathname.split('/').at(-1) as string);
}

const typePin = ({ world, wallet, account, stubborn }: Scene, paymentId: string): Promise<unknown> =>
  unlessRefused(() =>
    stubborn(() =>
      world.wallets.post('/_sandbox/confirmations', { walletId: wallet.slug, account, paymentId, pin: PIN }),
    ),
  );

interface OwnPayment {
  readonly id: string;
  readonly state: string;
  readonly action: { readonly url: string } | null;
}

export const own = (cents: number) => ({ value: String(cents), currency: 'USD' });

async function payOwnOrder(scene: Scene): Promise<void> {
  const { market, life, wallet, stubborn } = scene;
  const { number, cents } = life.plan;
  const key = (what: string): string => `life-${number}-${what}`;
  const terms = {
    ...{
      seller: market.seller,
      buyer: market.buyer,
      reference: `LIFE-${number}`,
      description: 'Lamps',
      total: own(cents),
    },
    ...{ instalments: [{ amount: own(cents), due: 'now' }], shipBy: { daysAfterFirstPayment: 50 } },
  };
  const { id } = await stubborn(() => market.api.post<{ id: string }>('/v1/orders', terms, key('order')));
  const asked = { instalment: 1, method: { type: 'wallet', wallet: wallet.slug } };
  const begun = await stubborn(() => market.api.post<OwnPayment>(`/v1/orders/${id}/payments`, asked, key('pay')));
  life.payment = begun.id;
  await openAndPay(scene, begun.action?.url ?? null);
  await stubborn(() => market.api.post(`/v1/payments/${begun.id}/continue`, {}, key('back')));
}

/** The marketplace shows a code through AMS; whoever scans it pays, and only then there is a payment. */
async function payOwnCode(scene: Scene): Promise<void> {
  const { market, life, stubborn } = scene;
  const reference = `LIFE-${life.plan.number}`;
  await scanAndPay(scene, await stubborn(() => showOwnCode(scene, reference)));
  const { data: orders } = await stubborn(() => market.api.get<Page<{ id: string }>>(`/v1/orders?q=${reference}`));
  const order = orders[0]?.id;
  const { data } = await stubborn(() => market.api.get<Page<{ id: string }>>(`/v1/payments?order=${order}`));
  life.payment = data[0]?.id ?? null;
}

/** Under one request id: the same code, however often it is asked for. */
async function showOwnCode({ market, life: { plan } }: Scene, reference: string): Promise<string> {
  const amount = own(plan.cents);
  const said = await market.ams.call('payments/pay', {
    ...{ productCode: 'IN_STORE_PAYMENT', paymentRequestId: `life-${plan.number}`, paymentAmount: amount },
    order: { referenceOrderId: reference, orderDescription: 'Lamps', orderAmount: amount },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
    paymentFactor: { inStorePaymentScenario: 'OrderCode' },
    settlementStrategy: { settlementCurrency: 'USD' },
  });
  const form = said.orderCodeForm as { readonly codeDetails: readonly { readonly codeValue: string }[] } | undefined;
  const value = form?.codeDetails[0]?.codeValue;
  if (value === undefined) throw new Error(`no code was shown: ${said.result.resultCode}`);
  return value;
}
