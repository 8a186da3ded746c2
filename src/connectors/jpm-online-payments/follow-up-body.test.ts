import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BodyKind, bodyFaults } from '../../../test/support/jpm-openapi.ts';
import { money } from '../../base/money.ts';
import type { FollowUpRequest } from '../ports/card-acquirer.ts';
import * as bodies from './follow-up-body.ts';
import { SETTINGS } from './test-network.ts';
import { followUp } from './test-requests.ts';

const usd = (cents: bigint) => money(cents, 'USD');
const isValid = (kind: BodyKind, body: object): void => assert.deepEqual(bodyFaults(kind, { ...body }), []);

test('the only capture gives the rest back', () => {
  const body = bodies.captureBody(followUp('capture'));
  isValid('capture', body);
  assert.deepEqual(body, { captureMethod: 'NOW', amount: 12_345, currency: 'USD', isAmountFinal: true });
});

test('one of several captures is numbered; how many there will be is known at the last', () => {
  const first = bodies.captureBody({ ...followUp('capture'), part: { sequence: 1, final: false } });
  const last = bodies.captureBody({ ...followUp('capture'), part: { sequence: 3, final: true } });
  for (const body of [first, last]) isValid('capture', body);
  assert.deepEqual((first as { multiCapture: object }).multiCapture, {
    multiCaptureSequenceNumber: '1',
    multiCaptureRecordCount: 99,
    isFinalCapture: false,
  });
  assert.deepEqual((last as { multiCapture: object }).multiCapture, {
    multiCaptureSequenceNumber: '3',
    multiCaptureRecordCount: 3,
    isFinalCapture: true,
  });
  assert.throws(() => bodies.captureBody({ ...followUp('capture'), part: { sequence: 100, final: true } }), /1 to 99/);
});

test('changes: void, more, less without capturing, again', () => {
  const changes = [
    [bodies.voidBody(), { isVoid: true }],
    [bodies.incrementBody(followUp('increment')), { amount: 12_345 }],
    [bodies.reverseBody(followUp('reverse')), { captureMethod: 'MANUAL', amount: 12_345 }],
    [bodies.reauthorizeBody(), { isReauthorization: true }],
  ] as const;
  for (const [body, expected] of changes) {
    isValid('change', body);
    assert.deepEqual(body, expected);
  }
});

test('a refund names its payment, and the capture when there were several', () => {
  const plain = bodies.refundBody(followUp('refund'), SETTINGS);
  const ofCapture = bodies.refundBody({ ...followUp('refund'), networkCaptureId: 'cap-2' }, SETTINGS);
  for (const body of [plain, ofCapture]) isValid('refund', body);
  assert.ok(!('captureId' in plain));
  assert.equal((ofCapture as { captureId: string }).captureId, 'cap-2');
});

test('a later field is allowed where it belongs and nowhere else', () => {
  assert.notDeepEqual(bodyFaults('capture', { captureId: 'cap-2' }), []);
  assert.notDeepEqual(bodyFaults('refund', { isReauthorization: true, merchant: {} }), []);
});

test('any follow-up the platform can ask for gives a valid body', () => {
  const part = fc.record({ sequence: fc.integer({ min: 1, max: 99 }), final: fc.boolean() });
  fc.assert(
    fc.property(fc.bigInt(1n, 999_999_999_999n), fc.option(part, { nil: undefined }), fc.uuid(), (cents, one, id) => {
      const request: FollowUpRequest = {
        ...followUp('capture'),
        networkPaymentId: id,
        amount: usd(cents),
        ...(one === undefined ? {} : { part: one }),
      };
      isValid('capture', bodies.captureBody(request));
      isValid('change', bodies.incrementBody(request));
      isValid('change', bodies.reverseBody(request));
      isValid('refund', bodies.refundBody({ ...request, networkCaptureId: id }, SETTINGS));
    }),
    { numRuns: 100 },
  );
});

test('amounts beyond the schema are bugs', () => {
  assert.throws(() => bodies.captureBody({ ...followUp('capture'), amount: usd(1_000_000_000_000n) }), /amount within/);
  assert.throws(() => bodies.incrementBody({ ...followUp('increment'), amount: usd(0n) }), /amount within/);
});
