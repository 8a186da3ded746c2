import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Payment } from '../api/client.ts';
import { lastWord, outcomeOf } from './outcome.ts';

const PAY = '/v1/orders/ord_1/payments';

test('a captured payment is done, a declined one says why', () => {
  assert.deepEqual(outcomeOf(201, { id: 'pay_1', state: 'captured', checking: false }, PAY), { kind: 'done' });
  assert.deepEqual(
    outcomeOf(201, { id: 'pay_1', state: 'declined', decline: { code: '51', message: 'Insufficient funds' } }, PAY),
    { kind: 'declined', message: 'Insufficient funds' },
  );
});

test('202, pending and checking are never final', () => {
  assert.deepEqual(outcomeOf(202, { id: 'pay_ab', state: 'pending' }, PAY), { kind: 'checking', paymentId: 'pay_ab' });
  assert.deepEqual(outcomeOf(201, { id: 'pay_ab', state: 'pending' }, PAY), { kind: 'checking', paymentId: 'pay_ab' });
  assert.deepEqual(outcomeOf(201, { id: 'pay_ab', state: 'captured', checking: true }, PAY), {
    kind: 'checking',
    paymentId: 'pay_ab',
  });
});

test('a refund that is being checked polls the payment of its address', () => {
  assert.deepEqual(outcomeOf(202, { id: 'ref_1' }, '/v1/payments/pay_0a/refunds'), {
    kind: 'checking',
    paymentId: 'pay_0a',
  });
  assert.deepEqual(outcomeOf(202, null, '/v1/orders/ord_1/release'), { kind: 'checking', paymentId: null });
});

test('a challenge is neither done nor declined, and an address that is missing is none', () => {
  const action = { kind: 'challenge', url: 'https://issuer.example/acs', creq: 'e30' };
  const body = { id: 'pay_ab', state: 'authenticating', checking: true, action };
  assert.deepEqual(outcomeOf(202, body, PAY), { kind: 'challenge', challenge: action });
  assert.equal(outcomeOf(202, { ...body, action: { kind: 'challenge' } }, PAY).kind, 'checking');
});

test('a capture that was declined leaves the payment as it was: the last operation says so', () => {
  const operation = (state: string) => ({ state, answer: state === 'declined' ? { code: 'x', message: 'No' } : null });
  const payment = (...states: string[]) => ({ operations: states.map(operation) }) as unknown as Payment;
  assert.deepEqual(lastWord(payment('approved', 'declined')), { kind: 'declined', message: 'No' });
  assert.deepEqual(lastWord(payment('declined', 'approved')), { kind: 'done' });
  assert.equal(outcomeOf(201, { id: 'ref_1', state: 'rejected' }, '/v1/payments/pay_0a/refunds').kind, 'declined');
});
