/** The pages of a phone besides the payment's: the wallets, home, own code, the amount for a printed code, history. Pure. */
import { exponentOf } from '../../src/base/currency.ts';
import { clockText } from '../base/alipay-time.ts';
import type { Reply } from '../base/http-server.ts';
import { fieldsOf, textOf } from '../base/message-fields.ts';
import { amountText } from '../base/money-text.ts';
import { escaped, page } from '../base/page-frame.ts';
import { DEMO } from './accounts.ts';
import { drawPaymentCode } from './draw-code.ts';
import { shopName } from './payment-facts.ts';
import { homePath, shopText, statusText } from './payment-page.ts';
import type { KeptScan } from './scan-code.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import type { ShownCode } from './shown-codes.ts';
import type { Wallet } from './wallet.ts';

export function walletsPage(wallets: readonly Wallet[]): Reply {
  const items = wallets.map(
    ({ walletId, name, country, currency }) =>
      `<li><a href="/phone/${walletId}/${DEMO}"><span>${escaped(name)}<small>${country}</small></span><span>${currency}</span></a></li>`,
  );
  return page(SANDBOX, { title: 'Wallets', body: `<ul>${items.join('')}</ul>` });
}

const SANDBOX = { name: 'Home wallets', colour: '#2b3a4d' };

export const nothingPage = (what: string): Reply =>
  page(SANDBOX, { title: 'Nothing here', body: `<p>${escaped(what)}</p>`, status: 404 });

export interface Home {
  readonly account: AccountRow;
  readonly waiting: readonly PaymentRow[];
  readonly latest: readonly PaymentRow[];
  readonly error?: string | undefined;
  /** What the person had put in when it was refused. */
  readonly code?: string;
}

export function homePage(wallet: Wallet, { account, waiting, latest, error, code = '' }: Home): Reply {
  const home = homePath(wallet, account.account);
  const frozen = account.status === 'frozen' ? '<p class="bad">This account is frozen. It cannot pay.</p>' : '';
  const body = `
    <p class="quiet">${escaped(account.name)} · ${escaped(account.phone)}</p>
    <p class="balance">${escaped(amountText(account.balance, wallet.currency, wallet.locale))}</p>
    ${frozen}
    ${waiting.length === 0 ? '' : `<h2>Waiting for you</h2>${list(wallet, account.account, waiting)}`}
    ${wallet.modes.includes('merchantPresented') ? scanForm(home, code, error !== undefined) : ''}
    ${wallet.modes.includes('userPresented') ? form(`${home}/code`, 'Show my code', 'plain') : ''}
    ${wallet.modes.includes('autoDebit') ? form(`${home}/auth-code`, 'Allow a shop to charge me', 'plain') : ''}
    <h2>Today’s rate</h2>
    <form method="get" action="${home}/rate">
      <label for="currency">Currency of the shop</label>
      <input id="currency" name="currency" maxlength="3" pattern="[A-Za-z]{3}" placeholder="JPY" required autocomplete="off" autocapitalize="characters">
      <button type="submit" class="plain">Ask for the rate</button>
    </form>
    <h2>Latest payments</h2>
    ${latest.length === 0 ? '<p class="quiet">None yet.</p>' : list(wallet, account.account, latest)}
    ${latest.length === 0 ? '' : `<a class="button plain" href="${home}/history">All payments</a>`}`;
  return page(wallet, { title: 'Your wallet', body, error });
}

const scanForm = (home: string, code: string, isWrong: boolean): string => `
    <form method="post" action="${home}/scan" autocomplete="off">
      <label for="code">Scan a code of a shop</label>
      <p id="scan-hint" class="quiet">This phone has no camera: paste what the code says.</p>
      <textarea id="code" name="code" required spellcheck="false" autocapitalize="off"
        aria-describedby="${isWrong ? 'error scan-hint' : 'scan-hint'}"${isWrong ? ' aria-invalid="true"' : ''}>${escaped(code)}</textarea>
      <button type="submit">Go on</button>
    </form>`;

const form = (action: string, text: string, kind: string): string =>
  `<form method="post" action="${action}"><button type="submit" class="${kind}">${text}</button></form>`;

const list = (wallet: Wallet, account: string, payments: readonly PaymentRow[]): string => {
  const items = payments.map((payment) => {
    const state = payment.state === 'waiting' ? 'To confirm' : statusText(payment);
    const [left, right] = [
      `${escaped(shopText(payment))}<small>${clockText(Number(payment.paid_ms ?? payment.created_ms))}</small>`,
      `${escaped(amountText(payment.charge, wallet.currency, wallet.locale))}<small>${state}</small>`,
    ];
    return `<li><a href="${homePath(wallet, account)}/payments/${payment.id}"><span>${left}</span><span>${right}</span></a></li>`;
  });
  return `<ul>${items.join('')}</ul>`;
};

export const historyPage = (wallet: Wallet, account: string, payments: readonly PaymentRow[]): Reply =>
  page(wallet, {
    title: 'Your payments',
    body: `${payments.length === 0 ? '<p>None yet.</p>' : list(wallet, account, payments)}${backLink(wallet, account)}`,
  });

export function codePage(wallet: Wallet, account: string, { code, expiresMs }: ShownCode): Reply {
  const drawn = drawPaymentCode(code);
  const body = `
    <p>Let the shop scan this. It is good once, until ${clockText(expiresMs)}.</p>
    <div class="code">
      <div class="qr" role="img" aria-label="QR code of your payment code">${drawn.qr}</div>
      <div role="img" aria-label="Bar code of your payment code">${drawn.bars}</div>
      <p class="digits">${code.replace(/(.{4})(?=.)/g, '$1 ')}</p>
    </div>
    ${form(`${homePath(wallet, account)}/code`, 'New code', '')}
    ${backLink(wallet, account)}`;
  return page(wallet, { title: 'Your code', body });
}

export function amountPage(
  wallet: Wallet,
  account: string,
  { scan, error }: { scan: KeptScan; error?: string },
): Reply {
  const decimals = exponentOf(scan.orderCurrency) > 0;
  const latin = textOf(fieldsOf(scan.order.merchant).merchantDisplayName, 256);
  const hint = decimals ? 'With a point before the decimals.' : `${scan.orderCurrency} has no decimals.`;
  const body = `
    <p><strong>${escaped(shopName(scan.order) ?? 'A shop')}</strong>${latin === null ? '' : `<br>${escaped(latin)}`}</p>
    <form method="post" action="${homePath(wallet, account)}/amount/${scan.id}" autocomplete="off">
      <label for="amount">Amount in ${scan.orderCurrency}</label>
      <p id="hint" class="quiet">What the shop asks for. ${hint}</p>
      <input id="amount" name="amount" class="big" inputmode="${decimals ? 'decimal' : 'numeric'}" maxlength="18" required autofocus
        aria-describedby="${error === undefined ? 'hint' : 'error hint'}"${error === undefined ? '' : ' aria-invalid="true"'}>
      <button type="submit">Go on</button>
    </form>
    ${backLink(wallet, account)}`;
  return page(wallet, { title: 'How much?', body, error });
}

/** One message with a way back, for what needs no page of its own. */
export const messagePage = (wallet: Wallet, account: string, { title, html }: { title: string; html: string }): Reply =>
  page(wallet, { title, body: `${html}${backLink(wallet, account)}` });

export const choosePage = (wallet: Wallet, payment: PaymentRow, accounts: readonly AccountRow[]): Reply =>
  page(wallet, {
    title: 'Who pays?',
    body: `<p>${escaped(shopText(payment))} asks for ${escaped(amountText(payment.charge, wallet.currency, wallet.locale))}.</p>
    <ul>${accounts
      .map(
        ({ account, name, balance }) =>
          `<li><a href="${homePath(wallet, account)}/payments/${payment.id}"><span>${escaped(name)}<small>${account}</small></span><span>${escaped(amountText(balance, wallet.currency, wallet.locale))}</span></a></li>`,
      )
      .join('')}</ul>`,
  });

const backLink = (wallet: Wallet, account: string): string =>
  `<a class="button plain" href="${homePath(wallet, account)}">Back to ${escaped(wallet.name)}</a>`;
