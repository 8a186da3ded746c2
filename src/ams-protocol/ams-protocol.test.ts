/** The message layer against exchanges recorded from the official clients, and against what it writes itself. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  formatSignatureHeader,
  formatTime,
  parseRequestTime,
  parseSignatureHeader,
  readPublicKey,
  signatureBytes,
  signMessage,
  verifyMessage,
} from './index.ts';

interface Vectors {
  readonly keys: { readonly merchantPublicSpkiB64: string; readonly gatewayPublicSpkiB64: string };
  readonly vectors: readonly {
    readonly sdk: string;
    readonly requestLine: string;
    readonly headers: readonly string[];
    readonly body: string;
  }[];
  readonly webhook: {
    readonly path: string;
    readonly clientId: string;
    readonly requestTime: string;
    readonly body: string;
    readonly signatureHeader: string;
  };
}
const { keys, vectors, webhook } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/vectors/ams/signed-exchanges.json'), 'utf8'),
) as Vectors;
const MERCHANT = readPublicKey(keys.merchantPublicSpkiB64);
const GATEWAY = readPublicKey(keys.gatewayPublicSpkiB64);

const header = (headers: readonly string[], name: string): string => {
  const found = headers.find((line) => line.toLowerCase().startsWith(`${name}:`)) as string;
  return found.slice(name.length + 1).trim();
};

describe('recorded exchanges', () => {
  for (const { sdk, requestLine, headers, body } of vectors) {
    const target = requestLine.split(' ')[1] as string;
    const path = target.replace(/^https?:\/\/[^/]+/, '');
    test(`${sdk} ${path}: verifies, and not with one byte changed`, async () => {
      const parsed = parseSignatureHeader(header(headers, 'signature'));
      assert.ok(parsed);
      assert.deepEqual([parsed.algorithm, parsed.keyVersion], ['RSA256', '1']);
      const time = header(headers, 'request-time');
      assert.notEqual(parseRequestTime(time), null);
      const message = { path, clientId: header(headers, 'client-id'), time, body: Buffer.from(body, 'utf8') };
      assert.equal(await verifyMessage(message, parsed.signature, MERCHANT), true);
      const changed = Buffer.from(body, 'utf8');
      changed.writeUInt8((changed[changed.length - 2] as number) ^ 1, changed.length - 2);
      for (const other of [
        { ...message, body: changed },
        { ...message, path: `${path}/` },
        { ...message, clientId: `${message.clientId}0` },
        { ...message, time: `${time} ` },
      ])
        assert.equal(await verifyMessage(other, parsed.signature, MERCHANT), false);
      assert.equal(await verifyMessage(message, parsed.signature, GATEWAY), false);
    });
  }

  test('the notification of a gateway', async () => {
    const { path, clientId, requestTime: time, body, signatureHeader } = webhook;
    const { signature } = parseSignatureHeader(signatureHeader) as { signature: string };
    assert.equal(await verifyMessage({ path, clientId, time, body: Buffer.from(body) }, signature, GATEWAY), true);
  });
});

test('what is signed here verifies, for any bytes', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 30 }), async (body, clientId) => {
      const message = { path: '/ams/api/v1/payments/pay', clientId, time: formatTime(1_795_318_894_677), body };
      const text = formatSignatureHeader({ keyVersion: '2', signature: await signMessage(message, privateKey) });
      const parsed = parseSignatureHeader(text);
      assert.equal(parsed?.keyVersion, '2');
      assert.equal(await verifyMessage(message, parsed?.signature ?? '', publicKey), true);
    }),
    { numRuns: 60 },
  );
});

test('signature headers: spaces, order, folding, lower-case hexadecimal, plain base64', () => {
  const signature = 'ab+/cd==';
  for (const text of [
    'algorithm=RSA256,keyVersion=1,signature=ab%2B%2Fcd%3D%3D',
    'algorithm=RSA256, keyVersion=1, signature=ab%2b%2fcd%3d%3d',
    ' keyVersion = 1 ,\n algorithm=RSA256,\n signature=ab+/cd==',
  ]) {
    const parsed = parseSignatureHeader(text);
    assert.deepEqual([parsed?.algorithm, parsed?.keyVersion], ['RSA256', '1'], text);
    assert.deepEqual(signatureBytes(parsed?.signature ?? ''), Buffer.from(signature, 'base64'), text);
  }
  for (const text of ['', 'signature=', 'algorithm=RSA256', 'keyVersion=1'])
    assert.equal(parseSignatureHeader(text), null);
  for (const text of ['%', 'a b', 'ä', '%zz']) assert.equal(signatureBytes(text), null);
});

test('times: the five ways of the official clients are one instant; anything else is none', () => {
  const second = Date.UTC(2026, 10, 22, 3, 38, 58);
  for (const text of [
    String(second),
    '2026-11-22T03:38:58+00:00',
    '2026-11-22T03:38:58+0000',
    '2026-11-22T03:38:58Z',
    '2026-11-22T11:38:58+08:00',
    '2026-11-22T03:38:58.0000000Z',
  ])
    assert.equal(parseRequestTime(text), second, text);
  assert.equal(parseRequestTime('2026-11-22T03:38:58.1234567Z'), second + 123);
  for (const text of [
    '',
    'now',
    '179531889467',
    '2026-11-22',
    '2026-13-22T03:38:58Z',
    '2026-11-22T03:38:58',
    '2026-11-22 03:38:58Z',
  ])
    assert.equal(parseRequestTime(text), null, text);
  assert.equal(parseRequestTime(formatTime(second + 5)), second);
});
