import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Move, Order } from '../api/client.ts';
import { buildBody, fieldsOf, initialValues } from './form.ts';

const usd = (value: string) => ({ value, currency: 'USD' });
// Only what the form reads.
const order = {
  total: usd('1200000'),
  instalments: [
    { number: 1, amount: usd('360000'), due: 'now', state: 'paid' },
    { number: 2, amount: usd('840000'), due: 'before_shipment', state: 'due' },
  ],
} as unknown as Order;
const move = (name: Move['move'], fields: Move['fields'] = []): Move => ({
  move: name,
  label: name,
  method: 'POST',
  href: `/v1/orders/ord_1/${name}`,
  needsIdempotencyKey: true,
  fields,
});

test('a refund is exact, more than zero and within its maximum', () => {
  const refund = move('refund', [
    { name: 'amount', label: 'Amount', type: 'money', required: true, max: usd('5000') },
    { name: 'reason', label: 'Reason', type: 'text', required: false },
  ]);
  assert.deepEqual(buildBody(refund, order, { amount: '50.00' }), { ok: true, body: { amount: usd('5000') } });
  for (const amount of ['50.01', '0', '1.001', 'ten', '']) {
    const built = buildBody(refund, order, { amount });
    assert.equal(built.ok, false, amount);
    assert.ok(!built.ok && built.errors.amount, amount);
  }
});

test('a payment names the first instalment that is due, as a number', () => {
  assert.deepEqual(buildBody(move('pay'), order, { token: 'tok_1' }), {
    ok: true,
    body: { token: 'tok_1', capture: 'automatic', instalment: 2 },
  });
  const chosen = move('pay', [
    { name: 'instalment', label: 'Instalment', type: 'select', required: true, options: ['1', '2'] },
    { name: 'capture', label: 'Capture', type: 'select', required: true, options: ['manual'] },
    { name: 'token', label: 'Card', type: 'card', required: true },
  ]);
  assert.deepEqual(initialValues(chosen), { instalment: '1', capture: 'manual', token: '' });
  assert.deepEqual(buildBody(chosen, order, { ...initialValues(chosen), token: 'tok_1' }), {
    ok: true,
    body: { token: 'tok_1', capture: 'manual', instalment: 1 },
  });
});

test('moves without fields from the server use those of the contract', () => {
  assert.deepEqual(
    fieldsOf(move('ship')).map((field) => field.name),
    ['carrier', 'trackingNumber'],
  );
  assert.deepEqual(fieldsOf(move('release')), []);
  assert.deepEqual(buildBody(move('release'), order, {}), { ok: true, body: {} });
});

test('what the server sends along is sent, and the card is asked last', () => {
  const pay: Move = {
    ...move('pay', [
      { name: 'token', label: 'Card', type: 'card', required: true },
      { name: 'capture', label: 'Capture', type: 'select', required: true, options: ['automatic', 'manual'] },
    ]),
    body: { instalment: 1 },
  };
  assert.deepEqual(
    fieldsOf(pay).map((field) => field.name),
    ['capture', 'token'],
  );
  assert.deepEqual(buildBody(pay, order, { ...initialValues(pay), token: 'tok_1' }), {
    ok: true,
    body: { token: 'tok_1', capture: 'automatic', instalment: 1 },
  });
});

test('a new total is more than what is authorized; a box is sent as true or false', () => {
  const increment = move('increment', [
    { name: 'amount', label: 'New total', type: 'money', required: true, above: usd('5000') },
  ]);
  assert.deepEqual(buildBody(increment, order, { amount: '50.01' }), { ok: true, body: { amount: usd('5001') } });
  assert.equal(buildBody(increment, order, { amount: '50' }).ok, false);
  const part = move('capture_part', [{ name: 'final', label: 'Last', type: 'check', required: false }]);
  assert.deepEqual(buildBody(part, order, { final: 'true' }), { ok: true, body: { final: true } });
  assert.deepEqual(buildBody(part, order, initialValues(part)), { ok: true, body: { final: false } });
});
