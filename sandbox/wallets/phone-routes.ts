/** What a phone does: each page and form of a person's wallet. A form that worked leads on with 303, so that a reload does nothing twice. */
import { isCurrency } from '../../src/base/currency.ts';
import { money } from '../../src/base/money.ts';
import type { Result } from '../../src/base/result.ts';
import type { Reply, Request, Route } from '../base/http-server.ts';
import { fieldsOf, textOf } from '../base/message-fields.ts';
import { typedAmount } from '../base/money-text.ts';
import { escaped, seeOther } from '../base/page-frame.ts';
import { DEMO, findAccount } from './accounts.ts';
import { callHub } from './call-hub.ts';
import { confirmPayment, declinePayment, paymentFor } from './confirm-payment.ts';
import { disputesOf, openDispute } from './disputes.ts';
import { confirmPage, homePath, type OnPage, paymentPath, resultPage } from './payment-page.ts';
import * as pages from './phone-pages.ts';
import { keptScan, type Scan, type Scanned, type ScanRefusal, scanCode } from './scan-code.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import { askPaymentCode } from './shown-codes.ts';
import { makeAuthCode } from './tokens.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

interface Holder {
  readonly wallet: Wallet;
  readonly account: AccountRow;
}

type Act = (wallets: Wallets, holder: Holder, request: Request) => Reply | Promise<Reply>;

export function phoneRoutes(wallets: Wallets): readonly Route[] {
  const of = (method: string, path: string, act: Act): Route => ({
    method,
    pattern: `/phone/:walletId/:account${path}`,
    handle: (request) => withHolder(wallets, request, act),
  });
  return [
    { method: 'GET', pattern: '/phone', handle: () => pages.walletsPage(wallets.list.all()) },
    {
      method: 'GET',
      pattern: '/phone/:walletId',
      handle: ({ params }) => seeOther(`/phone/${encodeURIComponent(params.walletId ?? '')}/${DEMO}`),
    },
    { method: 'GET', pattern: '/phone/:walletId/pay/:paymentId', handle: (request) => choosePayer(wallets, request) },
    of('GET', '', (_, holder) => home(wallets, holder)),
    of('POST', '/scan', scan),
    of('GET', '/amount/:scanId', (_, holder, request) => askAmount(wallets, holder, request)),
    of('POST', '/amount/:scanId', takeAmount),
    of('GET', '/payments/:paymentId', showPayment),
    of('POST', '/payments/:paymentId', takePin),
    of('POST', '/payments/:paymentId/dispute', complain),
    of('POST', '/code', newCode),
    of('GET', '/codes/:code', showCode),
    of('POST', '/auth-code', allowShop),
    of('GET', '/rate', showRate),
    of('GET', '/history', history),
  ];
}

function withHolder(wallets: Wallets, request: Request, act: Act): Reply | Promise<Reply> {
  const wallet = wallets.list.find(request.params.walletId ?? '');
  if (wallet === null) return pages.nothingPage('There is no such wallet.');
  const account = findAccount(wallets, wallet, request.params.account ?? '');
  if (account === null) return pages.nothingPage(`${wallet.name} has no such account.`);
  return act(wallets, { wallet, account }, request);
}

const LATEST = `select * from payment where wallet_id = ? and account = ? and state <> 'waiting' order by created_ms desc, rowid desc limit ?`;
const WAITING = `select * from payment where wallet_id = ? and account = ? and state = 'waiting' order by created_ms`;

function home({ store }: Wallets, { wallet, account }: Holder, refused?: { error: string; code: string }): Reply {
  const waiting = store.all<PaymentRow>(WAITING, wallet.walletId, account.account);
  const latest = store.all<PaymentRow>(LATEST, wallet.walletId, account.account, 5);
  return pages.homePage(wallet, { account, waiting, latest, ...refused });
}

function history({ store }: Wallets, { wallet, account }: Holder): Reply {
  return pages.historyPage(
    wallet,
    account.account,
    store.all<PaymentRow>(LATEST, wallet.walletId, account.account, 200),
  );
}

async function scan(wallets: Wallets, holder: Holder, request: Request): Promise<Reply> {
  const code = (formOf(request).get('code') ?? '').trim();
  const scanned = await scanCode(wallets, holder.wallet, { account: holder.account, scan: { code } });
  return scanned.ok ? goOn(holder, scanned.value) : home(wallets, holder, { error: refusalText(scanned), code });
}

function goOn({ wallet, account }: Holder, scanned: Scanned): Reply {
  switch (scanned.kind) {
    case 'payment':
      return seeOther(paymentPath({ wallet, account, payment: scanned.payment }));
    case 'askAmount':
      return seeOther(`${homePath(wallet, account.account)}/amount/${scanned.scanId}`);
    case 'open':
      return pages.messagePage(wallet, account.account, {
        title: 'The shop has a page',
        html: `<p>You leave the wallet: the amount is typed there.</p><a class="button" href="${escaped(scanned.url)}">Open the shop’s page</a>`,
      });
  }
}

function refusalText(refused: Extract<Result<Scanned, ScanRefusal>, { ok: false }>): string {
  const { code, detail } = refused.error;
  if (code === 'no_answer') return `Nothing was paid. Alipay+ did not answer (${detail}). Try again.`;
  return code === 'refused' ? `Nothing was paid. ${detail}` : `This cannot be paid: ${detail}.`;
}

function askAmount(wallets: Wallets, { wallet, account }: Holder, request: Request, error?: string): Reply {
  const kept = keptScan(wallets, wallet, { account: account.account, id: request.params.scanId ?? '' });
  if (kept === null) return pages.nothingPage('This code was not scanned here.');
  return pages.amountPage(wallet, account.account, { scan: kept, ...(error === undefined ? {} : { error }) });
}

async function takeAmount(wallets: Wallets, holder: Holder, request: Request): Promise<Reply> {
  const { wallet, account } = holder;
  const kept = keptScan(wallets, wallet, { account: account.account, id: request.params.scanId ?? '' });
  if (kept === null) return pages.nothingPage('This code was not scanned here.');
  const amount = typedAmount(formOf(request).get('amount') ?? '', kept.orderCurrency);
  if (amount === null) return askAmount(wallets, holder, request, `This is not an amount in ${kept.orderCurrency}.`);
  // One scan is one payment: the amount sent twice is the same request.
  const typed: NonNullable<Scan['typed']> = { amount: money(amount, kept.orderCurrency), userRequestId: kept.id };
  const scanned = await scanCode(wallets, wallet, { account, scan: { code: kept.code, typed } });
  return scanned.ok ? goOn(holder, scanned.value) : askAmount(wallets, holder, request, refusalText(scanned));
}

function paymentOf(wallets: Wallets, { wallet, account }: Holder, request: Request): OnPage | null {
  const of = { account: account.account, paymentId: request.params.paymentId ?? '' };
  const payment = paymentFor(wallets, wallet, of);
  return payment === null ? null : { wallet, account, payment };
}

function showPayment(wallets: Wallets, holder: Holder, request: Request): Reply {
  const shown = paymentOf(wallets, holder, request);
  if (shown === null) return pages.nothingPage('This payment is not one of this account.');
  if (shown.payment.state === 'waiting') return confirmPage(shown);
  const disputes = disputesOf(wallets, shown.payment);
  return resultPage(shown, { language: request.query.get('lang'), disputes });
}

/** The person says that something is wrong: the wallet asks the shop, or claims the money. */
async function complain(wallets: Wallets, holder: Holder, request: Request): Promise<Reply> {
  const shown = paymentOf(wallets, holder, request);
  if (shown === null) return pages.nothingPage('This payment is not one of this account.');
  const asked = formOf(request);
  const kind = asked.get('kind') === 'retrieval' ? 'retrieval' : 'escalation';
  const reason = textOf(asked.get('reason')?.trim(), 256) ?? 'Something is wrong with this payment';
  const dispute = { kind, reason, amount: null } as const;
  const opened = await openDispute(wallets, holder.wallet, { payment: shown.payment, dispute });
  if (opened.ok) return seeOther(paymentPath(shown));
  const error = `${holder.wallet.name} could not do that. ${opened.error.detail}`;
  return resultPage(shown, { language: null, disputes: disputesOf(wallets, shown.payment), error });
}

function takePin(wallets: Wallets, holder: Holder, request: Request): Reply {
  const shown = paymentOf(wallets, holder, request);
  if (shown === null) return pages.nothingPage('This payment is not one of this account.');
  const asked = formOf(request);
  const of = { account: holder.account.account, paymentId: shown.payment.id };
  if (asked.get('action') === 'decline') {
    declinePayment(wallets, holder.wallet, of);
    return seeOther(paymentPath(shown));
  }
  const done = confirmPayment(wallets, holder.wallet, { ...of, pin: asked.get('pin') ?? '' });
  if (done.ok) return seeOther(paymentPath(shown));
  const left = done.error.facts?.triesLeft;
  return confirmPage(shown, `This PIN is not right; ${left === 1 ? 'one try is' : `${String(left)} tries are`} left.`);
}

function choosePayer(wallets: Wallets, request: Request): Reply {
  const { store, list } = wallets;
  const wallet = list.find(request.params.walletId ?? '');
  if (wallet === null) return pages.nothingPage('There is no such wallet.');
  const find = 'select * from payment where id = ? and wallet_id = ?';
  const payment = store.first<PaymentRow>(find, request.params.paymentId ?? '', wallet.walletId);
  if (payment === null) return pages.nothingPage('There is no such payment.');
  if (payment.account !== null) return seeOther(`${homePath(wallet, payment.account)}/payments/${payment.id}`);
  findAccount(wallets, wallet, DEMO);
  const accounts = store.all<AccountRow>('select * from account where wallet_id = ? order by account', wallet.walletId);
  return pages.choosePage(wallet, payment, accounts);
}

async function newCode(wallets: Wallets, { wallet, account }: Holder): Promise<Reply> {
  const asked = await askPaymentCode(wallets, wallet, account);
  if (asked.ok) return seeOther(`${homePath(wallet, account.account)}/codes/${asked.value.code}`);
  return pages.messagePage(wallet, account.account, {
    title: 'No code',
    html: `<p class="bad" role="alert">There is no code for you now: ${escaped(asked.error.detail)}.</p>`,
  });
}

function showCode({ store, time }: Wallets, { wallet, account }: Holder, request: Request): Reply {
  const find = 'select code, expires_ms, used_by from payment_code where code = ? and wallet_id = ? and account = ?';
  const row = store.first<{ code: string; expires_ms: bigint; used_by: string | null }>(
    find,
    ...[request.params.code ?? '', wallet.walletId, account.account],
  );
  if (row === null) return pages.nothingPage('This is not a code of this account.');
  if (row.used_by !== null) return seeOther(`${homePath(wallet, account.account)}/payments/${row.used_by}`);
  if (Number(row.expires_ms) <= time.nowMs())
    return pages.messagePage(wallet, account.account, {
      title: 'Too old',
      html: '<p class="bad" role="alert">This code is not good any more. Ask for a new one.</p>',
    });
  return pages.codePage(wallet, account.account, { code: row.code, expiresMs: Number(row.expires_ms) });
}

function allowShop(wallets: Wallets, { wallet, account }: Holder): Reply {
  if (!wallet.modes.includes('autoDebit')) return pages.nothingPage(`${wallet.name} does not offer this.`);
  const code = makeAuthCode(wallets, wallet, account.account);
  return pages.messagePage(wallet, account.account, {
    title: 'Allow a shop to charge you',
    html: `<p>Give this code to the shop. It is good once and for ten minutes.</p><p class="code digits">${escaped(code)}</p>`,
  });
}

async function showRate(wallets: Wallets, { wallet, account }: Holder, request: Request): Promise<Reply> {
  const asked = (request.query.get('currency') ?? '').toUpperCase();
  const title = 'Today’s rate';
  const say = (text: string): Reply =>
    pages.messagePage(wallet, account.account, { title, html: `<p>${escaped(text)}</p>` });
  if (!isCurrency(asked)) return say('This is not a currency.');
  const body = {
    sellCurrency: wallet.currency,
    buyCurrency: asked,
    paymentFactor: { isInStorePayment: 'true' },
  };
  const answer = await callHub(wallets, wallet, { to: '/aps/v1/payments/inquiryForeignExchangeQuote', body });
  if (!answer.answered) return say(`Alipay+ did not answer (${answer.reason}).`);
  const price = Number(fieldsOf(answer.body.foreignExchangeQuote).quotePrice);
  if (answer.status !== 'S' || !(price > 0)) return say(`There is no rate for ${asked}: ${answer.code}.`);
  const rate = new Intl.NumberFormat(wallet.locale, { maximumSignificantDigits: 6 }).format(price);
  return say(`1 ${asked} is about ${rate} ${wallet.currency}. This is an indication: your rate is fixed when you pay.`);
}

const formOf = (request: Request): URLSearchParams => new URLSearchParams(request.body.toString('utf8'));
