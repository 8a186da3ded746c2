/** The past of accounts over HTTP: who may read what, pages that join, statements that add up, in both formats. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Value } from 'typebox/value';
import { StatementLine } from '../../src/api/answers.ts';
import type { Refused } from '../../stories/client.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { exchange } from './problem.ts';
import { createMarket, createThings, type Market, settle, type Things } from './scene.ts';

interface Amount {
  readonly value: string;
}
interface EntryView {
  readonly seq: string;
  readonly leg: number;
  readonly at: string;
  readonly event: string;
  readonly side: 'debit' | 'credit';
  readonly amount: Amount;
  readonly balance: Amount;
}
interface EntriesPage {
  readonly data: readonly EntryView[];
  readonly next: string | null;
}

let world: World;
let mine: Market & Things;
let other: Market & Things;

before(async () => {
  world = await startWorld();
  const [left, right] = [await createMarket(world, 'Left'), await createMarket(world, 'Right')];
  mine = { ...left, ...(await createThings(world, left)) };
  other = { ...right, ...(await createThings(world, right)) };
  await mine.received();
  await mine.received();
  await settle(world);
});

after(() => world.end());

const query = (owner: string, more: Readonly<Record<string, string>> = {}, name = 'seller'): string =>
  `?${new URLSearchParams({ name, owner, currency: 'USD', ...more })}`;
const YEAR = { from: '2026-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };

const raw = (path: string, bearer = mine.secret) =>
  exchange({ method: 'GET', url: `${world.addresses.api}${path}`, bearer });

const everyEntry = async (owner: string, limit: string): Promise<readonly EntryView[]> => {
  const all: EntryView[] = [];
  let cursor: string | null = null;
  do {
    const page: EntriesPage = await mine.api.get(
      `/v1/ledger/entries${query(owner, { limit, ...(cursor === null ? {} : { cursor }) })}`,
    );
    all.push(...page.data);
    cursor = page.next;
  } while (cursor !== null);
  return all;
};

test('pages of entries join, and balances run back to zero', async () => {
  const all = await everyEntry(mine.seller, '100');
  assert.ok(all.length >= 4, `${all.length} entries`);
  assert.deepEqual(await everyEntry(mine.seller, '1'), all);
  assert.deepEqual(new Set(all.map(({ event }) => event)), new Set(['order.released', 'payout.initiated']));
  let balance = BigInt((all[0] as EntryView).balance.value);
  for (const entry of all) {
    assert.equal(entry.balance.value, String(balance));
    balance -= BigInt(entry.amount.value) * (entry.side === 'credit' ? 1n : -1n);
  }
  assert.equal(balance, 0n);
});

test('the balance at any instant is what the entries say', async () => {
  const all = await everyEntry(mine.seller, '100');
  for (const { at, balance } of all.filter(({ at }, index) => all[index - 1]?.at !== at)) {
    const read = await mine.api.get<{ balance: Amount }>(`/v1/ledger/balance${query(mine.seller, { at })}`);
    assert.equal(read.balance.value, balance.value, at);
  }
  for (const { seq, balance } of all.slice(0, 3)) {
    const read = await mine.api.get<{ seq: string }>(`/v1/ledger/balance${query(mine.seller, { seq })}`);
    assert.deepEqual(read, { name: 'seller', owner: mine.seller, currency: 'USD', balance, seq });
  }
  const before = await mine.api.get<{ balance: Amount; seq: string }>(
    `/v1/ledger/balance${query(mine.seller, { at: '2020-01-01T00:00:00Z' })}`,
  );
  assert.deepEqual([before.balance.value, before.seq], ['0', '0']);
});

test('a statement as NDJSON: described lines, oldest first, closed by what the balance is', async () => {
  const answer = await raw(`/v1/ledger/statement${query(mine.seller, YEAR)}`);
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
  const lines = answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines)
    assert.deepEqual([...Value.Errors(StatementLine as never, line)].slice(0, 3), [], JSON.stringify(line));
  const entries = (await everyEntry(mine.seller, '100')).toReversed();
  assert.deepEqual(
    lines.slice(1, -1),
    entries.map((entry) => ({ line: 'entry', ...entry })),
  );
  const now = await mine.api.get<{ balance: Amount }>(`/v1/ledger/balance${query(mine.seller)}`);
  assert.deepEqual(lines.at(-1), { line: 'closing', entries: entries.length, balance: now.balance });
});

test('a statement as CSV: RFC 4180, amounts as decimals', async () => {
  const answer = await raw(`/v1/ledger/statement${query(mine.seller, { ...YEAR, format: 'csv' })}`);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
  const [head = '', ...rows] = answer.text.trimEnd().split('\r\n');
  const columns = head.split(',');
  assert.ok(rows.every((row) => row.split(',').length === columns.length));
  assert.deepEqual([rows[0]?.split(',')[0], rows.at(-1)?.split(',')[0]], ['opening', 'closing']);
  const entries = (await everyEntry(mine.seller, '100')).toReversed();
  const amount = columns.indexOf('amount');
  assert.deepEqual(
    rows.slice(1, -1).map((row) => row.split(',')[amount]),
    entries.map(({ amount: { value } }) => `${value.slice(0, -2)}.${value.slice(-2)}`),
  );
});

test('a marketplace reads its own, its sellers’ and its orders’ accounts; the operator reads all', async () => {
  const paths = (owner: string, name: string) => [
    `/v1/ledger/balance${query(owner, {}, name)}`,
    `/v1/ledger/entries${query(owner, {}, name)}`,
    `/v1/ledger/statement${query(owner, YEAR, name)}`,
  ];
  const own = [paths(mine.seller, 'seller'), paths(mine.id, 'fee_income'), paths(mine.order, 'held')];
  for (const path of own.flat()) assert.equal((await raw(path)).status, 200, path);
  const nobody = `sel_${'0'.repeat(32)}`;
  const foreign = [
    paths(other.seller, 'seller'),
    paths(other.id, 'fee_income'),
    paths(other.order, 'held'),
    paths('', 'fx_position'),
    paths('US-IL', 'tax_payable'),
  ];
  for (const path of foreign.flat()) {
    assert.equal((await raw(path, world.operatorKey)).status, 200, path);
    await assert.rejects(
      mine.api.get(path),
      (refused: Refused) => refused.status === 404 && refused.problem.code === 'not_found',
    );
  }
  const [absent] = paths(nobody, 'seller');
  await assert.rejects(mine.api.get(absent as string), (refused: Refused) => refused.status === 404);
});
