/** What the connector believes of a rate service's answers, and what it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkFault, type NetworkHttp, type NetworkRequest } from '../ports/network-http.ts';
import { createHttpFx } from './index.ts';

const GOOD = { source: 'desk', base: 'USD', asOf: '2026-11-24T10:00:00Z', rates: { EUR: '0.92', JPY: '153.300' } };

async function ask(body: unknown, status = 200, token: string | null = 'secret') {
  const requests: NetworkRequest[] = [];
  const http: NetworkHttp = {
    send: async (request) => {
      requests.push(request);
      const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
      return { status, headers: {}, body: bytes };
    },
  };
  const settings = { baseUrl: 'http://rates.test', token, base: 'USD', timeoutMs: 777 } as const;
  return { rates: await createHttpFx({ http, settings }).fetchRates(), requests };
}

test('a table is read as texts, asked for against our base, with the token', async () => {
  const { rates, requests } = await ask(GOOD);
  const perBase = { EUR: '0.92', JPY: '153.300', USD: '1' };
  assert.deepEqual(rates, { source: 'desk', base: 'USD', asOf: '2026-11-24T10:00:00.000Z', perBase });
  assert.deepEqual(requests[0]?.headers, { accept: 'application/json', authorization: 'Bearer secret' });
  assert.deepEqual([requests[0]?.url, requests[0]?.timeoutMs], ['http://rates.test/rates?base=USD', 777]);
  assert.deepEqual((await ask(GOOD, 200, null)).requests[0]?.headers, { accept: 'application/json' });
});

test('a currency we do not know is left out', async () => {
  const { rates } = await ask({ ...GOOD, rates: { XAU: '0.0004', EUR: '0.92', GALLEON: 7 } });
  assert.deepEqual(Object.keys(rates.perBase).sort(), ['EUR', 'USD']);
});

const UNREADABLE: readonly (readonly [string, unknown, number?])[] = [
  ['another status', GOOD, 503],
  ['no JSON', '<html>'],
  ['a cut answer', JSON.stringify(GOOD).slice(0, -9)],
  ['a list', 'null'],
  ['no source', { ...GOOD, source: '' }],
  ['another base', { ...GOOD, base: 'EUR' }],
  ['no moment', { ...GOOD, asOf: 'yesterday' }],
  ['no rates', { ...GOOD, rates: null }],
  ['a number, which has been a float', { ...GOOD, rates: { EUR: 0.92 } }],
  ['a rate of zero', { ...GOOD, rates: { EUR: '0.00' } }],
  ['a rate below zero', { ...GOOD, rates: { EUR: '-1' } }],
  ['an exponent', { ...GOOD, rates: { EUR: '1e3' } }],
  ['a base that is not worth itself', { ...GOOD, rates: { USD: '1.01' } }],
];
for (const [what, body, status] of UNREADABLE) {
  test(`${what}: the whole answer is refused`, async () => {
    await assert.rejects(ask(body, status), (error) => error instanceof NetworkFault && error.reached === 'maybe');
  });
}
