/**
 * The page of one payment at the till: the code to scan while it waits, how it stands, what the hub owes for it, cancel and refund; and the
 * result as the payer sees it in the shop's page. Both switch into the language of the shop once it has ended. Pure.
 */
import { exponentOf } from '../../src/base/currency.ts';
import { clockText } from '../base/alipay-time.ts';
import type { Reply } from '../base/http-server.ts';
import { fieldsOf, textOf } from '../base/message-fields.ts';
import { amountText, majorUnits } from '../base/money-text.ts';
import { escaped, page } from '../base/page-frame.ts';
import { ENGLISH, type Words, wordsOfCountry } from '../base/result-words.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { drawQr } from './draw-code.ts';
import type { PaymentRow, RefundRow } from './schema.ts';

/** A shop with its acquirer. */
export interface Place {
  readonly acquirer: Acquirer;
  readonly shop: Shop;
}

export interface ShownPayment {
  readonly payment: PaymentRow;
  readonly refunds: readonly RefundRow[];
}

const RELOAD_SECONDS = 5;

export const shopPath = ({ acquirer, shop }: Place): string => `/shop/${acquirer.slug}/${shop.merchantId}`;
export const paymentPath = (place: Place, { id }: PaymentRow): string => `${shopPath(place)}/payments/${id}`;

export const brandOf = ({ acquirer, shop }: Place) => ({ name: shop.localName ?? shop.name, colour: acquirer.colour });

/** `language` is what the switch asked for; English without. */
export function tillPaymentPage(
  place: Place,
  shown: ShownPayment,
  asked: { language: string | null; error?: string },
): Reply {
  const { payment } = shown;
  const path = paymentPath(place, payment);
  const isOpen = payment.state === 'shown' || payment.state === 'waiting' || payment.state === 'canceling';
  const body = `
    ${resultPart(place, shown, { language: asked.language, path })}
    ${isOpen ? codePart(payment) : ''}
    ${isOpen ? form(path, { action: 'ask', text: 'Ask where it stands', kind: 'plain' }) : ''}
    ${payment.state === 'paid' ? refundForm(place, shown, asked.error !== undefined) : ''}
    ${mayCancel(shown) ? form(path, { action: 'cancel', text: 'Cancel this payment', kind: 'plain' }) : ''}
    <a class="button plain" href="${shopPath(place)}">Back to the till</a>`;
  const reloadSeconds = isOpen && asked.error === undefined ? RELOAD_SECONDS : undefined;
  return page(brandOf(place), { title: 'Payment', body, error: asked.error, reloadSeconds });
}

/** What the person sees who comes back from the wallet. */
export function payerResultPage(
  place: Place,
  shown: ShownPayment,
  asked: { language: string | null; path: string },
): Reply {
  const isOpen = shown.payment.state === 'shown' || shown.payment.state === 'waiting';
  const body = `${resultPart(place, shown, asked)}<p class="quiet">You can close this page.</p>`;
  return page(brandOf(place), { title: 'Your payment', body, reloadSeconds: isOpen ? RELOAD_SECONDS : undefined });
}

function resultPart(
  place: Place,
  { payment, refunds }: ShownPayment,
  { language, path }: { language: string | null; path: string },
): string {
  const { acquirer, shop } = place;
  const local = hasEnded(payment) ? wordsOfCountry(acquirer.country) : null;
  const words = local !== null && language === local.language ? local : ENGLISH;
  const other = words === ENGLISH ? local : ENGLISH;
  const given = refunds.filter(({ state }) => state === 'refunded').reduce((sum, { amount }) => sum + amount, 0n);
  const money = (amount: bigint): string => amountText(amount, payment.currency, acquirer.locale);
  const name = shop.localName === null || shop.localName === shop.name ? shop.name : `${shop.localName} (${shop.name})`;
  return `
    <div lang="${words.language}">
      <p class="${toneOf(payment)}" role="status">${stateText(payment, given, words)}</p>
      ${payment.state === 'failed' && words === ENGLISH ? `<p>${escaped(payment.result_message)} (${escaped(payment.result_code)})</p>` : ''}
      <dl>
        ${line(words.shop, name)}
        <div class="total"><dt>${words.amount}</dt><dd class="whole">${escaped(money(payment.amount))}</dd></div>
        ${given > 0n ? line(words.refunded, money(given), 'whole') : ''}
        ${payment.paid_ms === null ? '' : line(words.time, clockText(Number(payment.paid_ms)))}
        ${words === ENGLISH ? factLines(place, payment) : ''}
        ${line(words.number, payment.hub_payment_id ?? payment.payment_request_id)}
      </dl>
    </div>
    ${other === null ? '' : `<a class="button plain" lang="${other.language}" hreflang="${other.language}" href="${path}?lang=${other.language}">${other.called}</a>`}`;
}

function factLines({ acquirer }: Place, payment: PaymentRow): string {
  const { settlement, settlement_currency: currency, wallet, quote } = payment;
  const rate = quote === null ? {} : fieldsOf(JSON.parse(quote));
  const price =
    rate.quotePrice === undefined ? null : `${String(rate.quotePrice)} ${textOf(rate.quoteCurrencyPair) ?? ''}`;
  return [
    wallet === null ? '' : line('Wallet', wallet),
    settlement === null ? '' : line('The hub owes', amountText(settlement, currency, acquirer.locale), 'whole'),
    price === null ? '' : line('At', price),
  ].join('');
}

const hasEnded = ({ state }: PaymentRow): boolean => state === 'paid' || state === 'failed' || state === 'canceled';

const toneOf = ({ state }: PaymentRow): string =>
  state === 'paid' ? 'good' : state === 'failed' || state === 'canceled' ? 'bad' : 'open';

/** `given` is what was refunded, in the payment's currency. */
export function stateText(
  payment: Pick<PaymentRow, 'state' | 'amount'>,
  given: bigint,
  words: Words = ENGLISH,
): string {
  switch (payment.state) {
    case 'shown':
      return 'Nobody has scanned yet';
    case 'waiting':
      return 'Waiting for the payer';
    case 'canceling':
      return 'Being canceled';
    case 'paid':
      return given === payment.amount ? words.refunded : words.paid;
    case 'failed':
      return words.notPaid;
    case 'canceled':
      return words.canceled;
  }
}

function codePart({ code, pay_url: url, expires_ms: expiresMs, state }: PaymentRow): string {
  if (state === 'canceling') return '';
  const until = `<p class="quiet">Good until ${clockText(Number(expiresMs))}.</p>`;
  if (code !== null)
    return `
    <div class="code">
      <div class="qr" role="img" aria-label="QR code of this payment">${drawQr(code)}</div>
      <p class="digits">${escaped(code)}</p>
    </div>
    ${until}`;
  return url === null ? until : `<a class="button" href="${escaped(url)}">Open the wallet’s page</a>${until}`;
}

const mayCancel = ({ payment, refunds }: ShownPayment): boolean =>
  payment.state === 'shown' ||
  payment.state === 'waiting' ||
  (payment.state === 'paid' && refunds.every(({ state }) => state === 'refused'));

function refundForm(place: Place, { payment, refunds }: ShownPayment, isWrong: boolean): string {
  const asked = refunds.filter(({ state }) => state !== 'refused').reduce((sum, { amount }) => sum + amount, 0n);
  const left = payment.amount - asked;
  if (left === 0n) return '';
  const decimals = exponentOf(payment.currency) > 0;
  return `
    <h2>Refund</h2>
    <form method="post" action="${paymentPath(place, payment)}" autocomplete="off">
      <label for="amount">Amount in ${payment.currency}</label>
      <p id="hint" class="quiet">${decimals ? 'With a point before the decimals.' : `${payment.currency} has no decimals.`}</p>
      <input id="amount" name="amount" class="big" inputmode="${decimals ? 'decimal' : 'numeric'}" maxlength="18" required
        value="${majorUnits(left, payment.currency)}" aria-describedby="${isWrong ? 'error hint' : 'hint'}"${isWrong ? ' aria-invalid="true"' : ''}>
      <button type="submit" name="action" value="refund">Refund</button>
    </form>`;
}

const form = (path: string, { action, text, kind }: { action: string; text: string; kind: string }): string =>
  `<form method="post" action="${path}"><button type="submit" name="action" value="${action}" class="${kind}">${text}</button></form>`;

/** `whole` is not broken over two lines. */
const line = (name: string, value: string, kind?: 'whole'): string =>
  `<div><dt>${escaped(name)}</dt><dd${kind === undefined ? '' : ` class="${kind}"`}>${escaped(value)}</dd></div>`;
