import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { addMs, type Instant, instant, MS_PER_DAY, sleep, wallNow } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { openNumber, sealNumber } from './envelope.ts';
import { type CardOwner, type CardRow, openVaultStore, type VaultStore } from './store.ts';
import {
  AGREEMENT,
  BUYER,
  MARKETPLACE,
  needsDatabase,
  type TestDatabase,
  testDatabase,
  testDatabaseUrl,
  VISA,
} from './test-vault.ts';

// Only used by tests that are skipped when there is no database.
const database = (testDatabaseUrl ? await testDatabase() : null) as TestDatabase;
const store = (testDatabaseUrl ? openVaultStore(database.vaultUrl, () => undefined) : null) as VaultStore;
after(async () => {
  await store?.close();
  await database?.drop();
});

const now = instant(wallNow());
const OWNER = { marketplace: MARKETPLACE, buyer: BUYER };
const dataKey = { keyId: newId('key'), key: randomBytes(32) };

async function addCard(more: Partial<CardRow> = {}): Promise<CardRow> {
  const binding = { token: newId('tok'), marketplace: MARKETPLACE, keyId: dataKey.keyId, buyer: more.buyer ?? null };
  const sealed = sealNumber(dataKey.key, binding, VISA);
  const facts = { brand: 'visa', bin: '411111', last4: '1111', expiryMonth: 8, expiryYear: 2031 };
  const times = { expiresAt: addMs(now, 60_000), createdAt: now };
  const row: CardRow = {
    ...binding,
    ...sealed,
    ...facts,
    ...times,
    fingerprint: randomBytes(32),
    singleUse: true,
    usedBy: null,
    agreement: null,
    madeFrom: null,
    ...more,
  };
  await store.addCard(row);
  return row;
}

const claim = (token: string, operation: string, at: Instant, owner: Partial<CardOwner> = {}) =>
  store.claim({ token, operation, owner, now: at });

const stored = (buyer: string, more: Partial<CardRow> = {}): Partial<CardRow> => ({
  singleUse: false,
  expiresAt: null,
  buyer,
  agreement: AGREEMENT,
  ...more,
});

test('data keys are kept in order of creation', needsDatabase, async () => {
  assert.equal(await store.newestDataKey('card'), null);
  await store.registerRootKey({ rootKeyId: 'kek_a', registeredAt: now });
  await store.registerRootKey({ rootKeyId: 'kek_a', registeredAt: addMs(now, 5) });
  assert.deepEqual(await store.rootKeys(), [{ rootKeyId: 'kek_a', registeredAt: now }]);
  const wrapped = { purpose: 'card', rootKeyId: 'kek_a', wrapped: randomBytes(60) } as const;
  const older = { keyId: newId('key'), ...wrapped, createdAt: addMs(now, -1) };
  const newer = { keyId: dataKey.keyId, ...wrapped, createdAt: now };
  await store.addDataKey(newer);
  await store.addDataKey(older);
  assert.deepEqual(await store.newestDataKey('card'), newer);
  assert.deepEqual(await store.dataKeys(), [older, newer]);
  assert.deepEqual(await store.dataKey(older.keyId), older);
  assert.equal(await store.dataKey(newId('key')), null);
});

test('a wrapping is replaced only where it is the one that was read', needsDatabase, async () => {
  await store.registerRootKey({ rootKeyId: 'kek_b', registeredAt: now });
  const to = { rootKeyId: 'kek_b', wrapped: randomBytes(60) };
  assert.equal(await store.rewrapDataKey(dataKey.keyId, 'kek_other', to), false);
  assert.equal(await store.rewrapDataKey(dataKey.keyId, 'kek_a', to), true);
  assert.deepEqual(await store.dataKey(dataKey.keyId).then((row) => row?.wrapped), to.wrapped);
  await assert.rejects(store.rewrapDataKey(dataKey.keyId, 'kek_b', { ...to, rootKeyId: 'kek_gone' }), {
    code: '23503',
  });
  await assert.rejects(store.unregisterRootKey('kek_b'), { code: '23503' }, 'something is wrapped by it');
  await store.registerRootKey({ rootKeyId: 'kek_c', registeredAt: now });
  assert.equal(await store.unregisterRootKey('kek_c'), true);
  assert.equal(await store.unregisterRootKey('kek_c'), false);
});

test('there is one fingerprint key', needsDatabase, async () => {
  const row = { purpose: 'fingerprint', rootKeyId: 'kek_b', wrapped: randomBytes(60), createdAt: now } as const;
  await store.addDataKey({ keyId: newId('key'), ...row });
  await assert.rejects(store.addDataKey({ keyId: newId('key'), ...row }), { code: '23505' });
  assert.equal((await store.newestDataKey('card'))?.keyId, dataKey.keyId);
});

test('changes of keys run one after the other, and one that fails leaves nothing', needsDatabase, async () => {
  let inside = 0;
  await Promise.all(
    Array.from({ length: 4 }, () =>
      store.exclusively(async () => {
        inside += 1;
        assert.equal(inside, 1);
        await sleep(10);
        inside -= 1;
      }),
    ),
  );
  const failing = store.exclusively(async (locked) => {
    await locked.registerRootKey({ rootKeyId: 'kek_undone', registeredAt: now });
    throw new Error('in the middle');
  });
  await assert.rejects(failing, /in the middle/);
  assert.equal(
    (await store.rootKeys()).some(({ rootKeyId }) => rootKeyId === 'kek_undone'),
    false,
  );
});

test('a card comes back as it was stored and opens', needsDatabase, async () => {
  const row = await addCard();
  const read = await store.card(row.token);
  assert.deepEqual(read, row);
  assert.equal(read && openNumber(dataKey.key, read, read), VISA);
  assert.equal(await store.card(newId('tok')), null);
});

test('rows whose sealed bytes were swapped in the database do not open', needsDatabase, async () => {
  const [one, two] = [await addCard(), await addCard()];
  const take = 'select c.ciphertext, c.nonce from vault.cards c where c.token = $2';
  await database.admin.query(`update vault.cards set (ciphertext, nonce) = (${take}) where token = $1`, [
    one.token,
    two.token,
  ]);
  const read = await store.card(one.token);
  assert.ok(read);
  assert.throws(() => openNumber(dataKey.key, read, read), { code: 'cannot_open' });
});

test('a single-use token serves one operation, again and again', needsDatabase, async () => {
  const { token } = await addCard();
  assert.equal((await claim(token, 'OP1', now)).outcome, 'claimed');
  assert.equal((await claim(token, 'OP1', now)).outcome, 'claimed');
  assert.equal((await claim(token, 'OP2', now)).outcome, 'token_used');
  const later = addMs(now, 3_600_000);
  assert.equal((await claim(token, 'OP1', later)).outcome, 'claimed', 'a retry of what began in time');
  assert.equal((await claim(token, 'OP2', later)).outcome, 'token_used');
});

test('expiry ends first uses; a stored card serves until it is deleted', needsDatabase, async () => {
  const unused = await addCard();
  const many = await addCard(stored(BUYER));
  const expired = addMs(now, 60_000);
  assert.equal((await claim(unused.token, 'OP1', expired)).outcome, 'token_expired');
  assert.equal((await claim(many.token, 'OP1', now, OWNER)).outcome, 'claimed');
  assert.equal((await claim(many.token, 'OP2', addMs(now, 10 * 365 * MS_PER_DAY), OWNER)).outcome, 'claimed');
  assert.equal((await store.card(many.token))?.usedBy, null);
  assert.equal((await claim(newId('tok'), 'OP1', now)).outcome, 'unknown_token');
});

test("stored cards are their buyer's: listed, deleted, unknown to others", needsDatabase, async () => {
  const [buyer, other] = [newId('buy'), newId('buy')];
  const owner = { marketplace: MARKETPLACE, buyer };
  const older = await addCard(stored(buyer, { createdAt: addMs(now, -5) }));
  const newer = await addCard(stored(buyer));
  await addCard(stored(other));
  assert.deepEqual(await store.storedCards(owner), [newer, older]);
  assert.deepEqual(await store.storedCards({ ...owner, marketplace: newId('mkt') }), []);
  for (const stranger of [
    { ...owner, buyer: other },
    { ...owner, marketplace: newId('mkt') },
  ])
    assert.equal(await store.deleteStoredCard(older.token, stranger), false);
  assert.equal(await store.deleteStoredCard(older.token, owner), true);
  assert.equal(await store.deleteStoredCard(older.token, owner), false);
  assert.equal(await store.card(older.token), null);
});

test('a single-use token makes one stored card, however often it is asked', needsDatabase, async () => {
  const source = await addCard();
  const draft = await addCard(stored(newId('buy')));
  await store.deleteStoredCard(draft.token, { marketplace: MARKETPLACE, buyer: draft.buyer ?? '' });
  const row = (): CardRow => ({ ...draft, token: newId('tok'), madeFrom: source.token });
  const made = await Promise.all(Array.from({ length: 8 }, () => store.addStoredCard(row())));
  assert.equal(new Set(made.map(({ token }) => token)).size, 1);
});

test('the database refuses a stored card without a buyer, and a single-use one with', needsDatabase, async () => {
  const refused = { code: '23514' };
  await assert.rejects(addCard({ singleUse: false, expiresAt: null }), refused);
  await assert.rejects(addCard({ buyer: BUYER, agreement: AGREEMENT }), refused);
  await assert.rejects(addCard({ expiresAt: null }), refused);
  await assert.rejects(addCard(stored(VISA)), refused, 'a number in the place of a buyer');
  await assert.rejects(addCard(stored(BUYER, { agreement: VISA })), refused);
});

test('purging deletes single-use tokens that expired long ago and nothing else', needsDatabase, async () => {
  const old = await addCard({ expiresAt: addMs(now, -90 * MS_PER_DAY) });
  const fresh = await addCard();
  const kept = await addCard(stored(BUYER));
  assert.equal(await store.purge(addMs(now, -30 * MS_PER_DAY)), 1);
  assert.equal(await store.card(old.token), null);
  assert.ok((await store.card(fresh.token)) && (await store.card(kept.token)));
});

test('of twenty operations at once exactly one gets the token', needsDatabase, async () => {
  const { token } = await addCard();
  const claims = await Promise.all(Array.from({ length: 20 }, (_, at) => claim(token, `OP${at}`, now)));
  assert.equal(claims.filter(({ outcome }) => outcome === 'claimed').length, 1);
  assert.equal(claims.filter(({ outcome }) => outcome === 'token_used').length, 19);
});

test('claims at once go together and are judged one by one', needsDatabase, async () => {
  const mine = await Promise.all(Array.from({ length: 30 }, () => addCard()));
  const kept = await addCard(stored(BUYER));
  const [used, late] = [await addCard(), await addCard({ expiresAt: addMs(now, -1) })];
  await claim(used.token, 'OP0', now);
  const asked: readonly (readonly [string, string, Partial<CardOwner>, string])[] = [
    ...mine.map(({ token }, at) => [token, `OP${at}`, {}, 'claimed'] as const),
    [kept.token, 'K1', OWNER, 'claimed'],
    [kept.token, 'K2', OWNER, 'claimed'],
    [kept.token, 'K3', {}, 'unknown_token'],
    [kept.token, 'K4', { marketplace: MARKETPLACE }, 'unknown_token'],
    [kept.token, 'K5', { ...OWNER, buyer: newId('buy') }, 'unknown_token'],
    [mine[0]?.token ?? '', 'OP0', { marketplace: MARKETPLACE }, 'claimed'],
    [mine[1]?.token ?? '', 'OTHER', {}, 'token_used'],
    [mine[2]?.token ?? '', 'OP2', { marketplace: newId('mkt') }, 'unknown_token'],
    [used.token, 'OP1', {}, 'token_used'],
    [used.token, 'OP0', {}, 'claimed'],
    [late.token, 'OP1', {}, 'token_expired'],
    [newId('tok'), 'OP1', {}, 'unknown_token'],
  ];
  const claims = await Promise.all(asked.map(([token, operation, owner]) => claim(token, operation, now, owner)));
  assert.deepEqual(
    claims.map(({ outcome }) => outcome),
    asked.map(([, , , outcome]) => outcome),
  );
  for (const [index, { token }] of mine.entries()) {
    const each = claims[index];
    assert.equal(each?.outcome === 'claimed' && each.card.token, token, 'each gets its own card');
    assert.equal((await store.card(token))?.usedBy, `OP${index}`);
  }
});

test('two processes that claim the same tokens at once do not block each other', needsDatabase, async () => {
  const tokens = (await Promise.all(Array.from({ length: 100 }, () => addCard()))).map(({ token }) => token);
  const second = openVaultStore(database.vaultUrl, () => undefined);
  const all = (by: VaultStore, operation: string, list: readonly string[]) =>
    Promise.all(list.map((token) => by.claim({ token, operation, owner: {}, now })));
  const [one, two] = await Promise.all([all(store, 'A', tokens), all(second, 'B', [...tokens].reverse())]);
  await second.close();
  const outcomes = tokens.map((_, at) => [one[at]?.outcome, two[99 - at]?.outcome].sort().join());
  assert.deepEqual(new Set(outcomes), new Set(['claimed,token_used']));
});

test("the vault's role can do what it needs and no more", needsDatabase, async () => {
  const { token } = await addCard();
  const pg = await import('pg');
  const client = new pg.default.Client(database.vaultUrl);
  await client.connect();
  const refused = { code: '42501' };
  await assert.rejects(client.query(`update vault.cards set ciphertext = '' where token = $1`, [token]), refused);
  await assert.rejects(client.query(`update vault.cards set buyer = $2 where token = $1`, [token, BUYER]), refused);
  await assert.rejects(client.query('delete from vault.data_keys'), refused);
  await assert.rejects(client.query(`update vault.data_keys set created_at = now()`), refused);
  await assert.rejects(client.query('truncate vault.cards'), refused);
  await assert.rejects(client.query('create table vault.more (x int)'), refused);
  await client.end();
});

test(
  'an installation of before goes on: its data keys get the name that its key file gives the key',
  needsDatabase,
  async () => {
    const older = await testDatabase({ upTo: 'schema.sql' });
    try {
      const keyId = newId('key');
      await older.admin.query("insert into vault.data_keys values ($1, '\\x00', now())", [keyId]);
      await older.migrate();
      const { rows } = await older.admin.query('select root_key_id, purpose from vault.data_keys');
      assert.deepEqual(rows, [{ root_key_id: 'kek_1', purpose: 'card' }]);
      assert.equal((await older.admin.query('select * from vault.root_keys')).rowCount, 1);
    } finally {
      await older.drop();
    }
  },
);
