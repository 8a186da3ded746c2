import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../base/money.ts';
import type { InquiryAnswer, OperationKind } from '../ports/card-acquirer.ts';
import { readAnswer, readInquiryAnswer, readVoidInquiry } from './answers.ts';
import { answer } from './test-network.ts';
import { success } from './test-requests.ts';

const asked = (kind: OperationKind) => ({ kind, reference: 'R1', amount: money(12_345n, 'USD') });
/** A verification is asked about nothing, so it carries no amount. */
const read = (kind: OperationKind, changes: Record<string, unknown>, status = 200): InquiryAnswer =>
  readAnswer(
    kind === 'verify' ? { ...asked(kind), amount: money(0n, 'USD') } : asked(kind),
    answer(status, success('R1', changes)),
  );
/** `approved`, `declined CODE`, `pending`, `unknown` or `not_found`. */
const brief = (said: InquiryAnswer): string => (said.outcome === 'declined' ? `declined ${said.code}` : said.outcome);

const CAPTURED = { captures: [{ captureId: 'c', amount: 12_345, transactionStatusCode: 'CLOSED' }] };

/** Every state of the network that this connector can meet: kind, what the network says, what it means. */
const STATES: readonly (readonly [string, OperationKind, Record<string, unknown>, string])[] = [
  [
    'NOW approved',
    'sale',
    { transactionState: 'CLOSED', paymentRequest: CAPTURED, remainingAuthAmount: 0 },
    'approved',
  ],
  ['NOW completed', 'sale', { transactionState: 'COMPLETED' }, 'approved'],
  ['MANUAL approved', 'authorize', { transactionState: 'AUTHORIZED', remainingAuthAmount: 12_345 }, 'approved'],
  ['NOW only authorized', 'sale', { transactionState: 'AUTHORIZED' }, 'pending'],
  [
    'NOW authorized, captured by record',
    'sale',
    { transactionState: 'AUTHORIZED', paymentRequest: CAPTURED },
    'approved',
  ],
  [
    'read back after capture',
    'authorize',
    { transactionState: 'CLOSED', captureMethod: 'MANUAL', paymentRequest: CAPTURED },
    'approved',
  ],
  [
    'declined with HTTP 200',
    'sale',
    { responseStatus: 'DENIED', transactionState: 'DECLINED', responseCode: 'DO_NOT_HONOR' },
    'declined DO_NOT_HONOR',
  ],
  ['full capture', 'capture', { transactionState: 'CLOSED', responseCode: 'ACCEPTED' }, 'approved'],
  ['partial capture', 'capture', { transactionState: 'CLOSED', amount: 1_000, remainingAuthAmount: 0 }, 'approved'],
  [
    'multi capture, open',
    'capture',
    { transactionState: 'CLOSED', responseCode: 'ACCEPTED', paymentRequest: { paymentRequestStatus: 'OPEN' } },
    'approved',
  ],
  ['capture not closed', 'capture', { transactionState: 'AUTHORIZED' }, 'pending'],
  [
    'capture denied while authorized',
    'capture',
    { responseStatus: 'DENIED', responseCode: 'AUTHORIZATION_EXPIRED' },
    'declined AUTHORIZATION_EXPIRED',
  ],
  ['void', 'void', { transactionState: 'VOIDED', isVoid: true, amount: 0 }, 'approved'],
  [
    'void of a captured payment, denied',
    'void',
    { responseStatus: 'DENIED', transactionState: 'CLOSED', responseCode: 'DECLINED' },
    'declined DECLINED',
  ],
  ['void that changed nothing', 'void', { transactionState: 'CLOSED' }, 'unknown'],
  ['void not done yet', 'void', { transactionState: 'AUTHORIZED' }, 'pending'],
  ['refund is AUTHORIZED', 'refund', { transactionState: 'AUTHORIZED', remainingRefundableAmount: 0 }, 'approved'],
  ['refund is CLOSED', 'refund', { transactionState: 'CLOSED' }, 'approved'],
  [
    'refund denied',
    'refund',
    { responseStatus: 'DENIED', transactionState: 'DECLINED', responseCode: 'DECLINED' },
    'declined DECLINED',
  ],
  ['redirect', 'sale', { transactionState: 'PENDING', responseCode: 'CUSTOMER_PENDING' }, 'pending'],
  [
    'verification without a state, as published',
    'verify',
    { transactionState: undefined, amount: undefined },
    'approved',
  ],
  ['verification, amount zero', 'verify', { transactionState: 'CLOSED', amount: 0 }, 'approved'],
  [
    'verification denied',
    'verify',
    { responseStatus: 'DENIED', transactionState: 'DECLINED', responseCode: 'DECLINED' },
    'declined DECLINED',
  ],
  ['increment', 'increment', { transactionState: 'AUTHORIZED' }, 'approved'],
  ['increment to another total', 'increment', { amount: 12_000 }, 'unknown'],
  [
    'increment denied, the authorization stands',
    'increment',
    { responseStatus: 'DENIED', responseCode: 'INSUFFICIENT_FUNDS', amount: 10_000 },
    'declined INSUFFICIENT_FUNDS',
  ],
  ['reversal', 'reverse', { transactionState: 'AUTHORIZED' }, 'approved'],
  ['reversal down to what is captured', 'reverse', { transactionState: 'CLOSED' }, 'approved'],
  ['reauthorization', 'reauthorize', { transactionState: 'AUTHORIZED' }, 'approved'],
  ['reauthorization that shows the old payment', 'reauthorize', { transactionState: 'VOIDED' }, 'unknown'],
  ['more than was asked', 'authorize', { amount: 12_346 }, 'unknown'],
  ['capture of more than was asked', 'capture', { transactionState: 'CLOSED', amount: 20_000 }, 'unknown'],
  ['voided at the network', 'authorize', { transactionState: 'VOIDED' }, 'declined VOIDED'],
];
for (const [name, kind, changes, expected] of STATES) {
  test(`state: ${name} (${kind}) is ${expected}`, () => assert.equal(brief(read(kind, changes)), expected));
}

/** How the service is known to drift from its published schema, and words that contradict each other. */
const DRIFT: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['amount as text', { amount: '12345' }, 'approved'],
  [
    'status PENDING',
    { responseStatus: 'PENDING', responseCode: 'PERFORM_AUTHENTICATION', transactionState: 'PENDING' },
    'pending',
  ],
  ['authentication wanted, authorized', { responseCode: 'PERFORM_AUTHENTICATION' }, 'pending'],
  ['unknown property', { isReauthorization: true, somethingNew: { deep: [1] } }, 'approved'],
  ['unknown code', { responseCode: 'NEVER_SEEN_BEFORE' }, 'approved'],
  [
    'unknown code, denied',
    { responseStatus: 'DENIED', transactionState: 'DECLINED', responseCode: 'NEW_NO' },
    'declined NEW_NO',
  ],
  ['unknown status', { responseStatus: 'MAYBE' }, 'unknown'],
  ['no status', { responseStatus: undefined }, 'unknown'],
  ['unknown state', { transactionState: 'SETTLING' }, 'pending'],
  ['no state', { transactionState: undefined }, 'pending'],
  ['no transaction id', { transactionId: undefined }, 'unknown'],
  ['numeric transaction id', { transactionId: 1234567890 }, 'approved'],
  ['no amount', { amount: undefined }, 'approved'],
  ['partial approval without amount', { amount: undefined, responseCode: 'PARTIAL_APPROVAL' }, 'unknown'],
  ['amount with a fraction', { amount: 123.45 }, 'unknown'],
  ['other currency', { currency: 'EUR' }, 'unknown'],
  ['answer of another request', { requestId: 'R9' }, 'unknown'],
  ['SUCCESS but DECLINED state', { transactionState: 'DECLINED' }, 'unknown'],
  ['SUCCESS but refusing code', { responseCode: 'INSUFFICIENT_FUNDS' }, 'unknown'],
  ['DENIED but AUTHORIZED', { responseStatus: 'DENIED', responseCode: 'DECLINED' }, 'unknown'],
  ['ERROR HOST_ERROR', { responseStatus: 'ERROR', transactionState: 'ERROR', responseCode: 'HOST_ERROR' }, 'unknown'],
  ['ERROR TIMEOUT', { responseStatus: 'ERROR', transactionState: 'ERROR', responseCode: 'TIMEOUT' }, 'unknown'],
  ['ERROR with a new code', { responseStatus: 'ERROR', transactionState: 'ERROR', responseCode: 'ODD' }, 'unknown'],
  [
    'ERROR VALIDATION_ERROR',
    { responseStatus: 'ERROR', transactionState: 'ERROR', responseCode: 'VALIDATION_ERROR' },
    'declined VALIDATION_ERROR',
  ],
  [
    'expiry and cvv of the other type',
    { paymentMethodType: { card: { cvv: 111, expiry: { month: '5' }, cardType: 3 } } },
    'approved',
  ],
  ['card missing', { paymentMethodType: undefined }, 'approved'],
];
for (const [name, changes, expected] of DRIFT) {
  test(`drift: ${name} is ${expected}`, () => assert.equal(brief(read('authorize', changes)), expected));
}

const MESSAGES = (code: string, status = 'ERROR') => ({
  responseStatus: status,
  responseCode: code,
  responseMessage: 'no',
});

/** HTTP status and body, as an operation and as an inquiry. */
const HTTP: readonly (readonly [number, unknown, string, string])[] = [
  [400, MESSAGES('VALIDATION_ERROR'), 'declined VALIDATION_ERROR', 'unknown'],
  [412, MESSAGES('BAD_REQUEST', 'DENIED'), 'declined BAD_REQUEST', 'unknown'],
  [400, MESSAGES('HOST_ERROR'), 'unknown', 'unknown'],
  [400, MESSAGES('DUPLICATE_REQUEST'), 'unknown', 'unknown'],
  [400, '<html>bad gateway config</html>', 'unknown', 'unknown'],
  [400, { message: 'not the error schema' }, 'unknown', 'unknown'],
  [401, MESSAGES('UNAUTHORIZED'), 'unknown', 'unknown'],
  [403, MESSAGES('UNAUTHORIZED'), 'declined UNAUTHORIZED', 'unknown'],
  [403, 'forbidden', 'unknown', 'unknown'],
  [403, { message: 'not the error schema' }, 'unknown', 'unknown'],
  [404, MESSAGES('NOT_FOUND'), 'declined NOT_FOUND', 'not_found'],
  [404, '', 'unknown', 'not_found'],
  [404, '<html>no such page</html>', 'unknown', 'unknown'],
  [404, { message: 'Route GET:/x not found' }, 'unknown', 'unknown'],
  [409, MESSAGES('CONFLICT'), 'unknown', 'unknown'],
  [429, MESSAGES('TOO_MANY'), 'unknown', 'unknown'],
  [500, MESSAGES('HOST_ERROR'), 'unknown', 'unknown'],
  [503, MESSAGES('HOST_ERROR', 'DENIED'), 'unknown', 'unknown'],
  [504, MESSAGES('TIMEOUT'), 'unknown', 'unknown'],
  [302, '', 'unknown', 'unknown'],
  [200, '{"responseStatus":"SUCC', 'unknown', 'unknown'],
  [200, '', 'unknown', 'not_found'],
  [204, '', 'unknown', 'not_found'],
  [200, [], 'unknown', 'not_found'],
  [200, {}, 'unknown', 'not_found'],
  [200, [{}], 'unknown', 'unknown'],
  [200, 'null', 'unknown', 'unknown'],
  [200, MESSAGES('NOT_FOUND'), 'declined NOT_FOUND', 'not_found'],
];
for (const [status, body, operation, inquiry] of HTTP) {
  test(`HTTP ${status} ${JSON.stringify(body).slice(0, 50)}: ${operation}, inquiry ${inquiry}`, () => {
    assert.equal(brief(readAnswer(asked('sale'), answer(status, body))), operation);
    assert.equal(brief(readInquiryAnswer(asked('sale'), answer(status, body))), inquiry);
  });
}

/** A void is asked by the state of its payment. */
const VOID: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ transactionState: 'VOIDED', requestId: 'the payment’s own' }, 'approved'],
  [{ transactionState: 'AUTHORIZED' }, 'not_found'],
  [{ transactionState: 'AUTHORIZED', paymentRequest: CAPTURED }, 'declined ALREADY_CAPTURED'],
  [{ transactionState: 'CLOSED' }, 'declined ALREADY_CAPTURED'],
  [{ transactionState: 'DECLINED', responseStatus: 'DENIED' }, 'declined PAYMENT_DECLINED'],
  [{ transactionState: 'PENDING' }, 'pending'],
  [{ transactionState: 'ODD' }, 'unknown'],
  [{ transactionState: undefined }, 'unknown'],
];
for (const [changes, expected] of VOID) {
  test(`inquiry of a void: ${String(changes.transactionState)} is ${expected}`, () => {
    assert.equal(brief(readVoidInquiry(asked('void'), answer(200, success('R0', changes)))), expected);
  });
}

test('inquiry of a void: payment not found, network down', () => {
  assert.equal(brief(readVoidInquiry(asked('void'), answer(404, MESSAGES('NOT_FOUND')))), 'not_found');
  assert.equal(brief(readVoidInquiry(asked('void'), answer(503, ''))), 'unknown');
});

test('an approval carries id, amount, approval code and what the issuer said', () => {
  const said = read('authorize', {
    amount: 10_000,
    responseCode: 'PARTIAL_APPROVAL',
    paymentMethodType: {
      card: { cardType: 'VI', networkResponse: { cardVerificationResult: 'MATCH', networkResponseCode: 0 } },
    },
  });
  assert.equal(said.outcome, 'approved');
  if (said.outcome !== 'approved') return;
  assert.deepEqual(said.amount, money(10_000n, 'USD'));
  assert.equal(said.networkId, 'cdf62f90-6440-496f-817c-c05dd3b7b01a');
  assert.equal(said.approvalCode, 'tst269');
  assert.equal(said.details.cardVerificationResult, 'MATCH');
  assert.equal(said.details.networkResponseCode, '0');
});

test('a validation error tells which field', () => {
  const body = {
    ...MESSAGES('VALIDATION_ERROR'),
    validationErrors: [{ entity: 'card.accountNumber', message: 'Luhn' }],
  };
  const said = readAnswer(asked('sale'), answer(400, body));
  assert.deepEqual(said, {
    outcome: 'declined',
    code: 'VALIDATION_ERROR',
    message: 'no; card.accountNumber Luhn',
    class: 'refused',
  });
});

test('an approval carries the checks, the scheme’s transaction id and the payment’s new id', () => {
  const networkResponse = {
    addressVerificationResult: 'POSTALCODE_MATCH',
    cardVerificationResult: 'NO_MATCH',
    networkTransactionId: '012166692165035',
  };
  const card = { paymentMethodType: { card: { networkResponse } } };
  const said = read('reauthorize', { ...card, transactionId: 'new-1' });
  assert.equal(said.outcome, 'approved');
  if (said.outcome !== 'approved') return;
  assert.deepEqual(said.checks, { address: 'partial', cvv: 'no_match' });
  assert.equal(said.schemeTransactionId, '012166692165035');
  assert.equal(said.networkPaymentId, 'new-1');
  const plain = read('authorize', {});
  assert.ok(plain.outcome === 'approved' && !('networkPaymentId' in plain) && !('checks' in plain));
});

test('Mastercard’s transaction id is the Banknet number with its date', () => {
  const networkResponse = { banknetReferenceNumber: 'MCC123456', bankNetDate: '1122' };
  const said = read('authorize', { paymentMethodType: { card: { networkResponse } } });
  assert.equal(said.outcome === 'approved' && said.schemeTransactionId, 'MCC1234561122');
});

test('a capture is named by its own id, whether the answer carries that or the payment’s', () => {
  const captures = [
    { captureId: 'cap-1', amount: 2_500, transactionStatusCode: 'CLOSED' },
    { captureId: 'cap-2', amount: 2_500, transactionStatusCode: 'CLOSED' },
  ];
  const captured = (transactionId: string) =>
    read('capture', { transactionState: 'CLOSED', amount: 2_500, transactionId, paymentRequest: { captures } });
  const idOf = (said: InquiryAnswer) => said.outcome === 'approved' && said.networkId;
  assert.equal(idOf(captured('cap-1')), 'cap-1');
  assert.equal(idOf(captured('pay-1')), 'cap-2', 'the newest of that amount');
  // The first capture has the payment's id for its own, and this network names every answer by the payment.
  const parts = [
    { captureId: 'pay-1', amount: 2_500, transactionStatusCode: 'CLOSED' },
    { captureId: 'cap-2', amount: 7_500, transactionStatusCode: 'CLOSED' },
  ];
  const second = {
    transactionState: 'CLOSED',
    amount: 7_500,
    transactionId: 'pay-1',
    paymentRequest: { captures: parts },
  };
  assert.equal(idOf(read('capture', second)), 'cap-2', 'of another amount, so it is another capture');
  const unlisted = read('capture', { transactionState: 'CLOSED', amount: 1_000, paymentRequest: { captures } });
  assert.equal(idOf(unlisted), 'cdf62f90-6440-496f-817c-c05dd3b7b01a');
});

test('a decline carries its class and the checks', () => {
  const networkResponse = { networkResponseCode: '51', cardVerificationResult: 'MATCH' };
  const said = read('authorize', {
    responseStatus: 'DENIED',
    transactionState: 'DECLINED',
    responseCode: 'INSUFFICIENT_FUNDS',
    paymentMethodType: { card: { networkResponse } },
  });
  assert.ok(said.outcome === 'declined');
  assert.equal(said.class, 'soft');
  assert.deepEqual(said.checks, { address: 'unavailable', cvv: 'match' });
});
