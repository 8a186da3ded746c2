/** The shops as a process: what was answered is there after a kill, and is asked about again. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type StartedNetwork, startNetwork, temporaryFolder } from '../base/start-network.ts';

const folder = temporaryFolder();
let shops: StartedNetwork;
after(async () => {
  await shops?.end('SIGTERM');
  folder.remove();
});

const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await (await fetch(`${shops.url}/_sandbox/${path}`, init)).json()) as Record<string, unknown>;
};

test('shops killed with SIGKILL know their payments, their keys and what was added', async () => {
  // Nobody listens there: every pay is without an answer.
  const settings = { HUB_URL: 'http://127.0.0.1:9' };
  shops = await startNetwork('shops', folder.path, settings);
  const order = {
    acquirerId: 'seoul',
    merchantId: 'bukchon-books',
    amount: { currency: 'KRW', value: '21000' },
    scenario: 'order_code',
  };
  const sold = await ask('payments', { ...order, paymentRequestId: 'kept' });
  assert.equal(sold.state, 'waiting');
  await ask('acquirers/seoul/keys', {});
  await ask('shops', { acquirerId: 'seoul', merchantId: 'late-shop', name: 'Late Shop', mcc: '5499', city: 'Seoul' });
  const { acquirers: before } = await ask('acquirers');
  await shops.end('SIGKILL');
  shops = await startNetwork('shops', folder.path, settings);
  // The port is another one.
  const withoutPort = (value: unknown): string => JSON.stringify(value).replace(/127\.0\.0\.1:\d+/g, '');
  assert.equal(withoutPort((await ask('acquirers')).acquirers), withoutPort(before));
  const found = await ask('payment?acquirerId=seoul&reference=kept');
  assert.deepEqual([found.id, found.state], [sold.id, 'waiting']);
  const clock = (await (await fetch(`${shops.url}/_sandbox/clock`)).json()) as { nextDue: string | null };
  assert.notEqual(clock.nextDue, null, 'it will be asked about');
});
