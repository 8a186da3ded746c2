/**
 * The page of one payment. While it waits: the shop, both amounts, the rate with everything in it, what part is fee, discounts and who
 * pays them, the masked account, the PIN. Afterwards: the result, switchable into the language of the shop. Pure.
 */
import type { Currency } from '../../src/base/currency.ts';
import { clockText } from '../base/alipay-time.ts';
import type { Reply } from '../base/http-server.ts';
import { amountOf, fieldsOf, textOf } from '../base/message-fields.ts';
import { amountText, rateText } from '../base/money-text.ts';
import { escaped, page } from '../base/page-frame.ts';
import { ENGLISH, type Words, wordsOfCountry } from '../base/result-words.ts';
import { PIN } from './confirm-payment.ts';
import { disputePart } from './dispute-part.ts';
import type { DisputeRow } from './disputes.ts';
import { contentOf } from './payment-answer.ts';
import { type Promotion, readPromotions, shopName } from './payment-facts.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';

export interface OnPage {
  readonly wallet: Wallet;
  readonly account: AccountRow;
  readonly payment: PaymentRow;
}

export const paymentPath = ({ wallet, account, payment }: OnPage): string =>
  `${homePath(wallet, account.account)}/payments/${payment.id}`;

export const homePath = ({ walletId }: Wallet, account: string): string => `/phone/${walletId}/${account}`;

export function confirmPage(shown: OnPage, error?: string): Reply {
  const { wallet, account, payment } = shown;
  const tied = error === undefined ? '' : ' aria-invalid="true"';
  const { orderDescription } = contentOf(payment).order;
  const body = `
    <dl>
      ${shopLines(payment, ENGLISH)}
      ${line('For', textOf(orderDescription, 256))}
      ${priceLines(wallet, payment)}
      ${line('From', wallet.name)}
      ${line('Account', account.phone, 'whole')}
      ${line('Balance', amountText(account.balance, wallet.currency, wallet.locale), 'whole')}
    </dl>
    <form method="post" action="${paymentPath(shown)}" autocomplete="off">
      <label for="pin">PIN</label>
      <p id="hint" class="quiet">In the sandbox every PIN is ${PIN}.</p>
      <input id="pin" name="pin" class="big" type="password" inputmode="numeric" maxlength="12" required autofocus
        aria-describedby="${error === undefined ? 'hint' : 'error hint'}"${tied}>
      <button type="submit">Pay ${escaped(amountText(payment.charge, wallet.currency, wallet.locale))}</button>
    </form>
    <form method="post" action="${paymentPath(shown)}">
      <button type="submit" name="action" value="decline" class="plain">Do not pay</button>
    </form>`;
  return page(wallet, { title: 'Confirm your payment', body, error });
}

export interface Result {
  /** What the switch asked for; English without. */
  readonly language: string | null;
  readonly disputes: readonly DisputeRow[];
  readonly error?: string;
}

export function resultPage(shown: OnPage, { language, disputes, error }: Result): Reply {
  const { wallet, account, payment } = shown;
  const local = wordsOfCountry(shopCountry(payment));
  const words = local !== null && language === local.language ? local : ENGLISH;
  const other = words === ENGLISH ? local : ENGLISH;
  const switchLink =
    other === null
      ? ''
      : `<a class="button plain" lang="${other.language}" hreflang="${other.language}" href="${paymentPath(shown)}?lang=${other.language}">${other.called}</a>`;
  const { paymentRedirectUrl: back } = contentOf(payment);
  const backLink =
    back !== null && /^https?:\/\//i.test(back) ? `<a class="button" href="${escaped(back)}">Back to the shop</a>` : '';
  const why =
    payment.state === 'failed' && words === ENGLISH
      ? `<p>${escaped(sentence(payment.result_message))} Nothing was taken from your balance.</p>`
      : '';
  const body = `
    <div lang="${words.language}">
      <p class="${payment.state === 'paid' ? 'good' : 'bad'}" role="status">${statusText(payment, words)}</p>
      ${why}
      <dl>
        ${shopLines(payment, words)}
        ${words === ENGLISH ? priceLines(wallet, payment) : ''}
        ${refundLine(wallet, payment, words)}
        ${payment.paid_ms === null ? '' : line(words.time, `${clockText(Number(payment.paid_ms))}`)}
        ${line(words.number, payment.id)}
      </dl>
    </div>
    ${switchLink}${backLink}
    ${words === ENGLISH ? disputePart({ payment, path: paymentPath(shown) }, disputes) : ''}
    <a class="button plain" href="${homePath(wallet, account.account)}">Back to ${escaped(wallet.name)}</a>`;
  return page(wallet, { title: 'Payment', body, error });
}

export function statusText(payment: PaymentRow, words: Words = ENGLISH): string {
  if (payment.state === 'closed') return words.canceled;
  if (payment.state !== 'paid') return words.notPaid;
  return payment.refunded === payment.payment_amount ? words.refunded : words.paid;
}

/** The shop as it writes itself, and in Latin letters when that differs. */
export function shopText({ content }: Pick<PaymentRow, 'content'>): string {
  const { order } = contentOf({ content } as PaymentRow);
  const name = shopName(order) ?? '';
  const latin = textOf(fieldsOf(order.merchant).merchantDisplayName, 256);
  return latin === null || latin === name ? name : `${name} (${latin})`;
}

function shopLines(payment: PaymentRow, words: Words): string {
  const amount = amountText(payment.payment_amount, payment.payment_currency, 'en');
  return line(words.shop, shopText(payment)) + (words === ENGLISH ? '' : line(words.amount, amount));
}

function priceLines(wallet: Wallet, payment: PaymentRow): string {
  const { currency, locale } = wallet;
  const promotions = readPromotions(wallet, contentOf(payment).paymentPromoInfo) ?? [];
  const full = payment.charge + promotions.reduce((sum, { savings }) => sum + savings, 0n);
  const fee = payment.fee + markupOf(payment, currency);
  const home = (amount: bigint) => amountText(amount, currency, locale);
  const isForeign = payment.payment_currency !== currency;
  const rate = { of: [payment.payment_amount, payment.payment_currency], costs: [full, currency] } as const;
  return [
    line('Price', amountText(payment.payment_amount, payment.payment_currency, locale), 'whole'),
    isForeign ? line('In your currency', home(full), 'whole') : '',
    isForeign ? line('All-in rate', rateText(rate, locale), 'whole') : '',
    fee > 0n || isForeign ? line('Of which fee', fee > 0n ? home(fee) : 'none', 'whole') : '',
    ...promotions.map((promotion) => line(promotionText(promotion, wallet), `− ${home(promotion.savings)}`, 'whole')),
    `<div class="total"><dt>${totalName(payment)}</dt><dd class="whole">${escaped(home(payment.charge))}</dd></div>`,
  ].join('');
}

function totalName({ state, paid_ms }: PaymentRow): string {
  if (state === 'waiting') return 'You pay';
  if (state === 'paid') return 'You paid';
  return paid_ms === null ? 'Not charged' : 'Given back';
}

function promotionText({ name, fundedBy }: Promotion, wallet: Wallet): string {
  const who = { WALLET: wallet.name, HUB: 'Alipay+', MERCHANT: 'the shop' }[fundedBy];
  return `${name}, from ${who}`;
}

function markupOf(payment: PaymentRow, currency: Currency): bigint {
  const markup = amountOf(contentOf(payment).paymentQuote?.markupAmount);
  return markup === null || markup.currency !== currency ? 0n : markup.amount;
}

function refundLine({ currency, locale }: Wallet, payment: PaymentRow, words: Words): string {
  if (payment.credited === 0n) return '';
  const given = amountText(payment.refunded, payment.payment_currency, locale);
  return line(
    words.refunded,
    words === ENGLISH ? `${given} · ${amountText(payment.credited, currency, locale)}` : given,
  );
}

const shopCountry = (payment: PaymentRow): string => {
  const { merchantAddress } = fieldsOf(contentOf(payment).order.merchant);
  return textOf(fieldsOf(merchantAddress).region, 2) ?? '';
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** `whole` is not broken over two lines. */
const line = (name: string, value: string | null, kind?: 'whole'): string => {
  const mark = kind === undefined ? '' : ` class="${kind}"`;
  return value === null ? '' : `<div><dt>${escaped(name)}</dt><dd${mark}>${escaped(value)}</dd></div>`;
};
