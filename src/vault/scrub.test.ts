import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scrubber } from './scrub.ts';
import { VISA } from './test-vault.ts';

const AMEX = '378282246310005';

test('a number is masked to its first six and last four digits, however it is split', () => {
  const scrub = scrubber({ number: VISA, cvv: undefined });
  const cases = {
    [`pan=${VISA}.`]: 'pan=411111XXXXXX1111.',
    '4111 1111 1111 1111': '4111 11XX XXXX 1111',
    '4111-1111-1111-1111': '4111-11XX-XXXX-1111',
    '4111%201111%2D1111+1111': '4111%2011XX%2DXXXX+1111',
    '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1': '4 1 1 1 1 1 X X X X X X 1 1 1 1',
    [`"${VISA}","${VISA}"`]: '"411111XXXXXX1111","411111XXXXXX1111"',
  };
  for (const [text, masked] of Object.entries(cases)) assert.equal(scrub(text), masked);
  const wide = Buffer.from(VISA, 'utf16le').toString('latin1');
  assert.equal(Buffer.from(scrub(wide), 'latin1').toString('utf16le'), '411111XXXXXX1111');
  const nbsp = Buffer.from('4111\u00a01111\u00a01111\u00a01111').toString('latin1');
  assert.equal(Buffer.from(scrub(nbsp), 'latin1').toString(), '4111\u00a011XX\u00a0XXXX\u00a01111');
});

const escaped = (digits: string): string =>
  [...digits].map((digit, at) => (at % 3 === 0 ? `\\u003${digit}` : digit)).join('');

test('digits that are escaped in JSON are digits', () => {
  const scrub = scrubber({ number: VISA, cvv: '123' });
  const echoed = JSON.parse(scrub(`{"pan":"${escaped(VISA)}","cvv":"${escaped('123')}","id":"${escaped('4567')}"}`));
  assert.deepEqual(echoed, { pan: '411111XXXXXX1111', cvv: 'XXX', id: '4567' });
});

test('other digits, and every byte around, stay as they were', () => {
  const scrub = scrubber({ number: VISA, cvv: '123' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      assert.equal(scrub(text), text);
      assert.equal(scrub(`${text}|${VISA}|${text}`), `${text}|411111XXXXXX1111|${text}`);
    }),
  );
  assert.equal(scrub(AMEX), AMEX);
});

test('a security code is masked under the names card interfaces give it, and nowhere else', () => {
  const scrub = scrubber({ number: VISA, cvv: '123' });
  assert.equal(scrub('{"cvv":"123"}'), '{"cvv":"XXX"}');
  assert.equal(scrub('{"card": {"securityCode" : 123}}'), '{"card": {"securityCode" : XXX}}');
  assert.equal(scrub('{"cardVerificationValue":"123"}'), '{"cardVerificationValue":"XXX"}');
  assert.equal(scrub('{"cvc":"999","cvv":"123"}'), '{"cvc":"999","cvv":"XXX"}');
  for (const text of [
    '{"amount":123}',
    '{"cvv":"1234"}',
    '{"cvvResult":"M","code":"123"}',
    '{"id":"123"}',
    '{"cvv":"12"}',
  ])
    assert.equal(scrub(text), text);
  assert.equal(scrubber({ number: VISA, cvv: undefined })('{"cvv":"123"}'), '{"cvv":"123"}');
});
