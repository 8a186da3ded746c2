/**
 * Who pays, as a request to pay says it: `productCode` says by what right, `paymentMethodType` with what, `paymentFactor` how a shop and
 * its buyer have met. A card is charged or typed on the hosted page; everything else is a wallet.
 */
import type { WalletPayer, WalletWish } from '../../ams/index.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Fields } from './fields.ts';
import { ANY_WALLET } from './views.ts';

export interface ReadPayer {
  /** `paymentMethodType`, which a repeat must not change. */
  readonly method: string;
  /** Of a card that is charged at once. */
  readonly token: string | null;
  readonly wallet: WalletWish | null;
}

type Read = Result<ReadPayer, Refusal<'unsupported_product' | 'unsupported_method'>>;

const PRODUCTS = ['CASHIER_PAYMENT', 'AGREEMENT_PAYMENT', 'IN_STORE_PAYMENT'] as const;

/** `session`: the buyer chooses on the hosted page. Checks in this order: the product, the method, what it needs. */
export function readPayer(fields: Fields, kind: 'pay' | 'session'): Read {
  const said = fields.needText('productCode', 64);
  const method = fields.needText('paymentMethod.paymentMethodType', 64);
  const product = PRODUCTS.find((known) => known === said);
  if (product === undefined || (kind === 'session' && product !== 'CASHIER_PAYMENT'))
    return refuse('unsupported_product', `${said} is not offered here`, { pointer: '/productCode' });
  if (method === 'CARD' && product !== 'CASHIER_PAYMENT')
    return refuse('unsupported_product', 'cards pay by CASHIER_PAYMENT', { pointer: '/productCode' });
  if (method === 'CARD') return readCard(fields, kind);
  if (kind === 'session')
    return refuse('unsupported_method', `${method} is not offered here`, {
      pointer: '/paymentMethod/paymentMethodType',
    });
  const payer = readWallet(fields, product, method);
  return ok({ method, token: null, wallet: { payer, quote: fields.text('paymentQuote.quoteId', 64) } });
}

function readCard(fields: Fields, kind: 'pay' | 'session'): Read {
  const token = kind === 'session' ? null : fields.text('paymentMethod.paymentMethodId', 128);
  if (fields.has('paymentQuote')) fields.reject('paymentQuote', 'is for payments by wallet');
  return ok({ method: 'CARD', token, wallet: null });
}

/** `brand`: `paymentMethodType`. */
function readWallet(fields: Fields, product: (typeof PRODUCTS)[number], brand: string): WalletPayer {
  if (product === 'CASHIER_PAYMENT') return { kind: 'page', brand };
  if (product === 'AGREEMENT_PAYMENT')
    return { kind: 'token', brand, token: fields.needText('paymentMethod.paymentMethodId', 128) };
  const scenarios = ['PaymentCode', 'OrderCode', 'EntryCode'] as const;
  switch (fields.word('paymentFactor.inStorePaymentScenario', scenarios)) {
    case 'PaymentCode':
      return { kind: 'payment_code', code: fields.needText('paymentMethod.paymentMethodId', 512) };
    case 'EntryCode':
      return { kind: 'entry_page', userAgent: fields.needText('order.env.userAgent', 1024) };
    case 'OrderCode':
      if (fields.has('paymentQuote')) fields.reject('paymentQuote', 'the price is fixed when the code is scanned');
      return { kind: 'order_code', brand: brand === ANY_WALLET ? null : brand };
    case null:
      fields.reject('paymentFactor.inStorePaymentScenario', 'is needed');
      return { kind: 'page', brand };
  }
}
