/**
 * consult: which ways to pay are offered for an amount, and why not. Cards, in the currencies that can be paid out, and the home wallets of
 * the buyer's region, each with its limits in its own currency. Nothing is locked by asking.
 */
import { sellerNamed } from '../../ams/index.ts';
import type { Currency } from '../../base/currency.ts';
import type { Money } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import { accountsFor, findMarketplace, type WalletParticipant } from '../../parties/index.ts';
import { offerWallets, type WalletOffers } from '../../payments/index.ts';
import { PAYABLE_CURRENCIES } from '../../protection/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { SUCCESS } from './results.ts';
import { amountOf } from './views.ts';

/** As the vault names them. */
const BRANDS = ['visa', 'mastercard', 'american-express', 'discover', 'jcb', 'diners-club', 'unionpay'] as const;
const GLOBAL = 'GLOBAL';

interface Wish {
  readonly amount: Money;
  /** The buyer's region, or those that the client allows. */
  readonly regions: readonly string[];
  /** Of the seller; null when nobody says whose order it would be: then no wallet is offered. */
  readonly sellerCountry: string | null;
}

export async function consult(call: Call): Promise<Answer> {
  const { client, fields } = call;
  const product = fields.needText('productCode', 64);
  const amount = fields.needAmount('paymentAmount');
  const country = fields.text('userRegion', 2) ?? client.defaults.buyerCountry;
  const merchantRegion = fields.text('merchantRegion', 2);
  const seller = fields.text('merchant.referenceMerchantId', 64);
  const isAllowed = readFilters(fields);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (product !== 'CASHIER_PAYMENT')
    return refused({ code: 'unsupported_product', detail: 'only CASHIER_PAYMENT is offered', pointer: '/productCode' });
  const allowedRegions = wordsOf(fields.raw('allowedPaymentMethodRegions')).filter((region) => region !== GLOBAL);
  const regions = allowedRegions.length === 0 ? [country] : allowedRegions;
  const wish = { amount, regions, sellerCountry: merchantRegion ?? (await countryOf(call, seller)) };
  const options = [await cards(call, wish, country), ...(await wallets(call, wish))].filter(isAllowed);
  return options.length === 0
    ? refused({ code: 'no_options', detail: 'nothing of what is allowed is offered' })
    : { result: SUCCESS, paymentOptions: options };
}

interface Option {
  readonly paymentMethodType: string;
  readonly paymentMethodRegion: readonly string[];
  readonly [field: string]: unknown;
}

/** An empty list allows everything; what is blocked is never offered. */
function readFilters(fields: Fields): (option: Option) => boolean {
  const [types, regions, blocked] = [
    wordsOf(fields.raw('allowedPaymentMethods')),
    wordsOf(fields.raw('allowedPaymentMethodRegions')),
    wordsOf(fields.raw('blockedPaymentMethods')),
  ];
  return ({ paymentMethodType: type, paymentMethodRegion }) =>
    (types.length === 0 || types.includes(type)) &&
    (regions.length === 0 || paymentMethodRegion.some((region) => regions.includes(region))) &&
    !blocked.includes(type);
}

async function countryOf({ app, client }: Call, named: string | null): Promise<string | null> {
  const name = named ?? client.defaults.seller;
  return name === null ? null : ((await sellerNamed(app.journal.db, client, name))?.country ?? null);
}

async function cards({ app, client }: Call, { amount }: Wish, country: string): Promise<Option> {
  const marketplace = await findMarketplace(app.journal.db, client.marketplace);
  const { currency } = amount;
  const brands = BRANDS.filter(
    (brand) =>
      accountsFor(marketplace?.cardRoutes ?? [], app.payments.accounts.all, { currency, brand, country }).length > 0,
  );
  const payable = isPayable(currency);
  const enabled = payable && brands.length > 0 && amount.amount > 0n;
  return {
    paymentMethodType: 'CARD',
    paymentMethodCategory: 'CARD',
    paymentMethodRegion: [GLOBAL],
    enabled,
    preferred: false,
    ...(enabled ? {} : { disableReason: payable ? 'PAYMENT_NOT_AVAILABLE' : 'CURRENCY_NOT_SUPPORT' }),
    supportedCurrencies: PAYABLE_CURRENCIES,
    paymentOptionDetail: {
      supportCardBrands: brands.map((brand) => ({ cardBrand: brand.toUpperCase().replaceAll('-', '_') })),
    },
  };
}

const isPayable = (currency: Currency): boolean => PAYABLE_CURRENCIES.includes(currency);

async function wallets({ app, client }: Call, { amount, regions, sellerCountry }: Wish): Promise<readonly Option[]> {
  if (sellerCountry === null) return [];
  const asked = { marketplace: client.marketplace, amount, sellerCountry };
  const offers = await Promise.all(regions.map((country) => offerWallets(app.payments, { ...asked, country })));
  const payable = isPayable(amount.currency) && amount.amount > 0n;
  return offers.flatMap((offer) => walletOptions(offer, payable));
}

const walletOptions = ({ offered, refused }: WalletOffers, payable: boolean): readonly Option[] => [
  ...offered.map(({ wallet }) => walletOption(wallet, payable ? null : 'CURRENCY_NOT_SUPPORT')),
  ...refused.map(({ wallet, because }) => walletOption(wallet, reasonOf(because))),
];

function walletOption({ wallet }: WalletParticipant, disableReason: string | null): Option {
  const single = limitsOf(wallet);
  return {
    paymentMethodType: wallet.brandCode,
    paymentMethodCategory: 'ALIPAY_PLUS',
    paymentMethodRegion: [wallet.country],
    enabled: disableReason === null,
    preferred: false,
    ...(disableReason === null ? {} : { disableReason }),
    supportedCurrencies: PAYABLE_CURRENCIES,
    ...(single === null ? {} : { amountLimitInfoMap: { [wallet.currency]: { singleLimit: single } } }),
  };
}

/** Of one payment; what a person may pay in a year only the wallet knows. Of several limits the narrowest counts. */
function limitsOf({ limits }: WalletParticipant['wallet']) {
  const of = (kind: 'min' | 'max') => limits.filter((limit) => limit.per === 'payment' && limit.kind === kind);
  const [least, most] = [
    of('min').reduce<Money | null>(
      (high, { amount }) => (high === null || amount.amount > high.amount ? amount : high),
      null,
    ),
    of('max').reduce<Money | null>(
      (low, { amount }) => (low === null || amount.amount < low.amount ? amount : low),
      null,
    ),
  ];
  if (least === null && most === null) return null;
  return {
    ...(least === null ? {} : { minAmount: amountOf(least) }),
    ...(most === null ? {} : { maxAmount: amountOf(most) }),
  };
}

/** In the documented words, where there is one. */
function reasonOf({ code }: Refusal): string {
  if (code === 'wallet_limit') return 'EXCEED_CHANNEL_LIMIT_RULE';
  return code === 'rate_unavailable' ? 'CURRENCY_NOT_SUPPORT' : 'PAYMENT_NOT_AVAILABLE';
}

const wordsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
