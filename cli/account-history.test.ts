/** The past of an account on the command line, against a server that answers as the API is described to. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { causeway } from './causeway.ts';

const OWNER = `sel_${'1'.repeat(32)}`;
const usd = (value: string) => ({ value, currency: 'USD' });
const ENTRY = {
  seq: '7',
  leg: 0,
  at: '2026-11-03T10:00:00.000Z',
  event: 'order.released',
  subject: `ord_${'2'.repeat(32)}`,
  side: 'credit',
  amount: usd('120981'),
  other: { name: 'held', owner: `ord_${'2'.repeat(32)}` },
  balance: usd('120981'),
};
const LINES = [
  {
    line: 'opening',
    name: 'seller',
    owner: OWNER,
    currency: 'USD',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-12-01T00:00:00.000Z',
    seq: '9',
    balance: usd('0'),
  },
  ...Array.from({ length: 1500 }, () => ({ line: 'entry', ...ENTRY })),
  { line: 'closing', entries: 1500, balance: usd('120981') },
].map((line) => JSON.stringify(line));

let server: Server;
let asked: URL[] = [];
let answer: RequestListener = () => undefined;

before(async () => {
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x'));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => server.close());

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  asked = [];
  const { port } = server.address() as AddressInfo;
  const code = await causeway(['ledger', ...args, '--url', `http://127.0.0.1:${port}`, '--key', 'sk_x'], {
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const json =
  (body: unknown): RequestListener =>
  (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

/** Writes in pieces that end anywhere, as a network does. */
const stream =
  (text: string): RequestListener =>
  async (_request, response) => {
    response.setHeader('content-type', 'application/x-ndjson');
    for (let at = 0; at < text.length; at += 70_001) {
      response.write(text.slice(at, at + 70_001));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };

const statement = ['statement', 'seller', OWNER, '--from', '2026-11-01', '--to', '2026-12-01T00:00:00Z'];

test('balance: a day is its first instant; money in words, or the answer itself', async () => {
  answer = json({ name: 'seller', owner: OWNER, currency: 'USD', balance: usd('120981'), seq: '9' });
  const { code, out } = await run('balance', 'seller', OWNER, '--at', '2026-11-30');
  assert.deepEqual([code, out], [0, 'USD 1,209.81\n']);
  assert.deepEqual(Object.fromEntries(asked[0]?.searchParams ?? []), {
    name: 'seller',
    owner: OWNER,
    currency: 'USD',
    at: '2026-11-30T00:00:00Z',
  });
  assert.equal(JSON.parse((await run('balance', 'seller', OWNER, '--json')).out).seq, '9');
  assert.equal((await run('balance', 'seller', OWNER, '--at', 'yesterday')).code, 2);
});

test('an account without an owner is asked for without one', async () => {
  answer = json({ name: 'fx_position', owner: '', currency: 'EUR', balance: usd('0'), seq: '9' });
  assert.equal((await run('balance', 'fx_position', '--currency', 'EUR')).code, 0);
  assert.deepEqual(Object.fromEntries(asked[0]?.searchParams ?? []), { name: 'fx_position', currency: 'EUR' });
});

test('entries: each with its side and the balance it left', async () => {
  answer = json({ data: [ENTRY, { ...ENTRY, side: 'debit', amount: usd('5') }], next: '7.0' });
  const { code, out, err } = await run('entries', 'seller', OWNER, '--limit', '2');
  assert.equal(code, 0);
  assert.match(
    out,
    /7\.0 {2}2026-11-03 10:00:00 UTC {2}order\.released {2}held ord_2+ +USD 1,209\.81 {2}USD 1,209\.81\n/,
  );
  assert.match(out, /held ord_2+ {2}USD 0\.05 +USD 1,209\.81\n/);
  assert.match(err, /there are more/);
});

test('a statement is written line by line, in words or as it came', async () => {
  answer = stream(`${LINES.join('\n')}\n`);
  const { code, out } = await run(...statement);
  const lines = out.trimEnd().split('\n');
  assert.deepEqual([code, lines.length], [0, LINES.length]);
  assert.match(lines[0] ?? '', /^2026-11-01 00:00:00 UTC {2}opening balance +USD 0\.00$/);
  assert.match(lines[1] ?? '', /order\.released +held ord_2+ +credit +USD 1,209\.81 +USD 1,209\.81$/);
  assert.match(lines.at(-1) ?? '', /^1,500 entries +closing balance +USD 1,209\.81$/);
  assert.deepEqual([...(asked[0]?.searchParams.values() ?? [])].slice(3), [
    '2026-11-01T00:00:00Z',
    '2026-12-01T00:00:00Z',
    'ndjson',
  ]);
  assert.equal((await run(...statement, '--json')).out, `${LINES.join('\n')}\n`);
});

test('CSV passes as it is', async () => {
  const csv = 'line,seq\r\nopening,\r\nentry,1\r\nclosing,\r\n';
  answer = stream(csv);
  assert.deepEqual(await run(...statement, '--csv'), { code: 0, out: csv, err: '' });
});

test('a statement that breaks off is no statement', async () => {
  answer = stream(`${LINES.slice(0, -1).join('\n')}\n`);
  const ended = await run(...statement);
  assert.equal(ended.code, 3);
  assert.match(ended.err, /broke off/);
  answer = (_request, response) => {
    response.write(`${LINES[0]}\n`);
    setImmediate(() => response.destroy());
  };
  assert.equal((await run(...statement)).code, 3);
});

test('a refusal is shown as one', async () => {
  answer = (_request, response) =>
    response.writeHead(410, { 'content-type': 'application/problem+json' }).end(
      JSON.stringify({
        type: '/problems/archived',
        title: 'Archived',
        status: 410,
        code: 'archived',
        detail: 'history up to seq 9 is archived',
      }),
    );
  const { code, err } = await run(...statement);
  assert.equal(code, 1);
  assert.match(err, /Archived \(410 archived\)\n {2}history up to seq 9/);
});
