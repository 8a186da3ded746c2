/** The certificate against Node's own reader, and a TLS connection that trusts nothing else. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { instant, wallNow } from '../base/clock.ts';
import { selfSigned } from './self-signed.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const make = (from = instant(wallNow())) =>
  selfSigned({ key: privateKey, names: ['localhost'], addresses: ['127.0.0.1'], from, years: 10 });

test('it is what it says: names, dates, its own signature', () => {
  const certificate = new X509Certificate(make(instant(Date.UTC(2045, 5, 1))));
  assert.equal(certificate.checkHost('localhost'), 'localhost');
  assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
  assert.equal(certificate.checkHost('example.com'), undefined);
  assert.equal(certificate.checkIP('127.0.0.2'), undefined);
  assert.equal(certificate.validFromDate.toISOString(), '2045-06-01T00:00:00.000Z');
  // Ten times 365 days later, beyond the years that two digits can say.
  assert.equal(certificate.validToDate.toISOString(), '2055-05-30T00:00:00.000Z');
  assert.ok(certificate.verify(publicKey));
  assert.ok(certificate.checkIssued(certificate));
  assert.ok(certificate.ca);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

test('a client that trusts it alone connects by name and by address, and by no other name', async () => {
  const cert = make();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert }, (_request, response) => response.end('yes')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (servername: string) =>
    new Promise<number | string>((resolve) => {
      request({ host: '127.0.0.1', port, servername, ca: cert, agent: false, path: '/' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        .end();
    });
  try {
    assert.equal(await ask('localhost'), 200);
    assert.equal(await ask(''), 200);
    assert.equal(await ask('elsewhere.example'), 'ERR_TLS_CERT_ALTNAME_INVALID');
  } finally {
    server.close();
  }
});
