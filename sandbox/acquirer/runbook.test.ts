/**
 * The chains that the network ships with its own collection (Online Payments, runbook; Apache-2.0), run as they stand: each
 * step's body, and what its answer must hold. `{id}` is the transaction id of the answer before.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { payment } from './test-client.ts';

interface Step {
  readonly op: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
}

const OK = { responseStatus: 'SUCCESS' };
const AUTHORIZE = { op: 'POST /payments', body: { captureMethod: 'MANUAL', amount: 10_000 }, expect: OK };
const part = (sequence: number, isFinalCapture: boolean) => ({
  multiCapture: { multiCaptureSequenceNumber: sequence, multiCaptureRecordCount: 2, isFinalCapture },
});
const SELLER = { sellerIdentifier: 'S-1', serviceEntitlementNumber: '1234567890', subMerchantId: 'SUB1' };

const CHAINS: Readonly<Record<string, readonly Step[]>> = {
  'multi-capture': [
    AUTHORIZE,
    {
      op: 'POST /payments/{id}/captures',
      body: { amount: 2_500, ...part(1, false) },
      expect: { ...OK, remainingAuthAmount: 7_500 },
    },
    {
      op: 'POST /payments/{id}/captures',
      body: { amount: 7_500, ...part(2, true) },
      expect: { ...OK, remainingAuthAmount: 0 },
    },
  ],
  'partial-capture': [
    AUTHORIZE,
    {
      op: 'POST /payments/{id}/captures',
      body: { captureMethod: 'NOW', amount: 1_000, isAmountFinal: true },
      expect: { ...OK, remainingAuthAmount: 0 },
    },
  ],
  reauth: [
    AUTHORIZE,
    {
      op: 'PATCH /payments/{id}',
      body: { isReauthorization: true },
      expect: { ...OK, transactionState: 'AUTHORIZED' },
    },
    { op: 'POST /payments/{id}/captures', body: { captureMethod: 'NOW' }, expect: { ...OK, amount: 10_000 } },
  ],
  incremental: [
    { ...AUTHORIZE, body: { ...AUTHORIZE.body, isAmountFinal: false } },
    {
      op: 'PATCH /payments/{id}',
      body: { amount: 11_000 },
      expect: { ...OK, amount: 11_000, remainingAuthAmount: 11_000, transactionState: 'AUTHORIZED' },
    },
  ],
  'partial-void-capture': [
    AUTHORIZE,
    {
      op: 'PATCH /payments/{id}',
      body: { captureMethod: 'NOW', amount: 1_000 },
      expect: { ...OK, transactionState: 'CLOSED', amount: 1_000, remainingAuthAmount: 0 },
    },
  ],
  'full-void': [
    AUTHORIZE,
    { op: 'PATCH /payments/{id}', body: { isVoid: true }, expect: { ...OK, transactionState: 'VOIDED', isVoid: true } },
  ],
  'linked-refund': [
    { op: 'POST /payments', body: { captureMethod: 'NOW', amount: 10_000 }, expect: OK },
    {
      op: 'POST /refunds',
      body: {
        amount: 10_000,
        currency: 'USD',
        paymentMethodType: { transactionReference: { transactionReferenceId: '{id}' } },
      },
      expect: { ...OK, transactionState: 'AUTHORIZED', remainingRefundableAmount: 0 },
    },
  ],
  'sub-merchant-auth': [
    {
      op: 'POST /payments',
      body: {
        captureMethod: 'MANUAL',
        amount: 1_550,
        merchant: { ...payment(0).merchant, merchantCategoryCode: '5945', softMerchant: { name: 'Toys' } },
        subMerchantSupplementalData: { merchantIdentification: SELLER },
      },
      expect: OK,
    },
  ],
};

let sandbox: TestAcquirer;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

for (const [name, steps] of Object.entries(CHAINS)) {
  test(`runbook: ${name}`, async () => {
    let id = '';
    for (const [index, { op, body, expect }] of steps.entries()) {
      const [method, path] = op.split(' ') as [string, string];
      const base =
        path === '/payments' ? payment(10_000) : path === '/refunds' ? { merchant: payment(0).merchant } : {};
      const sent = JSON.parse(JSON.stringify({ ...base, ...body }).replaceAll('{id}', id)) as unknown;
      const answer = await sandbox.client.send(method, `/api/v2${path.replace('{id}', id)}`, `${name}${index}`, sent);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const held = Object.fromEntries(Object.keys(expect).map((field) => [field, answer.body[field]]));
      assert.deepEqual(held, expect, `step ${index + 1}`);
      // Captures of one payment go to the payment, whatever their own ids are.
      if (!path.endsWith('/captures')) id = String(answer.body.transactionId);
    }
  });
}
