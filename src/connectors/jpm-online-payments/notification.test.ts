import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { parseNotification } from './notification.ts';

const read = (body: unknown) =>
  parseNotification(new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)));

test('identifiers and type, everything else ignored', () => {
  const body = {
    notificationId: 'n-1',
    merchantId: 998482157630,
    notificationType: 'paymentUpdateNotification',
    notificationSubType: 'PaymentApproved',
    requestId: 'R1',
    transactionId: 42,
    amount: 1,
    extra: {},
  };
  assert.deepEqual(read(body), {
    notificationId: 'n-1',
    reference: 'R1',
    networkId: '42',
    type: 'paymentUpdateNotification.PaymentApproved',
  });
});

test('only the id must be there', () => {
  assert.deepEqual(read({ notificationId: 7 }), { notificationId: '7', type: 'unknown' });
  for (const body of ['', '[]', '{', 'null', { requestId: 'R1' }, { notificationId: '' }]) {
    assert.throws(() => read(body), MalformedFile);
  }
});

test('an id that could not be stored is malformed, a reference of that kind is not asked about', () => {
  for (const notificationId of ['a\u0000b', '\ud800', 'with space', 'x'.repeat(129)]) {
    assert.throws(() => read({ notificationId }), /not an identifier/);
  }
  assert.equal(read({ notificationId: 'n-1', requestId: 'A\u0000' }).reference, undefined);
});

test('a dispute notification names the dispute', () => {
  const body = {
    notificationId: 'n-2',
    notificationType: 'disputeNotification',
    notificationSubType: 'DisputeOpened',
    disputeId: 'dsp-7',
    transactionId: 'tx-1',
  };
  assert.deepEqual(read(body), {
    notificationId: 'n-2',
    networkId: 'tx-1',
    type: 'disputeNotification.DisputeOpened',
    dispute: 'dsp-7',
  });
  assert.ok(!('dispute' in read({ notificationId: 'n-3', disputeId: 'not an id' })));
});
