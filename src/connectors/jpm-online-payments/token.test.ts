import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { sleep } from '../../base/clock.ts';
import { answer, KEYS, SETTINGS, testNetwork } from './test-network.ts';
import { createTokenSource } from './token.ts';

test('the assertion is signed RS256, for the token endpoint, by and about the client', async () => {
  const network = testNetwork([]);
  await createTokenSource({ http: network, settings: { ...SETTINGS, keyId: 'AB12', resource: 'res' } }).get();
  const form = new URLSearchParams(String(network.requests[0]?.body));
  assert.equal(form.get('grant_type'), 'client_credentials');
  assert.equal(form.get('client_assertion_type'), 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  assert.equal(form.get('resource'), 'res');
  const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', KEYS.publicKey, {
    issuer: SETTINGS.clientId,
    subject: SETTINGS.clientId,
    audience: SETTINGS.tokenUrl,
    algorithms: ['RS256'],
  });
  assert.equal(protectedHeader.kid, 'AB12');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  assert.match(payload.jti ?? '', /^[0-9a-f]{32}$/);
});

test('a private JWK signs as well as a key object', async () => {
  const network = testNetwork([]);
  const privateKey = KEYS.privateKey.export({ format: 'jwk' });
  await createTokenSource({
    http: network,
    settings: { ...SETTINGS, privateKey: { ...privateKey, kty: 'RSA' } },
  }).get();
  const form = new URLSearchParams(String(network.requests[0]?.body));
  await jwtVerify(form.get('client_assertion') ?? '', KEYS.publicKey);
});

test('a token serves until 60 s before its end', async () => {
  let nowMs = 1_000_000;
  const network = testNetwork([]);
  const tokens = createTokenSource({ http: network, settings: SETTINGS }, () => nowMs);
  assert.equal(await tokens.get(), 'token-1');
  nowMs += 3_539_999;
  assert.equal(await tokens.get(), 'token-1');
  nowMs += 1;
  assert.equal(await tokens.get(), 'token-2');
});

test('callers who come together share one mint; after it fails the next tries again', async () => {
  let calls = 0;
  const network = testNetwork([], async () => {
    calls += 1;
    await sleep(5);
    return calls === 1 ? answer(500, '') : answer(200, { access_token: 'T', expires_in: '3600' });
  });
  const tokens = createTokenSource({ http: network, settings: SETTINGS });
  const failed = await Promise.allSettled([tokens.get(), tokens.get(), tokens.get()]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.deepEqual(await Promise.all([tokens.get(), tokens.get()]), ['T', 'T']);
  assert.equal(await tokens.get(), 'T');
  assert.equal(calls, 2);
});

test('forgetting an old token does not drop the new one', async () => {
  const network = testNetwork([]);
  const tokens = createTokenSource({ http: network, settings: SETTINGS });
  const first = await tokens.get();
  tokens.forget(first);
  assert.equal(await tokens.get(), 'token-2');
  tokens.forget(first);
  assert.equal(await tokens.get(), 'token-2');
});

test('a token without a stated life is used once', async () => {
  const network = testNetwork([], answer(200, { access_token: 'T' }));
  const tokens = createTokenSource({ http: network, settings: SETTINGS });
  await tokens.get();
  await tokens.get();
  assert.equal(network.requests.length, 2);
});
