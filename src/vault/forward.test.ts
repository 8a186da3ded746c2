import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { addMs } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import {
  cardBody,
  cardNumbersIn,
  MARKETPLACE,
  NEXT_YEAR,
  SECRET,
  type TestVault,
  testNetwork,
  testVault,
  VISA,
} from './test-vault.ts';

const TEMPLATE = {
  amount: 1250,
  card: {
    accountNumber: '{{card_number}}',
    cvv: '{{cvv}}',
    expiry: { month: '{{expiry_month}}', year: '{{expiry_year}}' },
  },
};

const network = await testNetwork();
after(() => network.close());
const vaultFor = (...origins: string[]): TestVault => testVault({ allowedHosts: [network.origin, ...origins] });

async function newToken({ app }: TestVault): Promise<string> {
  return (await app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json().token;
}

const forwarded = (token: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  token,
  operation: 'OP1',
  url: `${network.origin}/charges`,
  method: 'POST',
  headers: { 'request-id': 'OP1', authorization: 'Bearer network' },
  body: JSON.stringify(TEMPLATE),
  ...more,
});

const send = ({ app }: TestVault, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/forward',
    payload: payload as object,
    headers: { authorization: `Bearer ${SECRET}`, ...headers },
  });

/** What the network got last. */
const lastSent = () => JSON.parse(network.received.at(-1)?.body ?? 'null');

test('the network gets the card, the caller gets the answer without it', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  const answer = await send(vault, forwarded(token));
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers['x-vault-error'], undefined);
  assert.deepEqual(lastSent(), {
    amount: 1250,
    card: { accountNumber: VISA, cvv: '123', expiry: { month: 12, year: NEXT_YEAR } },
  });
  const got = network.received.at(-1);
  assert.equal(got?.url, '/charges');
  assert.equal(got?.headers.authorization, 'Bearer network');
  assert.equal(got?.headers['request-id'], 'OP1');
  // This network echoes the body: the number comes back masked.
  assert.equal(answer.json().card.accountNumber, '411111XXXXXX1111');
  assert.deepEqual(cardNumbersIn(answer.body), []);
});

test('the same operation may forward again, without the security code; another may not', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  await send(vault, forwarded(token));
  assert.equal(vault.cvvs.size, 0);
  assert.equal((await send(vault, forwarded(token))).statusCode, 200);
  assert.deepEqual(Object.keys(lastSent().card), ['accountNumber', 'expiry']);
  const count = network.received.length;
  const other = await send(vault, forwarded(token, { operation: 'OP2' }));
  assert.equal(other.statusCode, 409);
  assert.equal(other.headers['x-vault-error'], 'token_used');
  assert.equal(other.json().code, 'token_used');
  assert.equal(network.received.length, count, 'nothing was sent');
});

test('the operation may come from the request-id header', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  await send(vault, forwarded(token, { operation: undefined, headers: { 'Request-Id': 'REQ7' } }));
  assert.equal(vault.store.cards.get(token)?.usedBy, 'REQ7');
});

test('an expired token begins nothing, but an operation that used it in time may retry', async () => {
  const vault = vaultFor();
  const [used, unused] = [await newToken(vault), await newToken(vault)];
  await send(vault, forwarded(used));
  for (const [token, card] of vault.store.cards) {
    vault.store.cards.set(token, { ...card, expiresAt: addMs(card.createdAt, -1) });
  }
  const late = await send(vault, forwarded(unused));
  assert.equal(late.statusCode, 410);
  assert.equal(late.headers['x-vault-error'], 'token_expired');
  assert.equal((await send(vault, forwarded(used))).statusCode, 200);
  const unknown = await send(vault, forwarded(newId('tok')));
  assert.deepEqual([unknown.statusCode, unknown.headers['x-vault-error']], [404, 'unknown_token']);
});

test('the token is marked before anything is sent', async () => {
  const vault = testVault();
  const seen: (string | null | undefined)[] = [];
  const watching = await testNetwork((response) => {
    seen.push(vault.store.cards.get(token)?.usedBy);
    response.end('{}');
  });
  const { app } = testVault({ store: vault.store, allowedHosts: [watching.origin] });
  const token: string = (await app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json().token;
  // The second server has keys of its own, so it also made the token.
  await send({ ...vault, app }, forwarded(token, { url: `${watching.origin}/pay` }));
  await watching.close();
  assert.deepEqual(seen, ['OP1']);
});

test('addresses outside the allow list get nothing, and the token stays fresh', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  const count = network.received.length;
  const port = new URL(network.origin).port;
  const addresses = [
    `http://127.0.0.1:${port}@127.0.0.1:9/`,
    `http://user@127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
    `HTTP://127.0.0.1:${port}/`,
    `http://127.0.0.1.:${port}/`,
    `http://127.0.0.1/`,
  ];
  for (const url of addresses) {
    const answer = await send(vault, forwarded(token, { url }));
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [403, 'host_not_allowed'], url);
  }
  assert.equal(network.received.length, count);
  assert.equal(vault.store.cards.get(token)?.usedBy, null);
  assert.equal(vault.cvvs.size, 1);
});

test('a redirect is an answer: it is not followed and its target is not shown', async () => {
  const redirecting = await testNetwork(
    (response) => void response.writeHead(307, { location: `${network.origin}/stolen` }).end(),
  );
  const vault = vaultFor(redirecting.origin);
  const count = network.received.length;
  const answer = await send(vault, forwarded(await newToken(vault), { url: `${redirecting.origin}/pay` }));
  await redirecting.close();
  assert.equal(answer.statusCode, 307);
  assert.equal(answer.headers.location, undefined);
  assert.equal(network.received.length, count);
});

test("the network's status, content type and body are handed back; it cannot speak for the vault", async () => {
  const declining = await testNetwork(
    (response) =>
      void response
        .writeHead(503, { 'content-type': 'text/x-down', 'x-vault-error': 'token_used' })
        .end(Buffer.from([0xff, 0x00, 0x41])),
  );
  const vault = vaultFor(declining.origin);
  const answer = await send(vault, forwarded(await newToken(vault), { url: `${declining.origin}/pay` }));
  await declining.close();
  assert.deepEqual([answer.statusCode, answer.headers['content-type']], [503, 'text/x-down']);
  assert.equal(answer.headers['x-vault-error'], undefined);
  assert.deepEqual(answer.rawPayload, Buffer.from([0xff, 0x00, 0x41]));
});

test('no connection is 502; a cut or late answer is 504', async () => {
  const closed = await testNetwork();
  await closed.close();
  const cutting = createServer((socket) => void socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve));
  const cuttingOrigin = `http://127.0.0.1:${(cutting.address() as AddressInfo).port}`;
  const silent = await testNetwork(() => undefined);
  const vault = vaultFor(closed.origin, cuttingOrigin, silent.origin);
  const attempt = async (origin: string, headers: Record<string, string> = {}) => {
    const answer = await send(vault, forwarded(await newToken(vault), { url: `${origin}/pay` }), headers);
    assert.match(String(answer.headers['content-type']), /problem\+json/);
    return [answer.statusCode, answer.headers['x-vault-error']];
  };
  assert.deepEqual(await attempt(closed.origin), [502, 'network_unreachable']);
  assert.deepEqual(await attempt(cuttingOrigin), [504, 'network_no_answer']);
  assert.deepEqual(await attempt(silent.origin, { 'x-timeout-ms': '200' }), [504, 'network_no_answer']);
  cutting.close();
  await silent.close();
});

test('malformed forwards are refused by the vault, by field', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  const pointer = async (more: Record<string, unknown>, headers: Record<string, string> = {}) => {
    const answer = await send(vault, forwarded(token, more), headers);
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [400, 'bad_request'], JSON.stringify(more));
    return answer.json().errors[0].pointer;
  };
  assert.equal(await pointer({ extra: 1 }), '/extra');
  assert.equal(await pointer({ method: 'GET' }), '/method');
  assert.equal(await pointer({ body: 'number={{card_number}}' }), '/body');
  assert.equal(await pointer({ body: '{"text":"call {{card_number}}"}' }), '/body');
  assert.equal(await pointer({ headers: { 'x-bad': 'a\r\nb: c' } }), '/headers');
  assert.equal(await pointer({ headers: 'x' }), '/headers');
  assert.equal(await pointer({ operation: '', headers: {} }), '/operation');
  assert.equal(await pointer({ operation: 'x'.repeat(41) }), '/operation');
  assert.equal(await pointer({}, { 'x-timeout-ms': '120001' }), '/headers');
  assert.equal(vault.store.cards.get(token)?.usedBy, null);
});

test('an answer that is compressed or very large is none: nobody could mask it', async (t) => {
  const bodies = [{ 'content-encoding': 'gzip' }, {}] as const;
  let asked = 0;
  const odd = await testNetwork((response) => {
    const headers = bodies[asked] ?? {};
    asked += 1;
    response.writeHead(200, { ...headers, 'content-type': 'application/json' });
    response.end('content-encoding' in headers ? gzipSync(`{"pan":"${VISA}"}`) : ' '.repeat(2 * 1024 * 1024));
  });
  t.after(() => odd.close());
  const vault = vaultFor(odd.origin);
  for (const what of ['compressed', 'large']) {
    const answer = await send(vault, forwarded(await newToken(vault), { url: `${odd.origin}/pay` }));
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [504, 'network_no_answer'], what);
  }
  assert.equal(asked, 2);
});

test('what has not the form of a token is unknown, and never reaches the database', async () => {
  const vault = vaultFor();
  vault.store.claim = async () => {
    throw new Error('the statement of others would fail with it');
  };
  for (const token of ['tok_\0', VISA, 'tok_', `tok_${'G'.repeat(32)}`]) {
    const answer = await send(vault, forwarded(token));
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [404, 'unknown_token']);
  }
});

test('without the secret not even the body is looked at', async () => {
  const vault = vaultFor();
  const answer = await vault.app.inject({
    method: 'POST',
    url: '/forward',
    payload: '{"broken',
    headers: { authorization: 'Bearer guess', 'content-type': 'application/json' },
  });
  assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [401, 'unauthorized']);
});

test('forwarding without the secret is refused', async () => {
  const vault = vaultFor();
  const answer = await send(vault, forwarded(await newToken(vault)), { authorization: 'Bearer guess' });
  assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [401, 'unauthorized']);
});

const agreed = { buyer: newId('buy'), agreement: `agr_${'0'.repeat(32)}` };

/** A stored card of `agreed`, with its security code held. */
async function newStoredCard({ app }: TestVault): Promise<string> {
  const payload = { ...cardBody(), store: true, ...agreed };
  return (await app.inject({ method: 'POST', url: '/v1/tokens', payload })).json().token;
}

const owner = { marketplace: MARKETPLACE, buyer: agreed.buyer };

test('a stored card serves many operations: the first with its security code, the others without', async () => {
  const vault = vaultFor();
  const token = await newStoredCard(vault);
  const fields = async (operation: string): Promise<string[]> => {
    assert.equal((await send(vault, forwarded(token, { operation, ...owner }))).statusCode, 200);
    return Object.keys(lastSent().card);
  };
  assert.deepEqual(await fields('OP1'), ['accountNumber', 'cvv', 'expiry']);
  assert.deepEqual(await fields('OP2'), ['accountNumber', 'expiry']);
  await vault.app.inject({ method: 'POST', url: `/v1/tokens/${token}/cvv`, payload: { cvv: '321' } });
  assert.deepEqual(await fields('OP3'), ['accountNumber', 'cvv', 'expiry']);
  assert.equal(lastSent().card === undefined, false);
});

test('a stored card is unknown to everybody but its buyer at its marketplace; nothing is sent', async () => {
  const vault = vaultFor();
  const token = await newStoredCard(vault);
  const count = network.received.length;
  const strangers = [
    {},
    { marketplace: MARKETPLACE },
    { ...owner, buyer: newId('buy') },
    { ...owner, marketplace: newId('mkt') },
  ];
  for (const more of strangers) {
    const answer = await send(vault, forwarded(token, more));
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [404, 'unknown_token']);
  }
  const single = await newToken(vault);
  const other = await send(vault, forwarded(single, { marketplace: newId('mkt') }));
  assert.equal(other.headers['x-vault-error'], 'unknown_token');
  assert.equal(vault.store.cards.get(single)?.usedBy, null);
  assert.equal(network.received.length, count);
  assert.equal((await send(vault, forwarded(token, { marketplace: 'mkt', buyer: VISA }))).statusCode, 400);
});

test('a body without a place for the security code leaves it for the one that has', async () => {
  const vault = vaultFor();
  const token = await newToken(vault);
  const body = JSON.stringify({ card: { accountNumber: '{{card_number}}' } });
  await send(vault, forwarded(token, { body }));
  assert.deepEqual(lastSent(), { card: { accountNumber: VISA } });
  await send(vault, forwarded(token));
  assert.equal(lastSent().card.cvv, '123');
});

test('the security code stays when the network took no notice: no connection, or 401', async () => {
  const closed = await testNetwork();
  await closed.close();
  const statuses = [401, 200, 200];
  const picky = await testNetwork((response) => void response.writeHead(statuses.shift() ?? 500).end('{}'));
  const vault = vaultFor(closed.origin, picky.origin);
  const token = await newToken(vault);
  await send(vault, forwarded(token, { url: `${closed.origin}/pay` }));
  for (let attempt = 0; attempt < 3; attempt += 1) await send(vault, forwarded(token, { url: `${picky.origin}/pay` }));
  await picky.close();
  const held = picky.received.map(({ body }) => JSON.parse(body).card.cvv);
  assert.deepEqual(held, ['123', '123', undefined]);
});

test('what a network echoes is masked in headers and body, whichever way the number is split', async () => {
  const echoing = await testNetwork((response) => {
    const split = '4111 1111-1111.1111';
    response.writeHead(200, {
      'content-type': `text/plain; pan=${VISA}`,
      'retry-after': '4111-1111-1111-1111',
      'x-pan': VISA,
    });
    response.end(`{"a":"${split}","securityCode": "123","amount":"12300"}`);
  });
  const vault = vaultFor(echoing.origin);
  const answer = await send(vault, forwarded(await newToken(vault), { url: `${echoing.origin}/pay` }));
  await echoing.close();
  assert.equal(answer.headers['content-type'], 'text/plain; pan=411111XXXXXX1111');
  assert.equal(answer.headers['retry-after'], '4111-11XX-XXXX-1111');
  assert.equal(answer.headers['x-pan'], undefined, 'headers that mean nothing to the caller stay here');
  assert.equal(answer.body, '{"a":"4111 11XX-XXXX.1111","securityCode": "XXX","amount":"12300"}');
});
