/**
 * What the acquirer does by itself, against a scripted bank and merchant in this process: close, transfers, notifications.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Instant, MS_PER_DAY, msOf } from '../../src/base/clock.ts';
import { bodyObject, json, type Reply, type RunningServer, serve } from '../base/http-server.ts';
import { type StartedNetwork, startNetwork, startWeek, temporaryFolder } from '../base/start-network.ts';
import { dayOfMs } from '../base/working-days.ts';
import { type AcquirerClient, acquirerClient } from './test-client.ts';

const folder = temporaryFolder();
const transfers: { path: string; body: Record<string, unknown> }[] = [];
const notified: { requestId: string; notificationId: string; token: string }[] = [];
let bankAnswers: Reply = { status: 201 };
let merchantAnswers: Reply = { status: 204 };
let partner: RunningServer;
let clock: StartedNetwork;
let acquirer: StartedNetwork;
let client: AcquirerClient;

before(async () => {
  partner = await serve(0, [
    ...['credits', 'debits'].map((path) => ({
      method: 'POST',
      pattern: `/_interbank/${path}`,
      handle: (request: Parameters<typeof bodyObject>[0]) => {
        transfers.push({ path, body: bodyObject(request) ?? {} });
        return bankAnswers;
      },
    })),
    {
      method: 'POST',
      pattern: '/notify',
      handle: (request) => {
        const { requestId, notificationId } = bodyObject(request) ?? {};
        const token = request.headers.authorization ?? '';
        notified.push({ requestId: String(requestId), notificationId: String(notificationId), token });
        return merchantAnswers;
      },
    },
  ]);
  const url = `http://127.0.0.1:${partner.port}`;
  clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  const settings = {
    CLOCK_URL: clock.url,
    BANK_URL: url,
    NOTIFY_URL: `${url}/notify`,
    NOTIFY_TOKEN: 'merchant-secret',
  };
  acquirer = await startNetwork('acquirer', folder.path, settings);
  client = await acquirerClient(acquirer.url);
});

after(async () => {
  await Promise.all([clock, acquirer].map((network) => network?.end('SIGTERM')));
  await partner?.close();
  folder.remove();
});

const admin = (path: string, body: unknown) =>
  fetch(`${acquirer.url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });

async function advance(byMs: number): Promise<void> {
  const response = await fetch(`${clock.url}/advance`, { method: 'POST', body: JSON.stringify({ byMs }) });
  assert.equal(response.status, 200, await response.text());
}

const now = async (): Promise<Instant> => ((await (await fetch(`${clock.url}/now`)).json()) as { now: Instant }).now;

interface Batch {
  readonly id: string;
  readonly day: string;
  readonly net: string;
  readonly paid: string;
}

async function lastBatch(currency: string): Promise<Batch> {
  const response = await fetch(`${acquirer.url}/_sandbox/totals`);
  const { currencies } = (await response.json()) as { currencies: { currency: string; batches: Batch[] }[] };
  const batch = currencies.find((line) => line.currency === currency)?.batches.at(-1);
  assert.ok(batch, `a ${currency} batch`);
  return batch;
}

const report = (day: string) =>
  fetch(`${acquirer.url}/reports/settlement-details?day=${day}`, {
    headers: { authorization: `Bearer ${client.token}` },
  });

test('the report of a day adds up to what the bank is told, less an ordered short payment', async () => {
  await client.pay('S1', 10_000, { captureMethod: 'NOW' });
  await client.pay('S2', 3_980, { captureMethod: 'NOW', currency: 'JPY' });
  await admin('short-payment', { currency: 'USD', amount: '7' });
  const today = dayOfMs(msOf(await now()));
  await advance(4 * MS_PER_DAY);
  const usd = await lastBatch('USD');
  // 10,000 − 190 − 14 − 10
  assert.deepEqual([usd.net, usd.paid], ['9786', '9779']);
  const told = transfers.map(({ path, body }) => [path, body.endToEndId, body.amount, body.currency]);
  assert.deepEqual(
    told.sort(),
    [
      ['credits', (await lastBatch('JPY')).id, '3882', 'JPY'],
      ['credits', usd.id, '9779', 'USD'],
    ].sort(),
  );
  const issued = await report(usd.day);
  assert.ok(usd.day >= today);
  assert.match(
    issued.headers.get('content-disposition') ?? '',
    new RegExp(`SettlementDetails_998482157630_${usd.day}.csv`),
  );
  assert.equal((await issued.text()).trimEnd().split('\r\n').length, 5);
  const empty = await report(dayOfMs(Date.parse(usd.day) + MS_PER_DAY));
  assert.equal((await empty.text()).trimEnd().split('\r\n').length, 3, 'an empty day has a report too');
  assert.equal((await report(dayOfMs(msOf(await now()) + MS_PER_DAY))).status, 404);
});

test('more refunds and fees than sales become a debit; a bank that does not answer is asked again until it does', async () => {
  const sale = await client.pay('S3', 10_000, { captureMethod: 'NOW' });
  await advance(4 * MS_PER_DAY);
  await client.refund('S3R', sale.body.transactionId, 4_000);
  transfers.length = 0;
  bankAnswers = { status: 503 };
  await advance(4 * MS_PER_DAY);
  const tries = transfers.length;
  assert.ok(tries > 3, `${tries} tries`);
  assert.equal((await lastBatch('USD')).paid, '0');
  bankAnswers = { status: 201 };
  await advance(MS_PER_DAY);
  assert.equal(transfers.length, tries + 1);
  assert.deepEqual([transfers[0]?.path, transfers[0]?.body.amount], ['debits', '4010']);
  assert.equal((await lastBatch('USD')).paid, '-4010');
});

test('an authorization lapses seven days after it was given', async () => {
  const payment = await client.pay('L1', 1_000);
  await advance(7 * MS_PER_DAY);
  const late = await client.capture('L1C', payment.body.transactionId);
  assert.deepEqual([late.body.responseStatus, late.body.responseCode], ['DENIED', 'AUTHORIZATION_EXPIRED']);
  const seen = await client.send('GET', `/api/v2/payments/${payment.body.transactionId}`, 'Q');
  assert.equal(seen.body.remainingAuthAmount, 0);
});

test('notifications: delivered with the token, retried, doubled, delayed and dropped as ordered', async () => {
  const heard = (reference: string) => notified.filter(({ requestId }) => requestId === reference);
  assert.deepEqual([heard('S1').length, heard('S1')[0]?.token], [1, 'Bearer merchant-secret']);
  merchantAnswers = json(500, {});
  await client.pay('N1', 1_000);
  await advance(60_000);
  assert.equal(heard('N1').length, 3, 'at once, after 5 s, after 35 s');
  merchantAnswers = { status: 204 };
  await advance(MS_PER_DAY);
  assert.equal(heard('N1').length, 4);
  await admin('faults', { kind: 'notify_duplicate', operation: 'payments', count: 1 });
  await client.pay('N2', 1_000);
  await admin('faults', { kind: 'notify_delay', operation: 'payments', count: 1, delayMs: 3_600_000 });
  await client.pay('N3', 1_000);
  await admin('faults', { kind: 'notify_drop', operation: 'payments', count: 1 });
  await client.pay('N4', 1_000);
  await advance(60_000);
  assert.deepEqual([heard('N2').length, new Set(heard('N2').map((one) => one.notificationId)).size], [2, 1]);
  assert.deepEqual([heard('N3').length, heard('N4').length], [0, 0]);
  await advance(MS_PER_DAY);
  assert.deepEqual([heard('N3').length, heard('N4').length], [1, 0]);
});
