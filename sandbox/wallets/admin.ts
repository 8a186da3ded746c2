/** What tests, stories and curious people order: wallets, the hub, accounts, declines, and what a phone does, without a phone. */
import { randomBytes } from '../../src/base/random.ts';
import { timeText } from '../base/alipay-time.ts';
import { hubUrl } from '../base/exchange-keys.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import { amountOf, type Fields, textOf } from '../base/message-fields.ts';
import { registerHub } from '../base/register-hub.ts';
import { findAccount, move, openAccount } from './accounts.ts';
import { confirmPayment } from './confirm-payment.ts';
import { disputesOf, openDispute, shownDispute } from './disputes.ts';
import { rotateKey, walletKey } from './keys.ts';
import { REFUSALS } from './messages.ts';
import { shownPayment } from './payment-answer.ts';
import { type Scan, scanCode } from './scan-code.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import { askPaymentCode } from './shown-codes.ts';
import { applyToken, makeAuthCode } from './tokens.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export function adminRoutes(wallets: Wallets): readonly Route[] {
  const route = (
    method: string,
    pattern: string,
    act: (wallets: Wallets, request: Request) => Reply | Promise<Reply>,
  ) => ({
    method,
    pattern: `/_sandbox/${pattern}`,
    handle: (request: Request) => act(wallets, request),
  });
  return [
    route('GET', 'wallets', () => json(200, { wallets: wallets.list.all() })),
    route('POST', 'wallets', addWallet),
    route('GET', 'wallets/:walletId', showWallet),
    route('POST', 'wallets/:walletId/keys', makeKey),
    route('POST', 'hub', ({ store }, request) => registerHub(store, request)),
    route('GET', 'hub', () => json(200, { url: hubUrl(wallets.store) })),
    route('POST', 'users', changeUser),
    route('GET', 'users', showUsers),
    route('POST', 'payment-codes', showCode),
    route('POST', 'scans', scan),
    route('POST', 'confirmations', confirm),
    route('POST', 'auth-codes', authCode),
    route('POST', 'access-tokens', accessToken),
    route('POST', 'declines', orderDecline),
    route('POST', 'disputes', dispute),
    route('GET', 'disputes', showDisputes),
  ];
}

const wrong = (message: string): Reply => problem(422, 'invalid_request', message);
const unknownWallet = (): Reply => problem(404, 'unknown_wallet', 'there is no such wallet');

function addWallet({ list }: Wallets, request: Request): Reply {
  const added = list.add(bodyObject(request));
  if (added.ok) return json(201, added.value);
  return problem(added.error.code === 'wallet_exists' ? 409 : 422, added.error.code, added.error.detail);
}

async function showWallet(wallets: Wallets, request: Request): Promise<Reply> {
  const wallet = wallets.list.find(request.params.walletId ?? '');
  if (wallet === null) return unknownWallet();
  const { version, publicKey } = await walletKey(wallets.store, wallet.walletId);
  const baseUrl = `${wallets.settings.publicUrl}/alipayplus/mpp/${wallet.walletId}`;
  return json(200, { ...wallet, baseUrl, keyVersion: version, publicKey });
}

async function makeKey({ list, store }: Wallets, request: Request): Promise<Reply> {
  const wallet = list.find(request.params.walletId ?? '');
  if (wallet === null) return unknownWallet();
  const { version, publicKey } = await rotateKey(store, wallet.walletId);
  return json(201, { keyVersion: version, publicKey });
}

function changeUser(wallets: Wallets, request: Request): Reply {
  const body = bodyObject(request) ?? {};
  const wallet = wallets.list.find(String(body.walletId));
  const account = textOf(body.account, 40);
  if (wallet === null) return unknownWallet();
  if (account === null || !/^[a-z0-9-]+$/.test(account) || account === 'pay')
    return wrong('account must be of a-z, 0-9 and -, and not "pay"');
  const { balance, status, pinAbove } = body;
  if (balance !== undefined && !isUnits(balance)) return wrong('balance must be minor units as text');
  if (pinAbove !== undefined && pinAbove !== null && !isUnits(pinAbove))
    return wrong('pinAbove must be minor units as text');
  if (status !== undefined && status !== 'active' && status !== 'frozen')
    return wrong('status must be active or frozen');
  const name = textOf(body.name, 60);
  return wallets.store.transaction(() => {
    const found =
      findAccount(wallets, wallet, account) ??
      openAccount(wallets, wallet, { account, name: name ?? 'Sam Traveller', balance: wallet.startBalance });
    if (isUnits(balance)) {
      const amount = BigInt(balance) - found.balance;
      move(wallets, { walletId: wallet.walletId, account, kind: 'correction', amount, paymentId: null });
    }
    const pin = pinAbove === undefined ? found.pin_above : isUnits(pinAbove) ? BigInt(pinAbove) : null;
    wallets.store.run(
      'update account set name = ?, status = ?, pin_above = ? where wallet_id = ? and account = ?',
      ...[name ?? found.name, status ?? found.status, pin, wallet.walletId, account],
    );
    const row = findAccount(wallets, wallet, account);
    return row === null ? unknownWallet() : json(200, shownUser(wallet, row));
  });
}

const isUnits = (value: unknown): value is string => typeof value === 'string' && /^\d{1,15}$/.test(value);

function showUsers({ store, list }: Wallets, request: Request): Reply {
  const wallet = list.find(request.query.get('walletId') ?? '');
  if (wallet === null) return unknownWallet();
  const rows = store.all<AccountRow>('select * from account where wallet_id = ? order by account', wallet.walletId);
  return json(200, { users: rows.map((row) => shownUser(wallet, row)) });
}

const shownUser = (wallet: Wallet, row: AccountRow) => ({
  walletId: wallet.walletId,
  account: row.account,
  customerId: row.customer_id,
  name: row.name,
  balance: row.balance,
  currency: wallet.currency,
  status: row.status,
  pinAbove: row.pin_above,
});

/** The wallet and the account that a body names, or how it is answered. */
function namedAccount(wallets: Wallets, body: Fields): { wallet: Wallet; row: AccountRow } | Reply {
  const wallet = wallets.list.find(String(body.walletId));
  if (wallet === null) return unknownWallet();
  const row = findAccount(wallets, wallet, String(body.account));
  return row === null ? problem(404, 'unknown_account', 'there is no such account') : { wallet, row };
}

async function showCode(wallets: Wallets, request: Request): Promise<Reply> {
  const named = namedAccount(wallets, bodyObject(request) ?? {});
  if (!('wallet' in named)) return named;
  const asked = await askPaymentCode(wallets, named.wallet, named.row);
  if (!asked.ok) return problem(422, asked.error.code, asked.error.detail);
  return json(201, { code: asked.value.code, expiresAt: timeText(asked.value.expiresMs) });
}

async function scan(wallets: Wallets, request: Request): Promise<Reply> {
  const body = bodyObject(request) ?? {};
  const named = namedAccount(wallets, body);
  if (!('wallet' in named)) return named;
  const amount = amountOf(body.paymentAmount);
  if (body.paymentAmount !== undefined && amount === null) return wrong('paymentAmount must be {currency, value}');
  const userRequestId = textOf(body.userRequestId) ?? randomBytes(16).toString('hex');
  const asked: Scan = {
    code: textOf(body.code, 1_024) ?? '',
    ...(amount === null ? {} : { typed: { amount, userRequestId } }),
  };
  const scanned = await scanCode(wallets, named.wallet, { account: named.row, scan: asked });
  if (!scanned.ok) return problem(422, scanned.error.code, scanned.error.detail);
  switch (scanned.value.kind) {
    case 'payment':
      return json(200, { payment: shownPayment(scanned.value.payment) });
    case 'askAmount':
      return json(200, { askAmount: { scanId: scanned.value.scanId } });
    case 'open':
      return json(200, { open: scanned.value.url });
  }
}

function confirm(wallets: Wallets, request: Request): Reply {
  const body = bodyObject(request) ?? {};
  const named = namedAccount(wallets, body);
  if (!('wallet' in named)) return named;
  const asked = { account: named.row.account, paymentId: String(body.paymentId), pin: String(body.pin) };
  const done = confirmPayment(wallets, named.wallet, asked);
  return done.ok
    ? json(200, { payment: shownPayment(done.value) })
    : problem(done.error.code === 'no_payment' ? 404 : 422, done.error.code, done.error.detail);
}

function authCode(wallets: Wallets, request: Request): Reply {
  const named = namedAccount(wallets, bodyObject(request) ?? {});
  if (!('wallet' in named)) return named;
  return json(201, { authCode: makeAuthCode(wallets, named.wallet, named.row.account) });
}

/** What an acquirer got once from somebody who agreed to be charged by it. */
function accessToken(wallets: Wallets, request: Request): Reply {
  const named = namedAccount(wallets, bodyObject(request) ?? {});
  if (!('wallet' in named)) return named;
  const authCode = makeAuthCode(wallets, named.wallet, named.row.account);
  const { accessToken: token } = applyToken(wallets, named.wallet, { authCode });
  return typeof token === 'string'
    ? json(201, { accessToken: token })
    : wrong(`${named.wallet.name} has no auto debit`);
}

async function dispute(wallets: Wallets, request: Request): Promise<Reply> {
  const body = bodyObject(request) ?? {};
  const { kind = 'escalation' } = body;
  if (kind !== 'retrieval' && kind !== 'escalation') return wrong('kind must be retrieval or escalation');
  const amount = amountOf(body.amount);
  if (body.amount !== undefined && amount === null) return wrong('amount must be {currency, value}');
  const payment = namedPayment(wallets, body.paymentId);
  const wallet = payment === null ? null : wallets.list.find(payment.wallet_id);
  if (payment === null || wallet === null) return problem(404, 'no_payment', 'there is no such payment');
  const reason = textOf(body.reason, 256) ?? 'The goods did not arrive';
  const opened = await openDispute(wallets, wallet, { payment, dispute: { kind, reason, amount } });
  return opened.ok ? json(201, shownDispute(opened.value)) : problem(422, opened.error.code, opened.error.detail);
}

const namedPayment = ({ store }: Wallets, id: unknown): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where id = ?1 or payment_request_id = ?1', String(id));

function showDisputes(wallets: Wallets, request: Request): Reply {
  const payment = namedPayment(wallets, request.query.get('paymentId') ?? '');
  if (payment === null) return problem(404, 'no_payment', 'there is no such payment');
  return json(200, { disputes: disputesOf(wallets, payment).map(shownDispute) });
}

function orderDecline({ store, list }: Wallets, request: Request): Reply {
  const { resultCode, walletId, account, count = 1 } = bodyObject(request) ?? {};
  if (typeof resultCode !== 'string' || !Object.hasOwn(REFUSALS, resultCode))
    return wrong(`resultCode must be one of ${Object.keys(REFUSALS).join(', ')}`);
  if (walletId !== undefined && list.find(String(walletId)) === null) return unknownWallet();
  const times = Number(count);
  if (!Number.isSafeInteger(times) || times < 1) return wrong('count must be a whole number of at least 1');
  store.run(
    'insert into decline (wallet_id, account, result_code, left_count) values (?, ?, ?, ?)',
    ...[walletId === undefined ? null : String(walletId), account === undefined ? null : String(account)],
    ...[resultCode, times],
  );
  return json(201, { resultCode, walletId, account, count: times });
}
