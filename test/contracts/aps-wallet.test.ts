/** The connector of wallets against the sandbox's wallets, in a process of their own: a payment's life, tokens, and what faults leave unknown. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type StartedNetwork, startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import { addMs, type Instant } from '../../src/base/clock.ts';
import { money } from '../../src/base/money.ts';
import { createApsWallet } from '../../src/connectors/aps-wallet/index.ts';
import type { WalletPayRequest, WalletTarget } from '../../src/connectors/ports/wallet.ts';
import { OWN_KEY, spki } from '../support/signed-party.ts';
import { fetchHttp } from './fetch-http.ts';

const ACQUIRER = 'ACQ00000000000001';
const http = fetchHttp({ vaultUrl: 'http://vault.test', cards: new Map() });
const network = createApsWallet({ http: () => http, own: OWN_KEY, timeoutMs: 2_000 });
const folder = temporaryFolder();
let clock: StartedNetwork;
let wallets: StartedNetwork;
let target: WalletTarget;
let expiresAt: Instant;

before(async () => {
  clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  wallets = await startNetwork('wallets', folder.path, { CLOCK_URL: clock.url });
  await admin('hub', { url: 'http://127.0.0.1:9', publicKey: spki(OWN_KEY.privateKey) });
  const shown = await fetch(`${wallets.url}/_sandbox/wallets/tng`);
  const { pspId, baseUrl, keyVersion, publicKey } = (await shown.json()) as Record<string, string>;
  const keys = [{ version: String(keyVersion), publicKey: String(publicKey) }];
  target = { participantId: String(pspId), endpoint: String(baseUrl), keys };
  const { now } = (await (await fetch(`${clock.url}/now`)).json()) as { now: Instant };
  expiresAt = addMs(now, 600_000);
});
after(async () => {
  await wallets.end('SIGTERM');
  await clock.end('SIGTERM');
  folder.remove();
});

async function admin(verb: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${wallets.url}/_sandbox/${verb}`, { method: 'POST', body: JSON.stringify(body) });
  assert.ok(response.ok, `${verb}: ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

let made = 0;
function wish(changes: Partial<WalletPayRequest> = {}): WalletPayRequest {
  made += 1;
  return {
    ...{ reference: `CONTRACT${made}`, acquirer: ACQUIRER, payer: { kind: 'cashier' } },
    ...{ amount: money(3_980n, 'JPY'), payTo: money(12_036n, 'MYR') },
    quote: {
      ...{ id: 'qte_1', rate: '0.030241', markup: money(119n, 'MYR') },
      ...{ from: expiresAt, until: expiresAt },
    },
    discounts: [],
    order: {
      ...{ reference: `order-${made}`, description: 'Matcha' },
      shop: { merchantId: 'm1', name: '浅草茶舗', country: 'JP', categoryCode: '5499' },
    },
    ...{ expiresAt, notifyUrl: 'http://127.0.0.1:9/aps/api/v1/payments/notifyPayment' },
    ...changes,
  };
}

async function token(): Promise<string> {
  const { authCode } = await admin('auth-codes', { walletId: 'tng', account: 'demo' });
  const applied = await network.applyToken(target, String(authCode));
  assert.ok(applied.outcome === 'approved', JSON.stringify(applied));
  return applied.accessToken;
}

const agreed = async (): Promise<WalletPayRequest> =>
  wish({ payer: { kind: 'agreement', accessToken: await token() } });
const ask = ({ reference, acquirer }: WalletPayRequest) => ({ reference, acquirer });

test('by agreement: paid, found, refunded in part with both sums, the same again', async () => {
  const request = await agreed();
  const paid = await network.pay(target, request);
  assert.equal(paid.outcome, 'approved');
  assert.deepEqual(await network.inquire(target, ask(request)), paid);
  const refund = {
    ...{ paymentReference: request.reference, reference: `${request.reference}R` },
    ...{ amount: money(1_000n, 'JPY'), payBack: money(3_024n, 'MYR'), reason: 'cold' },
  };
  const refunded = await network.refund(target, refund);
  assert.equal(refunded.outcome, 'approved');
  assert.deepEqual(await network.refund(target, refund), refunded);
  const late = await network.cancel(target, ask(request));
  assert.equal(late.outcome === 'refused' && late.code, 'ORDER_STATUS_INVALID');
});

test('on the wallet’s page: pending with its address, then canceled, and never paid', async () => {
  const request = wish();
  const waiting = await network.pay(target, request);
  assert.ok(waiting.outcome === 'pending');
  assert.match(String(waiting.payUrl), /\/phone\/tng\/pay\//);
  assert.deepEqual(await network.cancel(target, ask(request)), { outcome: 'done' });
  const after = await network.inquire(target, ask(request));
  assert.equal(after.outcome === 'declined' && after.code, 'ORDER_IS_CLOSED');
});

test('what never arrived is not found; canceled before it comes it is refused', async () => {
  const request = await agreed();
  assert.deepEqual(await network.inquire(target, ask(request)), { outcome: 'not_found' });
  assert.deepEqual(await network.cancel(target, ask(request)), { outcome: 'done' });
  const paid = await network.pay(target, request);
  assert.equal(paid.outcome === 'declined' && paid.code, 'ORDER_IS_CLOSED');
});

test('a limit names who set it; a wallet says no in its own words', async () => {
  const much = { amount: money(1_000_000n, 'JPY'), payTo: money(2_000_001n, 'MYR') };
  const over = await network.pay(target, { ...(await agreed()), ...much });
  const said = over.outcome === 'declined' ? [over.code, over.limitSetBy] : over;
  assert.deepEqual(said, ['PAYMENT_AMOUNT_EXCEED_LIMIT', "Touch 'n Go eWallet"]);
  await admin('declines', { resultCode: 'RISK_REJECT', walletId: 'tng' });
  const risky = await network.pay(target, await agreed());
  assert.equal(risky.outcome === 'declined' && risky.code, 'RISK_REJECT');
  const spent = await token();
  assert.deepEqual(await network.cancelToken(target, spent), { outcome: 'done' });
  const ended = await network.pay(target, wish({ payer: { kind: 'agreement', accessToken: spent } }));
  assert.equal(ended.outcome === 'declined' && ended.code, 'INVALID_TOKEN');
});

for (const [kind, found] of [
  ['drop_before', 'not_found'],
  ['drop_after', 'approved'],
  ['http_500', 'not_found'],
  ['http_503', 'not_found'],
  ['malformed', 'approved'],
] as const)
  test(`${kind}: nothing is known until it is asked for, then it is ${found}`, async () => {
    const request = await agreed();
    await admin('faults', { kind, operation: 'pay', count: 1 });
    assert.equal((await network.pay(target, request)).outcome, 'unknown');
    assert.equal((await network.inquire(target, ask(request))).outcome, found);
  });

test('a code nobody knows is understood by its status', async () => {
  await admin('faults', { kind: 'unknown_code', operation: 'pay', count: 1 });
  assert.equal((await network.pay(target, await agreed())).outcome, 'approved');
});

test('a key the wallet has gone over to is believed once it is known', async () => {
  const request = await agreed();
  const { keyVersion, publicKey } = await admin('wallets/tng/keys', {});
  assert.deepEqual(await network.pay(target, request), { outcome: 'unknown', cause: 'not_signed' });
  target = { ...target, keys: [...target.keys, { version: String(keyVersion), publicKey: String(publicKey) }] };
  assert.equal((await network.inquire(target, ask(request))).outcome, 'approved');
});
