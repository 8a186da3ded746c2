/**
 * What J.P. Morgan offers beyond the contract of card acquirers, against the sandbox: authentication and its proof, exemptions and
 * declines that ask for it, stored credentials, checks, disputes with their money, gross funding, a settlement currency of its own.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test as it } from 'node:test';
import { addDays, type Instant, instant, msOf } from '../../src/base/clock.ts';
import {
  createJpmAuthentication,
  createJpmDisputes,
  createJpmOnlinePayments,
} from '../../src/connectors/jpm-online-payments/index.ts';
import type { CardAcquirer, DayReports, PayRequest } from '../../src/connectors/ports/card-acquirer.ts';
import type { AuthenticationRequest, CardAuthentication } from '../../src/connectors/ports/card-authentication.ts';
import type { CardDisputes } from '../../src/connectors/ports/card-disputes.ts';
import { createBodyAudit } from '../support/body-audit.ts';
import { type JpmSandbox, startJpmSandbox } from './jpm-sandbox.ts';
import { expectApproved, expectDeclined, newReference, usd } from './merchant.ts';

const VISA = '4112344112344113';
const VISA_ATTEMPTED = '4110144110144115';
const MASTERCARD_CHALLENGED = '2221000000000009';
const AMEX_OUT_OF_REACH = '371144371144376';

const audit = createBodyAudit();
for (const settlementCurrency of [undefined, 'EUR']) {
  describe(`J.P. Morgan, settled in ${settlementCurrency ?? 'what was paid'}`, () => {
    let sandbox: JpmSandbox;
    let acquirer: CardAcquirer;
    let authentication: CardAuthentication;
    let disputes: CardDisputes;
    before(async () => {
      sandbox = await startJpmSandbox(settlementCurrency ? { SETTLEMENT_CURRENCY: settlementCurrency } : {}, audit);
      acquirer = createJpmOnlinePayments(sandbox.deps);
      authentication = createJpmAuthentication(sandbox.deps);
      disputes = createJpmDisputes(sandbox.deps);
    });
    after(() => sandbox?.stop());

    const payment = (number: string, cents: bigint, changes: Partial<PayRequest> = {}): PayRequest => ({
      kind: 'sale',
      reference: newReference(),
      amount: usd(cents),
      cardToken: sandbox.tokenOf(number),
      use: 'use_1',
      softMerchant: { sellerId: 'sel_1', name: 'Whole seller', country: 'US', categoryCode: '5945' },
      orderNumber: 'WHOLE-1',
      statementDescriptor: 'WHOLE SELLER',
      ...changes,
    });
    const authentic = (number: string, cents: bigint): AuthenticationRequest => ({
      reference: newReference(),
      cardToken: sandbox.tokenOf(number),
      use: 'use_1',
      amount: usd(cents),
      browser: BROWSER,
      returnUrl: 'https://shop.example/return',
    });

    it('an authentication without challenge, and its proof with the payment', async () => {
      const request = authentic(VISA, 2_000n);
      const said = await authentication.authenticate(request);
      assert.ok(said.outcome === 'proven' && said.liabilityShift);
      assert.deepEqual(await authentication.find(request.reference), said);
      expectApproved(await acquirer.pay(payment(VISA, 2_000n, { authentication: said.proof })));
      const forged = { ...said.proof, cryptogram: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
      const refused = expectDeclined(await acquirer.pay(payment(VISA, 2_000n, { authentication: forged })));
      assert.deepEqual([refused.code, refused.class], ['AUTHENTICATION_INVALID', 'authenticate']);
    });

    it('attempted, not to be had, challenged, never begun', async () => {
      const attempted = await authentication.authenticate(authentic(VISA_ATTEMPTED, 2_000n));
      assert.equal(attempted.outcome === 'proven' && attempted.proof.eci, '06');
      const none = await authentication.authenticate(authentic(AMEX_OUT_OF_REACH, 2_000n));
      assert.deepEqual(none, { outcome: 'unavailable', reason: '22' });
      const challenged = authentic(MASTERCARD_CHALLENGED, 2_000n);
      const page = await authentication.authenticate(challenged);
      assert.ok(page.outcome === 'challenge', page.outcome);
      assert.ok((await fetch(page.url, { method: 'POST', body: new URLSearchParams({ creq: page.creq }) })).ok);
      assert.equal((await authentication.find(challenged.reference)).outcome, 'challenge');
      assert.deepEqual(await authentication.find(newReference()), { outcome: 'not_found' });
    });

    it('an issuer that wants the cardholder says so', async () => {
      const said = expectDeclined(await acquirer.pay(payment(MASTERCARD_CHALLENGED, 2_065n)));
      assert.equal(said.class, 'authenticate');
    });

    it('a card that has expired since it was typed is declined for good', async () => {
      const cardToken = sandbox.tokenOf(VISA, { expiryYear: 2020 });
      const said = expectDeclined(await acquirer.pay(payment(VISA, 2_000n, { cardToken })));
      assert.deepEqual([said.code, said.class], ['EXPIRED_CARD', 'hard']);
    });

    it('a card is stored by its buyer and charged later without him', async () => {
      const stored = { agreement: 'agr_1' };
      const first = expectApproved(await acquirer.pay(payment(VISA, 1_200n, { stored: { ...stored, use: 'store' } })));
      const originalTransactionId = first.schemeTransactionId;
      assert.ok(originalTransactionId !== undefined);
      const later = payment(VISA, 1_300n, { stored: { ...stored, use: 'merchant', originalTransactionId } });
      expectApproved(await acquirer.pay(later));
    });

    it('checks of address and verification value', async () => {
      const at = (postalCode: string) => payment(VISA, 1_200n, { billingAddress: { postalCode, country: 'US' } });
      const checks = async (request: PayRequest) => expectApproved(await acquirer.pay(request)).checks;
      assert.deepEqual(await checks(at('11111')), { address: 'no_match', cvv: 'match' });
      assert.deepEqual(await checks(at('22222')), { address: 'partial', cvv: 'match' });
      assert.deepEqual(await checks(at('10001')), { address: 'match', cvv: 'match' });
      assert.deepEqual(await checks(payment(VISA, 1_200n)), { address: 'unavailable', cvv: 'match' });
    });

    it('disputes: raised, read, fought, accepted; their money is in the files, and the day adds up', async () => {
      const sold = expectApproved(await acquirer.pay(payment(VISA, 5_000n)));
      const raise = (amount: number) =>
        sandbox.post('/_sandbox/disputes', { transactionId: sold.networkId, reasonCode: '13.1', amount });
      const fought = String((await raise(3_000)).disputeId);
      const given = String((await raise(1_000)).disputeId);
      const before = addDays(instant(msOf((await disputes.get(fought))?.openedAt as Instant)), -1);
      const found = await disputes.list(before);
      assert.deepEqual(
        found.map(({ id, state, stage }) => [id, state, stage]),
        [
          [fought, 'needs_response', 'chargeback'],
          [given, 'needs_response', 'chargeback'],
        ],
      );
      const content = new TextEncoder().encode('delivered');
      const evidence = {
        id: fought,
        reference: newReference(),
        last4: '4113',
        documents: [{ name: 'proof.txt', mediaType: 'text/plain', content }],
      } as const;
      assert.deepEqual(await disputes.challenge(evidence), { outcome: 'taken' });
      const twice = await disputes.challenge({ ...evidence, reference: newReference() });
      assert.equal(twice.outcome, 'refused');
      assert.deepEqual(await disputes.accept({ id: given, reference: newReference() }), { outcome: 'taken' });
      assert.deepEqual(
        [(await disputes.get(fought))?.state, (await disputes.get(given))?.state],
        ['under_review', 'accepted'],
      );
      assert.equal(await disputes.get('nowhere'), null);
      const reports = await closedDay();
      const movements = acquirer.parseDisputeMovements(reports.disputes?.bytes ?? new Uint8Array());
      assert.deepEqual(
        movements
          .filter(({ dispute }) => dispute === fought)
          .map(({ kind }) => kind)
          .sort(),
        ['debit', 'fee'],
      );
      acquirer.checkReports(reports);
    });

    it('a retrieval request is fulfilled, not challenged, and may become a chargeback', async () => {
      const sold = expectApproved(await acquirer.pay(payment(VISA, 5_000n)));
      const asked = { transactionId: sold.networkId, reasonCode: '13.1', type: 'RETRIEVAL_REQUEST' };
      const id = String((await sandbox.post('/_sandbox/disputes', asked)).disputeId);
      const standing = async () => {
        const { stage, state } = (await disputes.get(id)) ?? {};
        return [stage, state];
      };
      const content = new TextEncoder().encode('receipt');
      const documents = [{ name: 'receipt.txt', mediaType: 'text/plain', content }] as const;
      const handIn = { id, last4: '4113', documents };
      const wrong = await disputes.challenge({ ...handIn, reference: newReference() });
      assert.equal(wrong.outcome, 'refused');
      assert.deepEqual(await standing(), ['inquiry', 'needs_response']);
      assert.deepEqual(await disputes.fulfill({ ...handIn, reference: newReference() }), { outcome: 'taken' });
      assert.deepEqual(await standing(), ['inquiry', 'under_review']);
      await sandbox.post(`/_sandbox/disputes/${id}/advance`, { to: 'FIRST_CHARGEBACK' });
      assert.deepEqual(await standing(), ['chargeback', 'needs_response']);
      assert.equal((await disputes.fulfill({ ...handIn, reference: newReference() })).outcome, 'refused');
      assert.deepEqual(await disputes.challenge({ ...handIn, reference: newReference() }), { outcome: 'taken' });
    });

    it('gross funding: fees of a transfer of their own, and the day adds up', async () => {
      await sandbox.post('/_sandbox/account', { funding: 'gross' });
      const sold = expectApproved(await acquirer.pay(payment(VISA, 10_000n)));
      const reports = await closedDay();
      acquirer.checkReports(reports);
      const batches = acquirer.parseSettlement(reports.settlement.bytes);
      const line = batches.flatMap(({ lines }) => lines).find(({ networkId }) => networkId === sold.networkId);
      assert.ok(line !== undefined);
      assert.deepEqual([line.interchange.amount, line.schemeFee.amount, line.processingFee.amount], [0n, 0n, 0n]);
      assert.deepEqual(line.presentment, settlementCurrency === undefined ? undefined : usd(10_000n));
      assert.equal(line.amount.currency, settlementCurrency ?? 'USD');
      const fees = acquirer.parseFees(reports.fees?.bytes ?? new Uint8Array());
      assert.ok(fees.some(({ networkId, amount }) => networkId === sold.networkId && amount.amount > 0n));
      assert.ok(fees.every(({ batch }) => batches.every((other) => other.batch !== batch)));
    });

    it('every body that went out is valid by the published schema', async () => {
      assert.deepEqual(audit.faults(), []);
      assert.ok(audit.counts().payment > 0);
      assert.equal(await acquirer.health(), 'up');
    });

    async function closedDay(): Promise<DayReports> {
      const day = await sandbox.closeDay();
      const file = async (name: keyof DayReports) => {
        const issued = await acquirer.fetchReport(name, day);
        assert.ok(issued !== null, `${name} of ${day}`);
        return issued;
      };
      return {
        settlement: await file('settlement'),
        fees: await file('fees'),
        deposits: await file('deposits'),
        disputes: await file('disputes'),
      };
    }
  });
}

const BROWSER = {
  acceptHeader: 'text/html',
  userAgent: 'Mozilla/5.0',
  language: 'en-US',
  ip: '192.0.2.7',
  screenWidth: 1280,
  screenHeight: 720,
  colorDepth: 24,
  timeZoneOffset: -60,
};
