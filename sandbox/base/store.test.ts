/** A file of an earlier version is brought to the schema of this one: rows stay, checks and keys are new. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './start-network.ts';
import { openStore } from './store.ts';

const BEFORE = `
  create table if not exists payment (id text primary key, amount integer not null check (amount < 10)) strict;
  create table if not exists capture (
    payment_id text not null references payment (id), day text not null unique, old text) strict;
  create index if not exists capture_by_payment on capture (payment_id);
  create table if not exists other (id text primary key) strict;`;

const AFTER = `
  create table if not exists payment (
    id text primary key, amount integer not null check (amount < 100), state text not null default 'OPEN') strict;
  create table if not exists capture (
    payment_id text not null references payment (id), day text not null, kind text not null default 'net',
    unique (day, kind)) strict;
  create index if not exists capture_by_payment on capture (payment_id);
  create table if not exists other (id text primary key) strict;`;

test('rows stay, new columns have their defaults, new checks and keys hold', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'network.sqlite');
  const before = openStore(file, BEFORE);
  before.run(`insert into payment values ('p1', 5)`);
  before.run(`insert into capture values ('p1', '2026-01-05', 'x')`);
  before.run(`insert into other values ('o1')`);
  before.close();
  for (const round of ['renewed', 'opened again']) {
    const after = openStore(file, AFTER);
    assert.deepEqual(
      { ...after.first<Record<string, unknown>>('select * from payment') },
      { id: 'p1', amount: 5n, state: 'OPEN' },
      round,
    );
    assert.deepEqual(
      { ...after.first<Record<string, unknown>>('select payment_id, kind from capture') },
      { payment_id: 'p1', kind: 'net' },
    );
    assert.equal(after.all('select * from other').length, 1);
    after.close();
  }
  const after = openStore(file, AFTER);
  after.run(`insert into payment (id, amount) values ('p2', 50)`);
  after.run(`insert into capture values ('p2', '2026-01-05', 'gross')`);
  assert.throws(() => after.run(`insert into capture values ('p2', '2026-01-05', 'gross')`), /UNIQUE/);
  assert.throws(() => after.run(`insert into capture values ('p3', '2026-01-06', 'net')`), /FOREIGN KEY/);
  assert.equal(after.all(`select 1 from sqlite_master where name = 'capture_by_payment'`).length, 1);
  after.close();
  folder.remove();
});
