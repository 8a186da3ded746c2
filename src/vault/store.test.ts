import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { addMs, instant, wallNow } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { openNumber, sealNumber } from './envelope.ts';
import { type CardRow, openVaultStore, type VaultStore } from './store.ts';
import { MARKETPLACE, needsDatabase, type TestDatabase, testDatabase, testDatabaseUrl, VISA } from './test-vault.ts';

// Only used by tests that are skipped when there is no database.
const database = (testDatabaseUrl ? await testDatabase() : null) as TestDatabase;
const store = (testDatabaseUrl ? openVaultStore(database.vaultUrl, () => undefined) : null) as VaultStore;
after(async () => {
  await store?.close();
  await database?.drop();
});

const now = instant(wallNow());
const dataKey = { keyId: newId('key'), key: randomBytes(32) };

async function addCard(more: Partial<CardRow> = {}): Promise<CardRow> {
  const binding = { token: newId('tok'), marketplace: MARKETPLACE, keyId: dataKey.keyId };
  const sealed = sealNumber(dataKey.key, binding, VISA);
  const facts = { brand: 'visa', bin: '411111', last4: '1111', expiryMonth: 8, expiryYear: 2031 };
  const times = { expiresAt: addMs(now, 60_000), createdAt: now };
  const row = {
    ...binding,
    ...sealed,
    ...facts,
    ...times,
    fingerprint: randomBytes(32),
    singleUse: true,
    usedBy: null,
    ...more,
  };
  await store.addCard(row);
  return row;
}

test('data keys are kept in order of creation', needsDatabase, async () => {
  assert.equal(await store.newestDataKey(), null);
  const older = { keyId: newId('key'), wrapped: randomBytes(60), createdAt: addMs(now, -1) };
  const newer = { keyId: dataKey.keyId, wrapped: randomBytes(60), createdAt: now };
  await store.addDataKey(newer);
  await store.addDataKey(older);
  assert.deepEqual(await store.newestDataKey(), newer);
  assert.deepEqual(await store.dataKey(older.keyId), older);
  assert.equal(await store.dataKey(newId('key')), null);
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
  assert.equal((await store.claim(token, 'OP1', now)).outcome, 'claimed');
  assert.equal((await store.claim(token, 'OP1', now)).outcome, 'claimed');
  assert.equal((await store.claim(token, 'OP2', now)).outcome, 'token_used');
  const later = addMs(now, 3_600_000);
  assert.equal((await store.claim(token, 'OP1', later)).outcome, 'claimed', 'a retry of what began in time');
  assert.equal((await store.claim(token, 'OP2', later)).outcome, 'token_used');
});

test('expiry ends first uses; a token for many uses serves until then', needsDatabase, async () => {
  const unused = await addCard();
  const many = await addCard({ singleUse: false });
  const expired = unused.expiresAt;
  assert.equal((await store.claim(unused.token, 'OP1', expired)).outcome, 'token_expired');
  assert.equal((await store.claim(many.token, 'OP1', now)).outcome, 'claimed');
  assert.equal((await store.claim(many.token, 'OP2', now)).outcome, 'claimed');
  assert.equal((await store.claim(many.token, 'OP2', expired)).outcome, 'token_expired');
  assert.equal((await store.claim(newId('tok'), 'OP1', now)).outcome, 'unknown_token');
});

test('of twenty operations at once exactly one gets the token', needsDatabase, async () => {
  const { token } = await addCard();
  const claims = await Promise.all(Array.from({ length: 20 }, (_, at) => store.claim(token, `OP${at}`, now)));
  assert.equal(claims.filter(({ outcome }) => outcome === 'claimed').length, 1);
  assert.equal(claims.filter(({ outcome }) => outcome === 'token_used').length, 19);
});

test("the vault's role can do what it needs and no more", needsDatabase, async () => {
  const { token } = await addCard();
  const pg = await import('pg');
  const client = new pg.default.Client(database.vaultUrl);
  await client.connect();
  const refused = { code: '42501' };
  await assert.rejects(client.query('delete from vault.cards'), refused);
  await assert.rejects(client.query(`update vault.cards set ciphertext = '' where token = $1`, [token]), refused);
  await assert.rejects(client.query(`update vault.data_keys set wrapped = ''`), refused);
  await assert.rejects(client.query('create table vault.more (x int)'), refused);
  await client.end();
});
