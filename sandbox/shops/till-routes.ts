/** What a clerk does: each page and form of a till. A form that worked leads on with 303, so that a reload does nothing twice. */
import { money } from '../../src/base/money.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import type { Reply, Request, Route } from '../base/http-server.ts';
import { amountText, typedAmount } from '../base/money-text.ts';
import { seeOther } from '../base/page-frame.ts';
import { cancelPayment } from './cancel.ts';
import { inquire } from './follow-up.ts';
import { nationalCode } from './national-code.ts';
import { takePayment } from './pay.ts';
import type { Payer } from './pay-request.ts';
import { type Place, paymentPath, tillPaymentPage } from './payment-page.ts';
import { findPayment, mustFind, refundsOf } from './payment-rows.ts';
import { printStoreCode, registerEntryPage } from './print-codes.ts';
import { refundPayment } from './refund.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';
import * as pages from './till-pages.ts';

type Act = (shops: Shops, place: Place, request: Request) => Reply | Promise<Reply>;

export function tillRoutes(shops: Shops): readonly Route[] {
  const { list } = shops;
  const of = (method: string, path: string, act: Act): Route => ({
    method,
    pattern: `/shop/:acquirer/:merchant${path}`,
    handle: (request) => withPlace(shops, request, act),
  });
  const all = () => list.all().map((acquirer) => ({ acquirer, shops: list.shops(acquirer) }));
  return [
    { method: 'GET', pattern: '/', handle: () => pages.shopsPage(all()) },
    of('GET', '', till),
    of('POST', '', sell),
    of('GET', '/printed', printed),
    of('GET', '/payments/:payment', (_, place, request) => showPayment(shops, place, request)),
    of('POST', '/payments/:payment', changePayment),
  ];
}

/** The shop that a path names, or a page that says there is none. */
export function withPlace(shops: Shops, request: Request, act: Act): Reply | Promise<Reply> {
  const acquirer = shops.list.find(request.params.acquirer ?? '');
  if (acquirer === null) return pages.nothingPage('There is no such acquirer.');
  const shop = shops.list.shop(acquirer, request.params.merchant ?? '');
  if (shop === null) return pages.nothingPage(`${acquirer.name} has no such shop.`);
  return act(shops, { acquirer, shop }, request);
}

const LATEST = `
  select payment.*, (select coalesce(sum(amount), 0) from refund where payment_id = payment.id and refund.state = 'refunded') as given
  from payment where acquirer_id = ? and merchant_id = ? order by seq desc limit 20`;

function latestOf({ store }: Shops, { acquirer, shop }: Place): readonly pages.TillRow[] {
  const rows = store.all<PaymentRow & { readonly given: bigint }>(LATEST, acquirer.acquirerId, shop.merchantId);
  return rows.map((row) => ({ payment: row, given: row.given }));
}

const till = (shops: Shops, place: Place): Reply => pages.tillPage(place, { latest: latestOf(shops, place) });

async function sell(shops: Shops, place: Place, request: Request): Promise<Reply> {
  const { acquirer, shop } = place;
  const form = formOf(request);
  const [amount, code] = [form.get('amount') ?? '', (form.get('code') ?? '').replaceAll(/\s/g, '')];
  const again = (error: string): Reply =>
    pages.tillPage(place, { latest: latestOf(shops, place), error, amount, code });
  const typed = typedAmount(amount, shop.currency);
  if (typed === null) return again(`This is not an amount in ${shop.currency}.`);
  const payer = payerOf(form.get('action'), code);
  if (payer === null) return again('This is not a code of a wallet: 16 to 32 digits.');
  const taken = await takePayment(shops, acquirer, { shop, amount: money(typed, shop.currency), payer });
  return taken.ok ? seeOther(paymentPath(place, taken.value)) : again(`${taken.error.detail}.`);
}

function payerOf(action: string | null, paymentCode: string): Payer | null {
  if (action === 'private_code' || action === 'order_code') return { scenario: action };
  return /^\d{16,32}$/.test(paymentCode) ? { scenario: 'payment_code', paymentCode } : null;
}

async function printed(shops: Shops, place: Place): Promise<Reply> {
  const { acquirer, shop } = place;
  const shown = (title: string, made: Result<string, Refusal>): pages.Printed =>
    made.ok ? { title, code: made.value, why: null } : { title, code: null, why: made.error.detail };
  const national = acquirer.pushSchemes.map((scheme) => ({
    ...{ title: `Code of ${scheme}`, code: nationalCode(acquirer, shop, scheme), why: null },
  }));
  const store = shown('Store code', await printStoreCode(shops, acquirer, shop));
  const entry = shown('The shop’s page', await registerEntryPage(shops, acquirer, shop));
  return pages.printedPage(place, [store, entry, ...national]);
}

function paymentOf(shops: Shops, { acquirer, shop }: Place, request: Request): PaymentRow | null {
  const payment = findPayment(shops, acquirer, request.params.payment ?? '');
  return payment?.merchant_id === shop.merchantId ? payment : null;
}

function showPayment(shops: Shops, place: Place, request: Request, error?: string): Reply {
  const payment = paymentOf(shops, place, request);
  if (payment === null) return pages.nothingPage('This payment is not one of this shop.');
  const asked = { language: request.query.get('lang'), ...(error === undefined ? {} : { error }) };
  return tillPaymentPage(place, { payment, refunds: refundsOf(shops, payment) }, asked);
}

async function changePayment(shops: Shops, place: Place, request: Request): Promise<Reply> {
  const payment = paymentOf(shops, place, request);
  if (payment === null) return pages.nothingPage('This payment is not one of this shop.');
  const form = formOf(request);
  const error = await change(shops, place, { payment, form });
  return error === null ? seeOther(paymentPath(place, payment)) : showPayment(shops, place, request, error);
}

/** Why it was not done, or null. */
async function change(
  shops: Shops,
  { acquirer }: Place,
  { payment, form }: { readonly payment: PaymentRow; readonly form: URLSearchParams },
): Promise<string | null> {
  const action = form.get('action');
  if (action === 'ask') {
    if (payment.state !== 'shown') await inquire(shops, acquirer, payment);
    return null;
  }
  if (action === 'cancel') {
    const canceled = await cancelPayment(shops, acquirer, payment);
    return canceled.ok ? null : `It was not canceled: ${canceled.error.detail}.`;
  }
  const amount = typedAmount(form.get('amount') ?? '', payment.currency);
  if (amount === null) return `This is not an amount in ${payment.currency}.`;
  const refunded = await refundPayment(shops, acquirer, mustFind(shops, payment.id), { amount });
  if (!refunded.ok) return `It was not refunded: ${refunded.error.detail}.`;
  const { state, result_code: code, result_message: message } = refunded.value;
  if (state === 'asking')
    return `The hub has not answered yet; ${amountText(amount, payment.currency, acquirer.locale)} will be refunded once it has.`;
  return state === 'refused' ? `It was not refunded: ${message} (${code}).` : null;
}

export const formOf = (request: Request): URLSearchParams => new URLSearchParams(request.body.toString('utf8'));
