import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { randomBytes } from '../base/random.ts';
import { kmsKeys } from './kms.ts';
import { testKms } from './test-kms.ts';

const server = await testKms();
after(() => server.close());
const kms = kmsKeys(server.settings);
const key = randomBytes(32);

test('a key comes back from what it was wrapped to, bound to its context', async () => {
  const sealed = await kms.wrap(key, 'data-key|key_a');
  assert.equal(sealed.rootKeyId, 'kms/key-1');
  assert.equal(sealed.wrapped.includes(key), false);
  assert.deepEqual(await kms.unwrap(sealed, 'data-key|key_a'), key);
  await assert.rejects(kms.unwrap(sealed, 'data-key|key_b'), { code: 'cannot_open', retryable: false });
  await assert.rejects(kms.unwrap({ ...sealed, rootKeyId: 'kms/none' }, 'data-key|key_a'), { code: 'cannot_open' });
});

test('after a rotation the newer key wraps and the older one still opens', async () => {
  const sealed = await kms.wrap(key, 'c');
  const next = server.rotate();
  assert.equal(await kms.currentKeyId(), next);
  assert.equal((await kms.wrap(key, 'c')).rootKeyId, next);
  assert.deepEqual(await kms.unwrap(sealed, 'c'), key);
});

test('refusals and silence are faults that quote nothing', async () => {
  const quoting = key.toString('base64');
  const cases = [
    { status: 500, body: quoting, expect: { code: 'kms_refused', retryable: true } },
    { status: 403, body: quoting, expect: { code: 'kms_refused', retryable: false } },
    { status: 200, body: quoting, expect: { code: 'kms_malformed' } },
    { status: 200, body: '{"keyId":"a b","wrapped":"AAAA"}', expect: { code: 'kms_malformed' } },
    { status: 200, body: '{"keyId":"k","wrapped":"not base64!"}', expect: { code: 'kms_malformed' } },
    { status: 302, body: '', expect: { code: 'kms_refused' } },
  ];
  for (const { expect, ...answer } of cases) {
    server.answerWith(answer);
    await assert.rejects(kms.wrap(key, 'c'), (error: Error) => {
      assert.partialDeepStrictEqual({ ...error }, expect);
      assert.equal(error.cause, undefined);
      return !error.message.includes(quoting);
    });
  }
  server.answerWith({ status: 200, body: JSON.stringify({ plaintext: 'AAAA' }) });
  await assert.rejects(kms.unwrap({ rootKeyId: 'k', wrapped: key }, 'c'), { code: 'kms_malformed' }, 'too short a key');
  server.answerWith(null);
  await assert.rejects(kmsKeys({ ...server.settings, token: 'wrong' }).wrap(key, 'c'), { code: 'kms_refused' });
  await assert.rejects(kmsKeys({ url: 'http://127.0.0.1:9', token: 't' }).currentKeyId(), {
    code: 'kms_unreachable',
    retryable: true,
  });
});
