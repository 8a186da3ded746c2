/** The codes that are said against the documented list, both ways, and the table of refusals against the codes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RESULT_CODES, RESULTS, resultOfRefusal, WALLET_WORDS } from './results.ts';

const { codes } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/vectors/ams/result-codes.json'), 'utf8'),
) as { codes: readonly { code: string; status: string }[] };

/** Documented, and never said here: each with what would have to be built first. */
const NOT_SAID: Readonly<Record<string, readonly string[]>> = {
  'limits of what moves between accounts': ['AMOUNT_EXCEED_LIMIT'],
  'facts of a person beside the payment method': [
    'INVALID_PAYMENT_METHOD_META_DATA',
    'VERIFY_TIMES_EXCEED_LIMIT',
    'VERIFY_UNMATCHED',
  ],
  'card numbers in requests, which are refused':
    'INVALID_CARD_NUMBER INVALID_EXPIRATION_DATE SELECTED_CARD_BRAND_NOT_AVAILABLE CARD_NOT_SUPPORTED'.split(' '),
  'contracts and risk decisions of our own':
    'MERCHANT_KYB_NOT_QUALIFIED INVALID_MERCHANT_STATUS INVALID_CONTRACT SETTLE_CONTRACT_NOT_MATCH PAYMENT_NOT_QUALIFIED PAYMENT_PROHIBITED RISK_REJECT SUSPECTED_RISK SUSPECTED_CARD'.split(
      ' ',
    ),
  'other words for what is said':
    'SYSTEM_ERROR ACCESS_DENIED NO_INTERFACE_DEF MEDIA_TYPE_NOT_ACCEPTABLE CLIENT_INVALID SIGNATURE_INVALID OAUTH_FAIL'.split(
      ' ',
    ),
  'limits that cards do not have':
    'CANCEL_NOT_ALLOWED REFUND_WINDOW_EXCEED PARTIAL_REFUND_NOT_SUPPORTED MULTIPLE_REFUNDS_NOT_SUPPORTED REFUND_NOT_SUPPORTED'.split(
      ' ',
    ),
};

test('every code that is said is documented, with this status', () => {
  for (const [code, status] of Object.entries(RESULT_CODES))
    assert.ok(
      codes
        .find((each) => each.code === code)
        ?.status.split('|')
        .includes(status),
      code,
    );
});

test('every documented code is said, or it is known why not', () => {
  const said = Object.keys(RESULT_CODES);
  const unsaid = Object.values(NOT_SAID).flat();
  const documented = codes.map(({ code }) => code);
  assert.deepEqual([...said, ...unsaid].sort(), documented.toSorted());
});

test('every code is what some refusal, decline or state of a payment is told as', () => {
  const declines = [
    ['authentication_failed', null],
    ['cvv_mismatch', null],
    ['address_mismatch', null],
    ['INSUFFICIENT_FUNDS', 'soft'],
    ['DO_NOT_HONOR', 'soft'],
    ['LOST_CARD', 'hard'],
    ['SCA_NEEDED', 'authenticate'],
  ].map(
    ([code, meaning]) => resultOfRefusal({ code: 'declined', detail: '', facts: { code, class: meaning } }).resultCode,
  );
  const words = Object.keys(WALLET_WORDS).map(
    (code) => resultOfRefusal({ code: 'declined', detail: '', facts: { code, byWallet: true } }).resultCode,
  );
  const told = new Set<string>([
    ...Object.values(RESULTS),
    ...declines,
    ...words,
    'SUCCESS',
    'PROCESSING',
    'REFUND_IN_PROCESS',
  ]);
  assert.deepEqual([...told].sort(), Object.keys(RESULT_CODES).sort());
});

test('a message names the field, is short, and repeats no number of a card', () => {
  const { resultMessage } = resultOfRefusal({
    code: 'illegal_parameter',
    detail: `4112344112344113 ${'x'.repeat(300)}`,
    pointer: '/order/orderAmount',
  });
  assert.match(resultMessage, /^order\.orderAmount: \[digits\]/);
  assert.equal(resultMessage.length, 256);
});
