import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksOf } from './checks.ts';
import { DECLINES, declineClass } from './declines.ts';

const body = (networkResponse: Record<string, unknown>, more: Record<string, unknown> = {}, cardType = 'VI') => ({
  ...more,
  paymentMethodType: { card: { cardType, networkResponse } },
});

const CASES: readonly (readonly [string, string, ReturnType<typeof body>, string | undefined])[] = [
  ['response code alone', 'INSUFFICIENT_FUNDS', body({}), 'soft'],
  ['stolen card beside a plain decline', 'DECLINED', body({ networkResponseCode: '43' }), 'hard'],
  ['do not honor', 'DO_NOT_HONOR', body({ networkResponseCode: '05' }), 'soft'],
  ['expired', 'EXPIRED_CARD', body({ networkResponseCode: '54' }), 'hard'],
  ['the cardholder is wanted', 'AUTHENTICATION_REQUIRED', body({ networkResponseCode: '65' }), 'authenticate'],
  ['1A of Visa', 'DECLINED', body({ networkResponseCode: '1A' }), 'authenticate'],
  ['65 of Mastercard', 'DECLINED', body({ networkResponseCode: 65 }, {}, 'MC'), 'authenticate'],
  ['65 elsewhere is a count', 'DECLINED', body({ networkResponseCode: '65' }), 'soft'],
  ['host text', 'NEW_CODE', body({}, { hostMessage: '522 Card has expired' }), 'hard'],
  ['host code', 'NEW_CODE', body({}, { extendedHostErrorCode: 521 }), 'soft'],
  ['host text without code', 'NEW_CODE', body({}, { hostMessage: '5223 something' }), undefined],
  ['advice: do not try again', 'DECLINED', body({ additionalData: { merchantAdviceCode: '03' } }, {}, 'MC'), 'hard'],
  ['lapsed', 'AUTHORIZATION_EXPIRED', body({}), 'refused'],
  ['nobody knows', 'NEW_CODE', body({ networkResponseCode: 'ZZ' }), undefined],
  ['nothing else said', 'DECLINED', {} as ReturnType<typeof body>, 'soft'],
];
for (const [name, code, said, expected] of CASES) {
  test(`decline class: ${name} is ${expected}`, () => assert.equal(declineClass(code, said), expected));
}

test('the table names each code once', () => {
  const all = DECLINES.flatMap(({ by, codes, cardType }) =>
    codes.split(/\s+/).map((code) => `${by} ${code} ${cardType}`),
  );
  assert.equal(new Set(all).size, all.length);
});

const CHECKS: readonly (readonly [Record<string, unknown>, string | undefined])[] = [
  [{ addressVerificationResult: 'ADDRESS_POSTALCODE_MATCH', cardVerificationResult: 'MATCH' }, 'match match'],
  [{ addressVerificationResult: 'NO_MATCH', cardVerificationResult: 'NO_MATCH' }, 'no_match no_match'],
  [{ addressVerificationResult: 'POSTALCODE_MATCH', cardVerificationResult: 'NOT_PRESENT' }, 'partial unavailable'],
  [{ addressVerificationResult: 'NOT_REQUESTED' }, 'unavailable unavailable'],
  [{ addressVerificationResultCode: 'N', cardVerificationResultCode: 'I3' }, 'no_match unavailable'],
  [{ addressVerificationResultCode: 'Y', cardVerificationResultCode: 'M' }, 'match match'],
  [{ addressVerificationResultCode: 'Z' }, 'partial unavailable'],
  [{ addressVerificationResult: 'SOMETHING_NEW', addressVerificationResultCode: 'Y' }, 'unavailable unavailable'],
  [{ networkResponseCode: '00' }, undefined],
];
for (const [said, expected] of CHECKS) {
  test(`checks: ${JSON.stringify(said)} is ${expected}`, () => {
    const checks = checksOf(body(said));
    assert.equal(checks && `${checks.address} ${checks.cvv}`, expected);
  });
}
