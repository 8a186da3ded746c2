/** The sandbox's own signing and checking, against exchanges recorded from the official clients and against the hub's message layer. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  parseSignatureHeader,
  readPrivateKey,
  readPublicKey,
  signMessage,
  verifyMessage,
} from '../../src/ams-protocol/index.ts';
import {
  isSignedBy,
  makeKeys,
  privateKeyOf,
  publicKeyOf,
  readSignatureHeader,
  requestTimeMs,
  signatureHeader,
} from './message-signature.ts';

interface Recorded {
  readonly keys: { readonly merchantPublicSpkiB64: string };
  readonly vectors: readonly {
    readonly sdk: string;
    readonly requestLine: string;
    readonly headers: readonly string[];
    readonly body: string;
  }[];
}

const file = new URL('../../test/vectors/ams/signed-exchanges.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;

test('what every official client has signed verifies, and not with one byte changed', () => {
  const key = publicKeyOf(recorded.keys.merchantPublicSpkiB64);
  assert.ok(key !== null && recorded.vectors.length >= 4);
  for (const { sdk, requestLine, headers, body } of recorded.vectors) {
    const of = (name: string): string =>
      headers
        .find((line) => line.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? '';
    const path = (requestLine.split(' ')[1] ?? '').replace(/^https?:\/\/[^/]+/, '');
    const message = { path, clientId: of('client-id'), time: of('request-time'), body };
    const read = readSignatureHeader(of('signature'));
    assert.ok(read !== null, sdk);
    assert.equal(isSignedBy(message, read.signature, key), true, `${sdk} ${path}`);
    assert.equal(isSignedBy({ ...message, body: `${body} ` }, read.signature, key), false);
    assert.notEqual(requestTimeMs(message.time), null, message.time);
  }
});

test('the hub’s layer reads what a wallet signs, and a wallet what the hub signs', async () => {
  const { privateKey, publicKey } = await makeKeys();
  const message = {
    path: '/aps/api/v1/payments/notifyPayment',
    clientId: '1022171000000000001',
    time: '2026-01-05T17:00:00+08:00',
  };
  const body = '{"shop":"浅草茶舗"}';
  const header = signatureHeader({ ...message, body }, { key: privateKeyOf(privateKey), version: '3' });
  const parsed = parseSignatureHeader(header);
  assert.equal(parsed?.keyVersion, '3');
  const bytes = { ...message, body: Buffer.from(body) };
  assert.equal(await verifyMessage(bytes, parsed.signature, readPublicKey(publicKey)), true);
  const back = await signMessage(bytes, readPrivateKey(privateKey));
  const key = publicKeyOf(publicKey);
  for (const written of [back, encodeURIComponent(back), lowerHex(back)]) {
    const read = readSignatureHeader(`algorithm=RSA256, keyVersion=1,\r\n signature=${written}`);
    assert.ok(read !== null && key !== null);
    assert.equal(isSignedBy({ ...message, body }, read.signature, key), true);
  }
});

/** As .NET escapes. */
const lowerHex = (text: string): string =>
  encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

test('what is no key and no signature is said to be none', () => {
  assert.equal(publicKeyOf('AAAA'), null);
  for (const text of ['', 'RSA256', 'signature=', 'signature=%zz', 'signature=a b'])
    assert.equal(readSignatureHeader(text), null, text);
});
