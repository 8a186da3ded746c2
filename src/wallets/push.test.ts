/** Money that a national scheme never takes, to its end: with the hub's own jobs, cancels and refunds. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { must } from '../base/result.ts';
import type { PushAnswer } from '../connectors/ports/shop-acquirer.ts';
import type { Participant } from '../parties/index.ts';
import { writeMerchantCode } from './codes/write-merchant-code.ts';
import { issuePaymentCodes, type ScanCode } from './hub-codes/index.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import type { HubPayment } from './hub-payment.ts';
import { scan } from './scan.ts';
import { settlePayment } from './settle-payment.ts';
import { hubRefundsOf, loadHubPayment } from './store.ts';
import { takePayment } from './take-payment.ts';
import { testHub } from './test-hub.ts';
import { approved, type PayingHub, payingHub } from './test-wallets.ts';

const PROMPTPAY = 'A000000677010111';
const HOUR_MS = 3_600_000;

describe('pushed money', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let [wallet, thai] = [] as unknown as [Participant, Participant];
  const words: PushAnswer[] = [];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5', THB: '36' };
    wallet = await aParticipant(m, { participantId: 'PSP1', wallet: walletRole() });
    const role = acquirerRole({ countries: ['TH'], settlementCurrencies: ['THB'], pushSchemes: [PROMPTPAY] });
    thai = await aParticipant(m, { participantId: 'ACQ1', acquirer: role });
    const inquirePush = async (): Promise<PushAnswer> => words.shift() ?? { outcome: 'pending' };
    hub = payingHub(m, { acquirers: { ...testHub(m).deps.acquirers, inquirePush } });
  });
  after(() => m?.end());

  const value = must(
    writeMerchantCode({
      ...{ dynamic: false, categoryCode: '5812', currency: 'THB', country: 'TH', name: 'Noodles', city: 'Bangkok' },
      accounts: [{ id: '29', guid: PROMPTPAY, objects: [{ id: '01', value: '0066812345678' }] }],
    }),
  );
  const paid = async (): Promise<HubPayment> => {
    const typed = { amount: money(5000, 'THB'), userRequestId: newId('req') };
    const input: ScanCode = { value, wallet, customerId: 'C1', typed };
    const scanned = must(await scan(hub.deps, input));
    const payment = scanned.kind === 'payment' ? scanned.payment : assert.fail(scanned.kind);
    const word = approved(m.now());
    return must(await settlePayment(hub.deps, payment.id, word));
  };
  const now = async ({ id }: HubPayment): Promise<HubPayment> =>
    (await loadHubPayment(m.db, id)) ?? assert.fail('it is gone');

  test('never, on the day: canceled at the wallet, and the books are as before', async () => {
    const payment = await paid();
    assert.equal(payment.acquirer, thai.id);
    words.push({ outcome: 'refused', code: 'PROCESS_FAIL', message: 'no such account' });
    m.pass(4000);
    await hub.runDue();
    const back = await now(payment);
    assert.deepEqual([back.push?.state, back.state], ['refused', 'canceled']);
    assert.deepEqual(hub.wallet.canceled, [payment.reference]);
    await m.holdLaws();
  });

  test('never, days later: refunded at the payment’s own rate, once', async () => {
    const payment = await paid();
    for (let hour = 0; hour < 50; hour += 1) {
      m.pass(HOUR_MS);
      await hub.runDue();
    }
    assert.equal((await now(payment)).push?.state, 'waiting', 'not yet is not never');
    words.push({ outcome: 'refused', code: 'PROCESS_FAIL', message: 'returned' });
    m.pass(HOUR_MS);
    await hub.runDue();
    const [refund, ...more] = await hubRefundsOf(m.db, payment.id);
    assert.deepEqual([refund?.state, refund?.amount, more.length], ['refunded', payment.amount, 0]);
    assert.deepEqual(refund?.payBack, payment.price?.payTo);
    await m.holdLaws();
  });

  test('arrived: nothing goes back, and nobody is asked again', async () => {
    const payment = await paid();
    words.push({ outcome: 'arrived', at: m.now() });
    m.pass(4000);
    await hub.runDue();
    m.pass(24 * HOUR_MS);
    await hub.runDue();
    const done = await now(payment);
    assert.deepEqual([done.push?.state, done.state, done.refunded.amount], ['arrived', 'paid', 0n]);
  });

  test('a payment code inside a consumer-presented code of EMVCo is told to its wallet by its digits', async () => {
    const [shown] = must(await issuePaymentCodes(hub.deps, { wallet, customerId: 'C5', quantity: 1 }));
    const digits = shown?.value ?? '';
    const application = `4F07A00000060220209F7418${Buffer.from(digits).toString('hex')}`;
    const code = Buffer.from(`8505435056303161${(application.length / 2).toString(16)}${application}`, 'hex');
    const shop = { merchantId: 'M1', name: 'Noodles', country: 'TH', categoryCode: '5812' };
    const order = {
      requestId: newId('req'),
      shop,
      orderReference: 'O1',
      description: 'soup',
      amount: money(900, 'THB'),
    };
    const open = { settlementCurrency: null, redirectUrl: null, notifyUrl: null, expiresAt: null, keyFields: {} };
    const payer = { scenario: 'payment_code', code: code.toString('base64') } as const;
    const payment = must(await takePayment(hub.deps, { ...order, ...open, acquirer: thai, payer }));
    assert.deepEqual([payment.state, payment.customerId], ['paid', 'C5']);
    assert.deepEqual(hub.wallet.paid.at(-1)?.payer, { kind: 'payment_code', code: digits });
  });
});
