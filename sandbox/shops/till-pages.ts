/** The pages of tills besides a payment's: acquirers and shops, the till, the printed codes; and a shop's entry page. Pure. */
import { exponentOf } from '../../src/base/currency.ts';
import { clockText } from '../base/alipay-time.ts';
import type { Reply } from '../base/http-server.ts';
import { amountText } from '../base/money-text.ts';
import { escaped, page } from '../base/page-frame.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { drawQr } from './draw-code.ts';
import { brandOf, type Place, paymentPath, shopPath, stateText } from './payment-page.ts';
import type { PaymentRow } from './schema.ts';

const SANDBOX = { name: 'Shops abroad', colour: '#2b3a4d' };
/** An acquirer may have thousands; those are found by their address. */
const MOST_SHOWN = 50;

export function shopsPage(all: readonly { readonly acquirer: Acquirer; readonly shops: readonly Shop[] }[]): Reply {
  const lists = all.map(({ acquirer, shops }) => {
    const items = shops.slice(0, MOST_SHOWN).map((shop) => {
      const name = shop.localName ?? shop.name;
      return `<li><a href="${shopPath({ acquirer, shop })}"><span>${escaped(name)}<small>${escaped(shop.name)} · ${escaped(shop.city)}</small></span><span>${shop.currency}</span></a></li>`;
    });
    const more = shops.length > MOST_SHOWN ? `<p class="quiet">And ${shops.length - MOST_SHOWN} more.</p>` : '';
    return `<h2>${escaped(acquirer.name)} <small class="quiet">${acquirer.country}</small></h2><ul>${items.join('')}</ul>${more}`;
  });
  return page(SANDBOX, { title: 'Acquirers and shops', body: lists.join('') });
}

export const nothingPage = (what: string): Reply =>
  page(SANDBOX, { title: 'Nothing here', body: `<p>${escaped(what)}</p>`, status: 404 });

export interface TillRow {
  readonly payment: PaymentRow;
  readonly given: bigint;
}

export interface Till {
  readonly latest: readonly TillRow[];
  readonly error?: string | undefined;
  /** What the clerk had typed when it was refused. */
  readonly amount?: string;
  readonly code?: string;
}

export function tillPage(place: Place, { latest, error, amount = '', code = '' }: Till): Reply {
  const { acquirer, shop } = place;
  const path = shopPath(place);
  const own =
    acquirer.codePrefixes.length === 0
      ? ''
      : '<button type="submit" name="action" value="private_code" class="plain">Show a code of our own</button>';
  const body = `
    <p class="quiet">${escaped(shop.name)} · ${escaped(shop.city)} · ${escaped(acquirer.name)}</p>
    <form method="post" action="${path}" autocomplete="off">
      ${amountField(shop, { typed: amount, isWrong: error !== undefined })}
      <button type="submit" name="action" value="order_code">Show a code to scan</button>
      ${own}
      <label for="code">Code on the payer’s phone</label>
      <p id="code-hint" class="quiet">This till has no scanner: type the digits or paste them.</p>
      <input id="code" name="code" inputmode="numeric" maxlength="40" value="${escaped(code)}" aria-describedby="code-hint">
      <button type="submit" name="action" value="payment_code">Charge this code</button>
    </form>
    <a class="button plain" href="${path}/printed">Printed codes</a>
    <h2>Latest payments</h2>
    ${latest.length === 0 ? '<p class="quiet">None yet.</p>' : list(place, latest)}
    <a class="button plain" href="/">All shops</a>`;
  return page(brandOf(place), { title: 'Till', body, error });
}

export function amountField({ currency }: Shop, { typed, isWrong }: { typed: string; isWrong: boolean }): string {
  const decimals = exponentOf(currency) > 0;
  return `
      <label for="amount">Amount in ${currency}</label>
      <p id="hint" class="quiet">${decimals ? 'With a point before the decimals.' : `${currency} has no decimals.`}</p>
      <input id="amount" name="amount" class="big" inputmode="${decimals ? 'decimal' : 'numeric'}" maxlength="18" required autofocus
        value="${escaped(typed)}" aria-describedby="${isWrong ? 'error hint' : 'hint'}"${isWrong ? ' aria-invalid="true"' : ''}>`;
}

function list(place: Place, rows: readonly TillRow[]): string {
  const { locale } = place.acquirer;
  const items = rows.map(({ payment, given }) => {
    const when = clockText(Number(payment.paid_ms ?? payment.created_ms));
    const [left, right] = [
      `${escaped(amountText(payment.amount, payment.currency, locale))}<small>${when}</small>`,
      `${given > 0n && given < payment.amount ? 'Partly refunded' : stateText(payment, given)}<small>${escaped(payment.wallet ?? SCENARIO_TEXT[payment.scenario])}</small>`,
    ];
    return `<li><a href="${paymentPath(place, payment)}"><span>${left}</span><span>${right}</span></a></li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

const SCENARIO_TEXT: Readonly<Record<PaymentRow['scenario'], string>> = {
  payment_code: 'payer’s code',
  order_code: 'order code',
  entry_code: 'shop’s page',
  cashier: 'cashier',
  agreement: 'agreement',
  private_code: 'code of our own',
  store_code: 'printed code',
  push_code: 'national code',
};

/** Each is a text, or why there is none. */
export interface Printed {
  readonly title: string;
  readonly code: string | null;
  readonly why: string | null;
}

export function printedPage(place: Place, codes: readonly Printed[]): Reply {
  const parts = codes.map(({ title, code, why }) =>
    code === null
      ? `<h2>${title}</h2><p class="bad" role="alert">There is none now: ${escaped(why ?? '')}.</p>`
      : `<h2>${title}</h2>
    <div class="code">
      <div class="qr" role="img" aria-label="${title}">${drawQr(code)}</div>
      <p class="digits">${escaped(code)}</p>
    </div>`,
  );
  const back = `<a class="button plain" href="${shopPath(place)}">Back to the till</a>`;
  return page(brandOf(place), { title: 'Printed codes', body: `${parts.join('')}${back}` });
}

export interface Entry {
  /** The wallet that opened the page, where it says so. */
  readonly wallet: string | null;
  readonly error?: string | undefined;
  readonly amount?: string;
}

export function entryPage(place: Place, path: string, { wallet, error, amount = '' }: Entry): Reply {
  const { shop } = place;
  const name = shop.localName === null || shop.localName === shop.name ? '' : `<p>${escaped(shop.name)}</p>`;
  const hidden = wallet === null ? '' : `<input type="hidden" name="wallet" value="${escaped(wallet)}">`;
  const body = `
    ${name}
    <form method="post" action="${escaped(path)}" autocomplete="off">
      ${amountField(shop, { typed: amount, isWrong: error !== undefined })}
      ${hidden}
      <button type="submit">Pay</button>
    </form>`;
  return page(brandOf(place), { title: 'How much?', body, error, leadsOut: true });
}
