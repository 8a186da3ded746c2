/** The rate source with a clock, as processes; and its made-up market. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Instant, MS_PER_DAY, msOf } from '../../src/base/clock.ts';
import { type StartedNetwork, startNetwork, temporaryFolder } from '../base/start-network.ts';
import { MINUTE_MS, midRate, QUOTED, rateText } from './mid-rates.ts';

const folder = temporaryFolder();
let clock: StartedNetwork;
let fx: StartedNetwork;
const startFx = () => startNetwork('fx', folder.path, { CLOCK_URL: clock.url });

before(async () => {
  clock = await startNetwork('clock', folder.path, {});
  fx = await startFx();
});
after(async () => {
  await Promise.all([clock, fx].map((network) => network?.end('SIGTERM')));
  folder.remove();
});

interface Rates {
  readonly source: string;
  readonly base: string;
  readonly asOf: Instant;
  readonly rates: Readonly<Record<string, string>>;
}
const read = async (): Promise<Rates> => (await (await fetch(`${fx.url}/rates?base=USD`)).json()) as Rates;
const lever = async (method: string, what: string, body?: object): Promise<number> =>
  (await fetch(`${fx.url}/_sandbox/${what}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }))
    .status;
const advance = async (byMs: number): Promise<void> => {
  const answer = await fetch(`${clock.url}/advance`, { method: 'POST', body: JSON.stringify({ byMs }) });
  assert.equal(answer.status, 200);
};

test('the rates of the minute, by the sandbox’s clock, the same whenever they are worked out', async () => {
  const first = await read();
  assert.deepEqual([first.source, first.base, first.rates.USD], ['sandbox-fx', 'USD', '1.00000000']);
  assert.equal(msOf(first.asOf) % MINUTE_MS, 0);
  for (const currency of QUOTED)
    assert.equal(first.rates[currency], rateText(midRate('causeway', currency, msOf(first.asOf))), currency);
  await advance(MS_PER_DAY);
  const next = await read();
  assert.ok(msOf(next.asOf) - msOf(first.asOf) >= MS_PER_DAY);
  assert.notEqual(next.rates.EUR, first.rates.EUR);
});

test('a market: near the usual rate, moving within the day, gliding over midnight, another for another seed', () => {
  const midnight = 20_000 * MS_PER_DAY;
  const around = Array.from({ length: 2 * 1440 }, (_, minute) =>
    midRate('s', 'EUR', midnight + (minute - 1440) * MINUTE_MS),
  );
  assert.ok(new Set(around).size > 1000, 'it moves');
  for (const [index, rate] of around.entries()) {
    assert.ok(rate > 89_000_000n && rate < 95_300_000n, 'within 3.3 percent');
    const before = around[index - 1] ?? rate;
    const step = rate > before ? rate - before : before - rate;
    assert.ok(step < 92_200_000n / 150n, `no jump at minute ${index}`);
  }
  assert.notEqual(midRate('s', 'EUR', midnight), midRate('t', 'EUR', midnight));
  assert.equal(midRate('s', 'USD', midnight), 100_000_000n);
});

test('levers: a rate that is set stays until it is forgotten, also over a restart', async () => {
  assert.equal(await lever('POST', 'rates', { currency: 'EUR', rate: '0.5' }), 200);
  const set = await read();
  assert.equal(set.rates.EUR, '0.5');
  await fx.end('SIGKILL');
  fx = await startFx();
  assert.equal((await read()).rates.EUR, '0.5');
  assert.equal(await lever('DELETE', 'rates'), 204);
  assert.notEqual((await read()).rates.EUR, '0.5');
  for (const wrong of [
    { currency: 'USD', rate: '1' },
    { currency: 'XXX', rate: '1' },
    { currency: 'EUR', rate: '0' },
    {},
  ])
    assert.equal(await lever('POST', 'rates', wrong), 422, JSON.stringify(wrong));
});

test('levers: stale repeats the moment it was told so, silent hangs up', async () => {
  assert.equal(await lever('POST', 'mode', { mode: 'stale' }), 200);
  const stale = await read();
  await advance(MS_PER_DAY);
  assert.deepEqual(await read(), stale);
  assert.equal(await lever('POST', 'mode', { mode: 'silent' }), 200);
  await assert.rejects(read());
  assert.equal(await lever('POST', 'mode', { mode: 'broken' }), 422);
  assert.equal(await lever('POST', 'mode', { mode: 'normal' }), 200);
  assert.ok((await read()).asOf > stale.asOf);
  assert.equal((await fetch(`${fx.url}/rates?base=EUR`)).status, 422);
});
