import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditExchange } from '../../../test/support/body-audit.ts';
import { type Money, money } from '../../base/money.ts';
import type { AuthenticationProof, PayRequest, StoredCredential, VerifyRequest } from '../ports/card-acquirer.ts';
import { paymentBody, verificationBody } from './payment-body.ts';
import { SETTINGS } from './test-network.ts';
import { PAY, PROOF, VERIFY } from './test-requests.ts';

type Json = Record<string, unknown>;
const payment = (changes: Partial<PayRequest> = {}): Json => ({ ...paymentBody({ ...PAY, ...changes }, SETTINGS) });
const verification = (changes: Partial<VerifyRequest> = {}): Json => ({
  ...verificationBody({ ...VERIFY, ...changes }, SETTINGS),
});
const cardIn = (body: Json): Json => (body.paymentMethodType as { card: Json }).card;

/** What the published schema says of a body as it leaves the vault. */
function faultsOf(collection: 'payments' | 'verifications', body: object): readonly string[] | undefined {
  const forwarded = {
    token: 't',
    method: 'POST',
    url: `${SETTINGS.baseUrl}/${collection}`,
    body: JSON.stringify(body),
  };
  return auditExchange({ method: 'POST', url: SETTINGS.vaultForwardUrl, body: JSON.stringify(forwarded) })?.faults;
}

function identityOf(sellerId: string): { readonly subMerchantId: string; readonly sellerIdentifier: string } {
  const body = payment({ softMerchant: { ...PAY.softMerchant, sellerId } });
  return (body.subMerchantSupplementalData as { merchantIdentification: ReturnType<typeof identityOf> })
    .merchantIdentification;
}

test('authorization and sale: valid, captured by us or at once, the seller named', () => {
  for (const kind of ['authorize', 'sale'] as const) {
    const body = payment({ kind });
    assert.deepEqual(faultsOf('payments', body), []);
    assert.equal(body.captureMethod, kind === 'sale' ? 'NOW' : 'MANUAL');
    assert.equal(body.amount, 12_345);
    assert.deepEqual(identityOf('sel_1'), { subMerchantId: 'A1J0CY79SZ', sellerIdentifier: 'sel_1' });
    assert.deepEqual(body.subMerchantSupplementalData, { merchantIdentification: identityOf('sel_1') });
    assert.equal(body.partialAuthorizationSupport, 'NOT_SUPPORTED');
    assert.equal(body.isAmountFinal, true);
  }
});

test('a seller has one sub-merchant id, always the same, another seller another', () => {
  const ids = new Set(Array.from({ length: 1_000 }, (_, nth) => identityOf(`sel_${nth}`).subMerchantId));
  assert.equal(ids.size, 1_000);
  for (const id of ids) assert.match(id, /^[0-9A-Z]{10}$/);
});

test('the schema check itself finds faults, unknown and read-only fields among them', () => {
  const body: Json = { ...payment(), captureMethod: 'SOON', amount: '1', more: 1 };
  body.merchant = { ...(payment().merchant as Json), merchantId: '998482157630' };
  const found = faultsOf('payments', body) ?? [];
  assert.deepEqual(found.map((fault) => fault.replace(/must be equal.*/, 'enum')).sort(), [
    '/: must NOT have additional properties (more)',
    '/amount: must be integer',
    '/captureMethod: enum',
    '/merchant: must NOT have additional properties (merchantId)',
  ]);
});

test('card data are placeholders only', () => {
  for (const body of [payment(), verification()]) {
    const text = JSON.stringify(body);
    for (const name of ['card_number', 'cvv', 'expiry_month', 'expiry_year'])
      assert.ok(text.includes(`"{{${name}}}"`), name);
  }
});

/** The matrix of stored credentials: use, who initiates, whether on file, the sequence under the agreement. */
const STORED: readonly (readonly [StoredCredential | undefined, string, string, string | undefined])[] = [
  [undefined, 'CARDHOLDER', 'NOT_STORED', undefined],
  [{ use: 'store', agreement: 'agr_1' }, 'CARDHOLDER', 'TO_BE_STORED', 'FIRST'],
  [{ use: 'reuse', agreement: 'agr_1' }, 'CARDHOLDER', 'STORED', undefined],
  [
    { use: 'merchant', agreement: 'agr_1', originalTransactionId: '012166692165035' },
    'MERCHANT',
    'STORED',
    'SUBSEQUENT',
  ],
];
for (const [stored, initiatorType, accountOnFile, sequence] of STORED) {
  test(`stored credential: ${stored?.use ?? 'none'} is ${initiatorType}, ${accountOnFile}, ${sequence}`, () => {
    const changes = stored === undefined ? {} : { stored };
    const body = payment(changes);
    assert.deepEqual(faultsOf('payments', body), []);
    assert.equal(body.initiatorType, initiatorType);
    assert.equal(body.accountOnFile, accountOnFile);
    const recurring = sequence && { recurringSequence: sequence, agreementId: 'agr_1' };
    assert.deepEqual(body.recurring, recurring);
    assert.equal(cardIn(body).originalNetworkTransactionId, stored?.originalTransactionId);
    assert.equal(
      'cvv' in cardIn(body),
      stored?.use !== 'merchant',
      'a verification value is never there without the buyer',
    );
    const asked = verification(changes);
    assert.deepEqual(faultsOf('verifications', asked), []);
    assert.equal(asked.recurringSequence, sequence);
  });
}

test('a charge without the buyer that names no first use is a bug', () => {
  assert.throws(() => payment({ stored: { use: 'merchant', agreement: 'agr_1' } }), /originalTransactionId/);
});

test('a proof of authentication and an exemption travel with the card', () => {
  const body = payment({ authentication: PROOF, exemption: 'secure_corporate' });
  assert.deepEqual(faultsOf('payments', body), []);
  assert.deepEqual(cardIn(body).authentication, {
    electronicCommerceIndicator: '05',
    threeDS: {
      authenticationValue: PROOF.cryptogram,
      authenticationTransactionId: PROOF.transactionId,
      threeDSProgramProtocol: '2',
      version2: { threeDSTransactionStatus: 'Y' },
    },
    SCAExemptionReason: 'SECURE_CORPORATE_PAYMENT',
  });
});

test('an informational authentication has no status in the schema, so it travels without', () => {
  const { cryptogram: _, ...informational } = { ...PROOF, status: 'I' as const, eci: '07' };
  const body = payment({ authentication: informational });
  assert.deepEqual(faultsOf('payments', body), []);
  assert.deepEqual(cardIn(body).authentication, {
    electronicCommerceIndicator: '07',
    threeDS: { authenticationTransactionId: PROOF.transactionId, threeDSProgramProtocol: '2' },
  });
});

test('estimate, partial approval and billing address', () => {
  const body = payment({
    amountIsFinal: false,
    partialApproval: true,
    billingAddress: { postalCode: '11111', country: 'US', line1: '1 Main St', city: 'Albany' },
  });
  assert.deepEqual(faultsOf('payments', body), []);
  assert.equal(body.isAmountFinal, false);
  assert.equal(body.partialAuthorizationSupport, 'SUPPORTED');
  const address = { line1: '1 Main St', city: 'Albany', postalCode: '11111', countryCode: 'US' };
  assert.deepEqual(body.accountHolder, { billingAddress: address });
});

test('a descriptor too short for the schema is left out, a long one cut to 100', () => {
  assert.ok(!('statementDescriptor' in payment({ statementDescriptor: 'ABC' })));
  assert.equal(String(payment({ statementDescriptor: 'A'.repeat(130) }).statementDescriptor).length, 100);
});

test('amounts beyond the schema and odd order numbers are bugs', () => {
  assert.throws(() => payment({ amount: money(1_000_000_000_000n, 'USD') }), /amount within/);
  assert.throws(() => payment({ amount: money(0n, 'USD') }), /amount within/);
  assert.throws(() => payment({ orderNumber: 'order_1' }), /order number/);
});

const optional = <Value>(some: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(some, { nil: undefined });
/** Absent members are left out, as callers write them. */
const compact = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Value;

const AMOUNT: fc.Arbitrary<Money> = fc
  .record({ amount: fc.bigInt(1n, 999_999_999_999n), currency: fc.constantFrom('USD', 'EUR', 'JPY', 'CNY') })
  .map(({ amount, currency }) => money(amount, currency as 'USD'));
const SELLER = fc
  .record({
    sellerId: fc.string({ minLength: 1, maxLength: 40 }),
    name: fc.string({ minLength: 1 }),
    country: fc.constantFrom('US', 'CN', 'DEU'),
    categoryCode: fc.stringMatching(/^\d{4}$/),
    email: optional(fc.emailAddress()),
    city: optional(fc.string()),
  })
  .map(compact);
const SOME_PROOF: fc.Arbitrary<AuthenticationProof> = fc
  .record({
    status: fc.constantFrom('Y', 'A', 'I'),
    eci: fc.constantFrom('05', '06', '07', '02', '01', '00'),
    cryptogram: optional(fc.base64String({ minLength: 28, maxLength: 28 })),
    transactionId: fc.uuid(),
    version: fc.constantFrom('2.1.0', '2.2.0', '2.3.1'),
  })
  .map((proof) => compact(proof) as AuthenticationProof);
const ADDRESS = fc
  .record({
    postalCode: fc.string({ maxLength: 14 }),
    country: fc.constantFrom('US', 'GB'),
    line1: optional(fc.string({ maxLength: 60 })),
    city: optional(fc.string({ maxLength: 60, unit: 'grapheme' })),
  })
  .map(compact);
const SHARED = {
  softMerchant: SELLER,
  authentication: optional(SOME_PROOF),
  stored: optional(fc.constantFrom(...STORED.flatMap(([stored]) => (stored === undefined ? [] : [stored])))),
  billingAddress: optional(ADDRESS),
};

test('any payment the platform can ask for gives a valid body', () => {
  const request = fc.record({
    ...SHARED,
    kind: fc.constantFrom('authorize', 'sale'),
    amount: AMOUNT,
    orderNumber: fc.stringMatching(/^[A-Za-z0-9 .-]{1,22}$/),
    statementDescriptor: fc.string({ maxLength: 120 }),
    partialApproval: optional(fc.boolean()),
    amountIsFinal: optional(fc.boolean()),
    exemption: optional(fc.constantFrom('low_value', 'risk_analysis', 'trusted_merchant', 'secure_corporate')),
  });
  fc.assert(
    fc.property(request, (asked) => {
      // The generator's absent members are gone, so the shape is that of a request.
      assert.deepEqual(faultsOf('payments', payment(compact(asked) as Partial<PayRequest>)), []);
    }),
    { numRuns: 300 },
  );
});

test('any verification the platform can ask for gives a valid body', () => {
  fc.assert(
    fc.property(fc.record(SHARED), (asked) => {
      assert.deepEqual(faultsOf('verifications', verification(compact(asked) as Partial<VerifyRequest>)), []);
    }),
    { numRuns: 200 },
  );
});
