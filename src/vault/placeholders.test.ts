import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillTemplate, parseTemplate } from './placeholders.ts';
import { VISA } from './test-vault.ts';

const CARD = { number: VISA, expiryMonth: 8, expiryYear: 2031, cvv: '123' };
const TEMPLATE = JSON.stringify({
  amount: 1250,
  paymentMethodType: {
    card: {
      accountNumber: '{{card_number}}',
      cvv: '{{cvv}}',
      expiry: { month: '{{expiry_month}}', year: '{{expiry_year}}' },
    },
  },
  list: ['a', '{{cvv}}', null, true],
});

function filled(body: string, card: typeof CARD | (Omit<typeof CARD, 'cvv'> & { cvv: undefined })): unknown {
  const template = parseTemplate(body);
  assert.ok(template);
  return JSON.parse(fillTemplate(template, card));
}

test('placeholders become the card: strings, and integers for the expiry', () => {
  assert.deepEqual(filled(TEMPLATE, CARD), {
    amount: 1250,
    paymentMethodType: { card: { accountNumber: VISA, cvv: '123', expiry: { month: 8, year: 2031 } } },
    list: ['a', '123', null, true],
  });
});

test('without a held value the cvv member is left out', () => {
  const body = filled(TEMPLATE, { ...CARD, cvv: undefined }) as {
    paymentMethodType: { card: object };
    list: unknown[];
  };
  assert.deepEqual(Object.keys(body.paymentMethodType.card), ['accountNumber', 'expiry']);
  assert.deepEqual(body.list, ['a', null, true]);
});

test('names are never placeholders, and a member named __proto__ stays a member', () => {
  const body = '{"{{card_number}}":1,"__proto__":{"x":"{{card_number}}"}}';
  const template = parseTemplate(body);
  assert.ok(template);
  assert.equal(fillTemplate(template, CARD), `{"{{card_number}}":1,"__proto__":{"x":"${VISA}"}}`);
});

test('refused: no JSON, no object, a placeholder inside a longer string, an unknown placeholder', () => {
  for (const body of [
    '',
    'x',
    '"{{card_number}}"',
    '{"a":"PAN {{card_number}}"}',
    '{"a":["{{track_data}}"]}',
    '{"a":1',
  ]) {
    assert.equal(parseTemplate(body), null, body);
  }
});
