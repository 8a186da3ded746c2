/** Watching a run, against an installation that says what the test wants: the bar, the lines, the silence, and Ctrl-C. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { causeway } from './causeway.ts';
import type { Surroundings } from './command.ts';

const SELLERS = 200_000;
const id = `run_${'0'.repeat(31)}1`;
const standing = (sellersDone: number) => ({
  id,
  marketplace: `mkt_${'0'.repeat(32)}`,
  name: 'monday',
  state: sellersDone === SELLERS ? 'done' : 'running',
  sellersPlanned: SELLERS,
  sellersDone,
  payouts: sellersDone / 2,
  total: { value: String(sellersDone * 100), currency: 'USD' },
  startedAt: '2026-11-22T09:00:00.000Z',
  endedAt: sellersDone === SELLERS ? '2026-11-22T09:01:00.000Z' : null,
});

let looks: (number | 'hang up')[] = [];
let prefer: string | undefined;
const server = createServer((request, response) => {
  const done = request.method === 'POST' ? 0 : (looks.shift() ?? SELLERS);
  if (request.method === 'POST') prefer = request.headers.prefer as string | undefined;
  if (done === 'hang up') return request.socket.destroy();
  response.writeHead(request.method === 'POST' ? 202 : 200, { 'content-type': 'application/json' });
  const page = { data: [standing(done)], next: null };
  response.end(JSON.stringify(request.url?.startsWith('/v1/payout-runs?') === true ? page : standing(done)));
  return undefined;
});
before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());
beforeEach(() => {
  looks = [];
});

async function run(args: string, extras: Partial<Surroundings> = {}) {
  let [out, err] = ['', ''];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const code = await causeway([...args.split(' '), '--url', url, '--key', 'sk_x'], {
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...extras,
  });
  return { code, out, err };
}

test('on a terminal a bar moves on one line, no wider than the terminal', async () => {
  looks = [50_000, 100_000];
  const { code, out, err } = await run('payouts run', { columns: () => 60 });
  assert.deepEqual([code, out], [0, '100,000 payouts begun, USD 200,000.00\n']);
  assert.equal(prefer, 'respond-async');
  const drawn = err.split('\r').slice(1);
  assert.deepEqual(
    drawn.map((line) => /(\d+) %/.exec(line)?.[1]),
    ['0', '25', '50', '100'],
  );
  assert.match(drawn[1] ?? '', /^█{7}░{23} {2}25 % {2}50,000 of 200,000 s/);
  for (const line of drawn) assert.ok([...(line.split('\u001b')[0] ?? '')].length <= 59, line);
  assert.ok(err.endsWith('\n'), 'what follows begins on a line of its own');
});

test('elsewhere a line now and then; with --json nothing but the result', async () => {
  looks = [50_000, 100_000];
  assert.match((await run('payouts run')).err, /^ {2}0 % {2}0 of 200,000 sellers, 0 payouts, USD 0\.00\n$/);
  looks = [50_000];
  const { out, err } = await run('payouts run --json', { columns: () => 60 });
  assert.deepEqual([JSON.parse(out), err], [standing(SELLERS), '']);
});

test('Ctrl-C stops the watching, not the run, and says so', async () => {
  looks = Array(100).fill(50_000);
  let forgotten = false;
  const onInterrupt = (listener: () => void): (() => void) => {
    setTimeout(listener, 300);
    return () => {
      forgotten = true;
    };
  };
  const { code, out, err } = await run('payouts run', { onInterrupt });
  assert.deepEqual([code, out, forgotten], [130, '25,000 payouts begun, USD 50,000.00\n', true]);
  assert.match(err, /The run goes on in the server; causeway payouts runs says how far it is\./);
  assert.ok(looks.length > 90, 'nobody looks any more');
});

test('a server that is away for a moment is asked again', async () => {
  looks = ['hang up', 'hang up', 100_000];
  assert.deepEqual((await run('payouts run')).code, 0);
});

test('runs are listed with how far they are', async () => {
  looks = [50_000];
  const { out } = await run('payouts runs');
  assert.match(out, /^RUN +STATE +SELLERS +PAYOUTS +TOTAL +STARTED +ENDED +NAME\n/);
  assert.match(out, /running +50,000\/200,000 +25,000 +USD 50,000\.00 +2026-11-22 09:00:00 UTC +– +monday\n$/);
});
