/** Stepping against scripted participants: real HTTP, no networks behind. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Instant, instant, MS_PER_DAY, msOf, wallNow } from '../../src/base/clock.ts';
import { bodyObject, json, type RunningServer, serve } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import { CLOCK_SCHEMA, makeClockState } from './clock-state.ts';
import { clockRoutes } from './routes.ts';

const servers: RunningServer[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

const LIMITS = { silentMs: 150, busyMs: 300 };

async function startClock() {
  const state = makeClockState(openStore(':memory:', CLOCK_SCHEMA));
  const server = await serve(0, clockRoutes(state, LIMITS));
  servers.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return {
      status: response.status,
      body: (response.status === 204 ? {} : await response.json()) as Record<string, unknown>,
    };
  };
  return { state, post };
}

/** A participant that acts at each of `dues` and remembers how far past it the clock was. */
async function startParticipant(dues: number[], busy = false) {
  const seen: number[] = [];
  let nowMs = 0;
  const status = () =>
    json(200, { now: instant(nowMs), idle: !busy, nextDue: dues[0] === undefined ? null : instant(dues[0]) });
  const server = await serve(0, [
    {
      method: 'POST',
      pattern: '/clock',
      handle: (request) => {
        nowMs = wallNow() + Number(bodyObject(request)?.offsetMs);
        while (dues[0] !== undefined && dues[0] <= nowMs) seen.push(nowMs - (dues.shift() ?? 0));
        return status();
      },
    },
    { method: 'GET', pattern: '/clock', handle: status },
  ]);
  servers.push(server);
  return { seen, url: `http://127.0.0.1:${server.port}/clock` };
}

test('an advance stops at every due instant of every participant', async () => {
  const { state, post } = await startClock();
  const start = msOf(state.now());
  const one = await startParticipant([start + 1_000_000, start + 3_000_000]);
  const two = await startParticipant([start + 2_000_000, start + 9_000_000]);
  assert.equal((await post('/participants', { name: 'one', url: one.url })).status, 204);
  await post('/participants', { name: 'two', url: two.url });
  const answer = await post('/advance', { byMs: 5_000_000 });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.steps, 4);
  assert.ok(msOf(answer.body.now as Instant) >= start + 5_000_000);
  assert.deepEqual([one.seen.length, two.seen.length], [2, 1]);
  for (const late of [...one.seen, ...two.seen]) assert.ok(late < 5_000, `${late} ms past the due instant`);
});

test('a silent participant is skipped by name, a busy one stops the advance by name', async () => {
  const { post } = await startClock();
  await post('/participants', { name: 'gone', url: 'http://127.0.0.1:1/clock' });
  const skipped = await post('/advance', { byMs: 1_000 });
  assert.deepEqual([skipped.status, skipped.body.skipped], [200, ['gone']]);
  await post('/participants', { name: 'stuck', url: (await startParticipant([], true)).url });
  const stuck = await post('/advance', { byMs: 1_000 });
  assert.equal(stuck.status, 504);
  assert.match(String(stuck.body.message), /stuck/);
});

test('one advance at a time, never backwards, at most 400 days', async () => {
  const { state, post } = await startClock();
  await post('/participants', { name: 'gone', url: 'http://127.0.0.1:1/clock' });
  const running = post('/advance', { byMs: 1_000 });
  assert.equal((await post('/advance', { byMs: 1_000 })).status, 409);
  assert.equal((await running).status, 200);
  for (const wrong of [
    { byMs: -1 },
    { byMs: 401 * MS_PER_DAY },
    { to: instant(msOf(state.now()) - 1_000) },
    {},
    { byMs: 'x' },
  ]) {
    assert.equal((await post('/advance', wrong)).status, 422, JSON.stringify(wrong));
  }
});

test('the offset survives and only grows', () => {
  const store = openStore(':memory:', CLOCK_SCHEMA);
  const state = makeClockState(store);
  state.moveTo(msOf(state.now()) + MS_PER_DAY);
  const offset = state.offsetMs();
  assert.ok(offset >= MS_PER_DAY - 1_000);
  state.moveTo(msOf(state.now()) - MS_PER_DAY);
  assert.equal(state.offsetMs(), offset);
  assert.equal(makeClockState(store).offsetMs(), offset);
});
