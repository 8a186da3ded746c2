import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { newId } from '../base/ids.ts';
import {
  AGREEMENT,
  BUYER,
  cardBody,
  cardNumbersIn,
  MARKETPLACE,
  NEXT_YEAR,
  SECRET,
  SHOP,
  testVault,
  VISA,
} from './test-vault.ts';
import { TOKEN_LIFETIME_MS } from './tokenize.ts';

const bearer = { authorization: `Bearer ${SECRET}` };

test('a card becomes a masked single-use token, sealed in the store', async () => {
  const { app, store, cvvs } = testVault();
  const before = Date.now();
  const answer = await app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() });
  assert.equal(answer.statusCode, 201);
  const { token, expiresAt, ...facts } = answer.json();
  assert.match(token, /^tok_[0-9a-f]{32}$/);
  assert.deepEqual(facts, {
    brand: 'visa',
    bin: '411111',
    last4: '1111',
    expiryMonth: 12,
    expiryYear: NEXT_YEAR,
    singleUse: true,
  });
  assert.ok(
    Date.parse(expiresAt) >= before + TOKEN_LIFETIME_MS && Date.parse(expiresAt) <= Date.now() + TOKEN_LIFETIME_MS,
  );
  const row = store.cards.get(token);
  assert.equal(JSON.stringify(row).includes('"cvv"'), false);
  assert.equal(row?.ciphertext.includes(VISA), false);
  assert.equal(cvvs.size, 1);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

const REFUSED: readonly (readonly [string, unknown, number, string, string])[] = [
  ['a wrong number', cardBody({ number: '4111111111111112' }), 422, 'invalid_card', '/card/number'],
  ['an expired card', cardBody({ expiryYear: NEXT_YEAR - 2 }), 422, 'invalid_card', '/card/expiryYear'],
  ['an unknown field', { ...cardBody(), remember: true }, 400, 'invalid_request', '/remember'],
  ['an unknown card field', cardBody({ holder: 'A' }), 400, 'invalid_request', '/card/holder'],
  ['a number as field name', { ...cardBody(), [VISA]: 1 }, 400, 'invalid_request', ''],
  ['no marketplace', { card: cardBody().card }, 400, 'invalid_request', '/marketplace'],
  ['a number as marketplace', { ...cardBody(), marketplace: VISA }, 400, 'invalid_request', '/marketplace'],
  ['a list', [VISA], 400, 'invalid_request', ''],
];

for (const [name, payload, status, code, pointer] of REFUSED) {
  test(`refused without repeating a number: ${name}`, async () => {
    const { app, store, cvvs } = testVault();
    const answer = await app.inject({ method: 'POST', url: '/v1/tokens', payload: payload as object });
    assert.equal(answer.statusCode, status);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const problem = answer.json();
    assert.equal(problem.code, code);
    assert.equal(problem.status, status);
    assert.equal(problem.errors[0].pointer, pointer);
    assert.deepEqual(cardNumbersIn(answer.body), []);
    assert.equal(answer.body.includes('41111111'), false);
    assert.equal(store.cards.size + cvvs.size, 0);
  });
}

test('broken JSON, other media types and large bodies are refused without their text', async () => {
  const { app } = testVault();
  const post = (payload: string, type = 'application/json', url = '/v1/tokens') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, ...bearer } });
  for (const url of ['/v1/tokens', '/forward']) {
    const broken = await post(`{"card":{"number":"${VISA}"`, 'application/json', url);
    const plain = await post(VISA, 'text/plain', url);
    const large = await post(JSON.stringify({ ...cardBody(), pad: 'x'.repeat(8_192) }), 'application/json', url);
    const fitting = await post(JSON.stringify({ pad: 'x'.repeat(8_000) }), 'application/json', url);
    assert.deepEqual(
      [broken, plain, large, fitting].map((answer) => answer.statusCode),
      [400, 415, 413, 400],
    );
    for (const answer of [broken, plain, large]) {
      assert.equal(answer.body.includes('4111'), false);
      assert.equal(answer.headers['x-vault-error'], url === '/forward' ? 'bad_request' : undefined);
    }
  }
  const lost = await app.inject({ method: 'GET', url: `/cards/${VISA}` });
  assert.equal(lost.statusCode, 404);
  assert.equal(lost.body.includes('4111'), false);
});

test('masked facts are for the bearer of the secret only', async () => {
  const { app } = testVault();
  const { token } = (await app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json();
  const read = (headers: Record<string, string>, id: string = token) =>
    app.inject({ url: `/v1/tokens/${id}`, headers });
  for (const authorization of ['', 'Bearer', `Bearer ${SECRET}x`, `Bearer ${SECRET.slice(0, -1)}`, SECRET]) {
    assert.equal((await read({ authorization })).statusCode, 401, authorization);
  }
  const answer = await read(bearer);
  const { marketplace, usedBy, last4 } = answer.json();
  assert.deepEqual({ marketplace, usedBy, last4 }, { marketplace: MARKETPLACE, usedBy: null, last4: '1111' });
  assert.deepEqual(cardNumbersIn(answer.body), []);
  assert.equal((await read(bearer, newId('tok'))).json().code, 'unknown_token');
  assert.equal((await read(bearer, 'nonsense')).statusCode, 404);
});

test('facts of several tokens are for the bearer too, of single-use tokens only, and malformed ones are unknown', async () => {
  const { app } = testVault();
  const make = async (more = {}): Promise<string> =>
    (await app.inject({ method: 'POST', url: '/v1/tokens', payload: { ...cardBody(), ...more } })).json().token;
  const [one, two] = [await make(), await make()];
  const stored = await make({ store: true, buyer: BUYER, agreement: AGREEMENT });
  const ask = (payload: object, headers: Record<string, string> = bearer) =>
    app.inject({ method: 'POST', url: '/v1/tokens/facts', payload, headers });
  const answer = await ask({ tokens: [two, stored, newId('tok'), 'tok_\0', VISA, 5, one] });
  assert.equal(answer.statusCode, 200);
  const { cards } = answer.json();
  assert.deepEqual(
    cards.map((card: { token: string }) => card.token),
    [two, one],
  );
  const alone = await app.inject({ url: `/v1/tokens/${one}`, headers: bearer });
  assert.deepEqual(cards[1], alone.json());
  assert.equal((await ask({ tokens: [one] }, {})).statusCode, 401);
  for (const payload of [{}, { tokens: one }, { tokens: Array.from({ length: 101 }, () => one) }]) {
    const refused = await ask(payload);
    assert.deepEqual([refused.statusCode, refused.json().errors[0].pointer], [400, '/tokens']);
  }
});

test('pages of listed origins may post cards; others get no permission', async () => {
  const { app } = testVault();
  const preflight = (origin: string) => app.inject({ method: 'OPTIONS', url: '/v1/tokens', headers: { origin } });
  const allowed = await preflight(SHOP);
  assert.equal(allowed.statusCode, 204);
  assert.equal(allowed.headers['access-control-allow-origin'], SHOP);
  assert.equal(allowed.headers['access-control-allow-headers'], 'content-type');
  assert.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined);
  const posted = await app.inject({
    method: 'POST',
    url: '/v1/tokens',
    payload: cardBody(),
    headers: { origin: SHOP },
  });
  assert.equal(posted.headers['access-control-allow-origin'], SHOP);
});

test('the card form may be framed by listed parents and runs its own script only', async () => {
  const { app } = testVault();
  const open = (parent: string) => app.inject({ url: '/fields', query: { marketplace: MARKETPLACE, parent } });
  const [one, two] = [await open(SHOP), await open(SHOP)];
  assert.equal(one.statusCode, 200);
  const policy = String(one.headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors https:\/\/shop\.example$/);
  assert.equal(policy.includes('unsafe'), false);
  const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
  assert.ok(nonce !== undefined && one.body.includes(`<script nonce="${nonce}">`));
  assert.equal(two.body.includes(nonce), false, 'a nonce serves once');
  assert.equal(/https?:\/\/(?!shop\.example)/.test(one.body), false, 'nothing from elsewhere');
  const settings = JSON.parse(/const settings = (.*);\n/.exec(one.body)?.[1] ?? 'null');
  assert.deepEqual([settings.marketplace, settings.parent, settings.storing], [MARKETPLACE, SHOP, null]);
  for (const hint of ['cc-number', 'cc-exp', 'cc-csc', 'for="number"', 'for="expiry"', 'for="cvv"']) {
    assert.ok(one.body.includes(hint), hint);
  }
  assert.equal((await open('https://evil.example')).statusCode, 403);
  const half = { marketplace: MARKETPLACE, parent: SHOP, buyer: newId('buy') };
  assert.equal((await app.inject({ url: '/fields', query: half })).json().errors[0].pointer, '/agreement');
  assert.equal(
    (await app.inject({ url: '/fields', query: { marketplace: '</script>', parent: SHOP } })).statusCode,
    400,
  );
});

test('a database that does not answer is a fault without its text', async () => {
  const gone = testVault();
  gone.store.addCard = async () => {
    throw new Error(`insert failed: (${VISA})`);
  };
  const answer = await gone.app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() });
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().code, 'vault_fault');
  assert.deepEqual(cardNumbersIn(answer.body), []);
  assert.equal(gone.faults.length, 1);
  assert.equal(gone.cvvs.size, 0);
});

test('a request that trickles in is ended: nobody holds a connection for ever', async (t) => {
  const { app } = testVault({ requestMs: 300 });
  t.after(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'POST /v1/tokens HTTP/1.1\r\nhost: vault\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
  );
  const [ended] = await Promise.all([once(socket, 'close', { signal: AbortSignal.timeout(5_000) }), socket.resume()]);
  assert.ok(ended);
});
