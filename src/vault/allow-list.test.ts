import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedTarget } from './allow-list.ts';

const ORIGINS = ['http://127.0.0.1:4101', 'https://api.example.com'];

test('addresses under an allowed origin are allowed', () => {
  for (const address of [
    'http://127.0.0.1:4101/api/v2/payments',
    'https://api.example.com/a?b=c',
    'https://api.example.com/',
  ]) {
    assert.equal(allowedTarget(address, ORIGINS)?.href, address);
  }
});

const TRICKS = {
  'another host': 'http://127.0.0.2:4101/',
  'another port': 'http://127.0.0.1:4102/',
  'a longer port': 'http://127.0.0.1:41010/',
  'no port': 'http://127.0.0.1/',
  'another scheme': 'https://127.0.0.1:4101/',
  'user info before another host': 'http://127.0.0.1:4101@evil.example/',
  'user info with a slash': 'https://api.example.com\\@evil.example/',
  'user info before the allowed host': 'https://user:pass@api.example.com/',
  'a longer host': 'https://api.example.com.evil.example/',
  'a sub-domain': 'https://x.api.example.com/',
  'a trailing dot': 'https://api.example.com./',
  'upper case': 'https://API.example.com/',
  'the default port': 'https://api.example.com:443/',
  'a number for an address': 'http://2130706433:4101/',
  'a tab in the host': 'https://api.exam\tple.com/',
  'white space before': ' https://api.example.com/',
  'dots that leave the path': 'https://api.example.com/a/../b',
  'a fragment': 'https://api.example.com/#/x',
  'no path at all': 'https://api.example.com',
  'a file': 'file:///etc/hosts',
  nothing: '',
};

for (const [name, address] of Object.entries(TRICKS)) {
  test(`refused: ${name}`, () => assert.equal(allowedTarget(address, ORIGINS), null));
}
