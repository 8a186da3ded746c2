/** Addresses that a client may not have the gateway knock at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotTell } from './notify-address.ts';

const at =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('public addresses may be told, private ones not, however they are written', async () => {
  for (const url of ['https://93.184.216.34/n', 'http://[2606:2800:220:1::1]/n'])
    assert.equal(await whyNotTell(url), null);
  for (const host of [
    '127.0.0.1',
    '2130706433', // the same as one number
    '10.1.2.3',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '0.0.0.0',
    '[::1]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
  ])
    assert.equal(await whyNotTell(`https://${host}/n`), 'private_address', host);
});

test('a name counts with every address it has', async () => {
  assert.equal(await whyNotTell('https://shop.example/n', at('93.184.216.34')), null);
  assert.equal(await whyNotTell('https://shop.example/n', at('93.184.216.34', '10.0.0.1')), 'private_address');
  assert.equal(await whyNotTell('https://shop.example/n', at('93.184.216.34', '::1')), 'private_address');
  assert.equal(
    await whyNotTell('https://nowhere.example/n', async () => Promise.reject(new Error('ENOTFOUND'))),
    'unknown_host',
  );
  assert.equal(await whyNotTell('file:///etc/passwd'), 'not_http');
});
