import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMs, instant, MS_PER_DAY, wallNow } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { openNumber } from './envelope.ts';
import {
  AGREEMENT,
  BUYER,
  cardBody,
  cardNumbersIn,
  MARKETPLACE,
  MASTERCARD,
  SECRET,
  SHOP,
  type TestVault,
  testVault,
  VISA,
} from './test-vault.ts';

const bearer = { authorization: `Bearer ${SECRET}` };
const owner = `marketplace=${MARKETPLACE}&buyer=${BUYER}`;
const agreed = { buyer: BUYER, agreement: AGREEMENT };

const tokenize = ({ app }: TestVault, more: object = {}) =>
  app.inject({ method: 'POST', url: '/v1/tokens', payload: { ...cardBody(), ...more } });
const newToken = async (vault: TestVault, more: object = {}): Promise<string> =>
  (await tokenize(vault, more)).json().token;
const store = ({ app }: TestVault, token: string, more: object = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/cards',
    headers: bearer,
    payload: { token, marketplace: MARKETPLACE, ...agreed, ...more },
  });
const get = ({ app }: TestVault, url: string) => app.inject({ url, headers: bearer });
const askCvv = ({ app }: TestVault, token: string, payload: object) =>
  app.inject({ method: 'POST', url: `/v1/tokens/${token}/cvv`, payload });

test('a buyer who agrees gets a stored card at once, with the security code for one use', async () => {
  const vault = testVault();
  const made = await tokenize(vault, { store: true, ...agreed });
  assert.equal(made.statusCode, 201);
  const { token, singleUse, expiresAt, storedFor } = made.json();
  assert.deepEqual({ singleUse, expiresAt, storedFor }, { singleUse: false, expiresAt: null, storedFor: agreed });
  assert.equal(vault.cvvs.size, 1);
  const shown = (await get(vault, `/v1/tokens/${token}?${owner}`)).json();
  assert.match(shown.fingerprint, /^fp_[0-9a-f]{32}$/);
  assert.deepEqual(
    [shown.brand, shown.last4, shown.marketplace, shown.storedFor],
    ['visa', '1111', MARKETPLACE, agreed],
  );
});

test('storing takes a buyer and an agreement, and both go with storing only', async () => {
  const vault = testVault();
  const refusal = async (more: object): Promise<unknown> => {
    const answer = await tokenize(vault, more);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(cardNumbersIn(answer.body), []);
    return answer.json().errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);
  };
  assert.deepEqual(await refusal({ store: true }), ['/buyer invalid', '/agreement invalid']);
  assert.deepEqual(await refusal({ store: true, ...agreed, agreement: VISA }), ['/agreement invalid']);
  assert.deepEqual(await refusal({ store: true, ...agreed, buyer: newId('sel') }), ['/buyer invalid']);
  assert.deepEqual(await refusal({ store: 'yes' }), ['/store wrong_type']);
  assert.deepEqual(await refusal({ store: false, ...agreed }), [
    '/buyer only_with_store',
    '/agreement only_with_store',
  ]);
  assert.equal(vault.store.cards.size, 0);
});

test('a single-use token becomes a stored card of its own, sealed anew; asking again gives the same', async () => {
  const vault = testVault();
  const source = await newToken(vault);
  const [one, two] = [await store(vault, source), await store(vault, source)];
  assert.equal(one.statusCode, 201);
  assert.deepEqual(one.json(), two.json());
  const row = vault.store.cards.get(one.json().token);
  const sourceRow = vault.store.cards.get(source);
  assert.ok(row && sourceRow && row.token !== source);
  assert.deepEqual(row.fingerprint, sourceRow.fingerprint);
  assert.notDeepEqual(row.ciphertext, sourceRow.ciphertext);
  assert.equal(openNumber(await vault.keyring.dataKey(row.keyId), row, row), VISA);
  assert.equal(vault.cvvs.take(source)?.cvv, '123', 'the security code stays with the token that was entered');
  assert.equal((await store(vault, source, { agreement: `agr_${'0'.repeat(32)}` })).json().code, 'not_storable');
  assert.equal((await store(vault, one.json().token)).json().code, 'not_storable', 'a stored card makes no other');
});

test('what cannot be stored: unknown, another marketplace, expired; a used one for a day', async () => {
  const vault = testVault();
  const code = async (token: string, more: object = {}): Promise<string> =>
    (await store(vault, token, more)).json().code;
  assert.equal(await code(newId('tok')), 'unknown_token');
  assert.equal(await code(await newToken(vault), { marketplace: newId('mkt') }), 'unknown_token');
  assert.equal(await code('nonsense'), 'invalid_request');
  const change = (token: string, more: object): void => {
    const card = vault.store.cards.get(token);
    assert.ok(card);
    vault.store.cards.set(token, { ...card, ...more });
  };
  const now = instant(wallNow());
  const late = await newToken(vault);
  change(late, { expiresAt: now });
  assert.equal(await code(late), 'token_expired');
  const used = await newToken(vault);
  change(used, { usedBy: 'OP1', expiresAt: addMs(now, -3_600_000) });
  assert.equal((await store(vault, used)).statusCode, 201);
  const longAgo = await newToken(vault);
  change(longAgo, { usedBy: 'OP1', createdAt: addMs(now, -MS_PER_DAY) });
  assert.equal(await code(longAgo), 'token_expired');
});

test("a stored card is its buyer's at its marketplace, and unknown to everybody else", async () => {
  const vault = testVault();
  const token = await newToken(vault, { store: true, ...agreed });
  const strangers = [
    '',
    `?marketplace=${MARKETPLACE}`,
    `?buyer=${BUYER}`,
    `?marketplace=${MARKETPLACE}&buyer=${newId('buy')}`,
    `?marketplace=${newId('mkt')}&buyer=${BUYER}`,
  ];
  const never = await get(vault, `/v1/tokens/${newId('tok')}?${owner}`);
  for (const query of strangers) {
    const answer = await get(vault, `/v1/tokens/${token}${query}`);
    assert.deepEqual([answer.statusCode, answer.body], [404, never.body], query);
  }
  const single = await newToken(vault);
  assert.equal((await get(vault, `/v1/tokens/${single}`)).statusCode, 200);
  assert.equal((await get(vault, `/v1/tokens/${single}?marketplace=${newId('mkt')}`)).statusCode, 404);
});

test("a buyer's stored cards are listed and deleted; the number goes with them", async () => {
  const vault = testVault();
  const [first, second] = [
    await newToken(vault, { store: true, ...agreed }),
    await newToken(vault, { ...cardBody({ number: MASTERCARD }), store: true, ...agreed }),
  ];
  await newToken(vault, { store: true, ...agreed, buyer: newId('buy') });
  const list = async (): Promise<string[]> =>
    (await get(vault, `/v1/cards?${owner}`)).json().cards.map(({ token }: { token: string }) => token);
  assert.deepEqual(await list(), [second, first]);
  assert.equal((await get(vault, '/v1/cards')).statusCode, 400);
  const remove = (query: string) =>
    vault.app.inject({ method: 'DELETE', url: `/v1/cards/${first}?${query}`, headers: bearer });
  assert.equal((await remove(`marketplace=${MARKETPLACE}&buyer=${newId('buy')}`)).statusCode, 404);
  assert.equal((await remove(owner)).statusCode, 204);
  assert.equal((await remove(owner)).statusCode, 404);
  assert.deepEqual(await list(), [second]);
  assert.equal(vault.store.cards.has(first), false);
  assert.equal(vault.cvvs.take(first), undefined);
});

test('fingerprints: equal for one card within a marketplace, different between two', async () => {
  const vault = testVault();
  const fingerprint = async (more: object): Promise<string> => {
    const { token } = (await tokenize(vault, more)).json();
    return (await get(vault, `/v1/tokens/${token}`)).json().fingerprint;
  };
  const one = await fingerprint({});
  assert.equal(await fingerprint({}), one);
  assert.notEqual(await fingerprint({ marketplace: newId('mkt') }), one);
  assert.notEqual(await fingerprint(cardBody({ number: MASTERCARD })), one);
});

test('lists, stored cards and their deletion are for the bearer of the secret', async () => {
  const { app } = testVault();
  const calls = [
    ['POST', '/v1/cards'],
    ['GET', `/v1/cards?${owner}`],
    ['DELETE', `/v1/cards/${newId('tok')}?${owner}`],
  ] as const;
  for (const [method, url] of calls) assert.equal((await app.inject({ method, url })).statusCode, 401, method);
});

test('the security code is asked again for a stored card, kept in memory, used once', async () => {
  const vault = testVault();
  const token = await newToken(vault, { store: true, ...agreed });
  vault.cvvs.take(token);
  const open = (id: string, parent = SHOP) => vault.app.inject({ url: '/fields/cvv', query: { token: id, parent } });
  const page = await open(token);
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors https:\/\/shop\.example$/);
  assert.equal((await open(token, 'https://evil.example')).statusCode, 403);
  assert.equal((await open(newId('tok'))).statusCode, 404);
  assert.equal((await open(await newToken(vault))).statusCode, 404, 'a single-use token got its code with the number');
  vault.cvvs.take(token);

  const before = vault.cvvs.size;
  assert.equal((await askCvv(vault, token, { cvv: '12' })).json().errors[0].code, 'length');
  assert.equal((await askCvv(vault, token, { cvv: 123 })).statusCode, 400);
  assert.equal((await askCvv(vault, newId('tok'), { cvv: '123' })).statusCode, 404);
  assert.equal(vault.cvvs.size, before);
  assert.equal((await askCvv(vault, token, { cvv: '321' })).statusCode, 204);
  assert.equal(vault.cvvs.take(token)?.cvv, '321');
  assert.equal(JSON.stringify([...vault.store.cards.values()]).includes('321"'), false);
});

test('a stored row that is given to another buyer in the database does not open', async () => {
  const vault = testVault();
  const token = await newToken(vault, { store: true, ...agreed });
  const row = vault.store.cards.get(token);
  assert.ok(row);
  const key = await vault.keyring.dataKey(row.keyId);
  assert.equal(openNumber(key, row, row), VISA);
  assert.throws(() => openNumber(key, { ...row, buyer: newId('buy') }, row), { code: 'cannot_open' });
});
