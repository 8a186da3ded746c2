/** Disputes of wallets about shop payments: handed on, answered or not, refunded at the payment's own rate, told to both sides. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { type Instant, MS_PER_DAY, msOf } from '../../base/clock.ts';
import { type Id, newId } from '../../base/ids.ts';
import { type Money, money } from '../../base/money.ts';
import { must, type Refusal, type Result } from '../../base/result.ts';
import { checkLedger } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import { acquirerRole, aParticipant, walletRole } from '../hub-codes/test-participants.ts';
import type { HubPayment } from '../hub-payment.ts';
import { refundHubPayment } from '../refund-payment.ts';
import { hubRefundsOf, loadHubPayment } from '../store.ts';
import { takePayment } from '../take-payment.ts';
import { aWish, type PayingHub, payingHub, SILENT } from '../test-wallets.ts';
import { type AnswerWalletDispute, answerWalletDispute } from './answer-dispute.ts';
import { type OpenWalletDispute, openWalletDispute } from './open-dispute.ts';
import { findWalletDispute, walletDisputesOf } from './store.ts';
import { pauseAfter } from './tell.ts';
import type { WalletDispute } from './wallet-dispute.ts';

const yen = (amount: number): Money => money(amount, 'JPY');
const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.code);
const MINUTE_MS = 60_000;

describe('disputes of wallets about shop payments', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let [tng, other, acquirer] = [] as unknown as [Participant, Participant, Participant];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    tng = await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() });
    other = await aParticipant(m, { participantId: 'DANA1', wallet: walletRole({ slug: 'dana', codeIssuer: null }) });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
  });
  beforeEach(async () => {
    m.pass(2 * MINUTE_MS);
    m.rates.perBase.MYR = '4.5';
    hub = payingHub(m);
    await m.db.query('delete from jobs');
  });
  after(() => m?.end());

  const paid = async (): Promise<HubPayment> => must(await takePayment(hub.deps, aWish(acquirer)));
  const reload = async ({ id }: HubPayment) => (await loadHubPayment(m.db, id)) as HubPayment;
  const open = (payment: HubPayment, changes: Partial<OpenWalletDispute> = {}) =>
    openWalletDispute(hub.deps, {
      ...{ wallet: tng, kind: 'escalation', claim: newId('req'), reference: payment.reference, amount: null },
      ...{ reason: { code: 'NOT_RECEIVED', text: 'the tea never came' }, ...changes },
    });
  const claimed = async (payment: HubPayment, changes: Partial<OpenWalletDispute> = {}) =>
    must(await open(payment, changes));
  const answer = ({ id: dispute }: WalletDispute, changes: Partial<AnswerWalletDispute>) =>
    answerWalletDispute(hub.deps, {
      ...{ dispute, kind: 'refuse', amount: null, text: 'it was handed over', evidence: [], by: 'acquirer' },
      ...changes,
    });
  const now = async ({ id }: { readonly id: Id<'esc'> }) => (await findWalletDispute(m.db, id)) as WalletDispute;

  test('handed to the acquirer until it has it; a part is accepted and refunded at the old rate; the wallet is told', async () => {
    const payment = await paid();
    await hub.runDue();
    hub.outcomes.push('no_answer');
    const row = await claimed(payment);
    await hub.runDue();
    m.pass(2 * MINUTE_MS);
    await hub.runDue();
    assert.equal(hub.disputes.length, 2, 'again, until it is acknowledged');
    const { paymentRequestId, amount, id, respondBy } = hub.disputes[1] ?? assert.fail('nothing was handed on');
    assert.deepEqual(
      [paymentRequestId, amount, id, respondBy],
      [payment.requestId, yen(10_000), row.id, row.respondBy],
    );
    m.rates.perBase.MYR = '3.1';
    must(await answer(row, { kind: 'partial', amount: yen(2_500), text: 'half of it' }));
    hub.wallet.refunds.push(SILENT);
    await hub.runDue();
    assert.equal((await now(row)).state, 'refunding', 'until the wallet has it');
    m.pass(5 * MINUTE_MS);
    await hub.runDue();
    const [refund] = await hubRefundsOf(m.db, payment.id);
    const payTo = payment.price?.payTo.amount as bigint;
    assert.deepEqual([refund?.requestId, refund?.payBack.amount], [row.id, payTo / 4n], 'the quarter of what was paid');
    assert.equal((await reload(payment)).refunded.amount, 2_500n);
    assert.equal((await now(row)).state, 'refunded');
    assert.deepEqual(
      hub.wallet.news.map(({ state, answer: given }) => [state, given?.kind, given?.amount]),
      [
        ['refunding', 'partial', yen(2_500)],
        ['refunded', 'partial', yen(2_500)],
      ],
    );
    await m.holdLaws();
  });

  test('the acquirer that asks for the refund itself, under the dispute’s id, finds the same one', async () => {
    const payment = await paid();
    const row = await claimed(payment);
    must(await answer(row, { kind: 'full' }));
    const wish = { payment, requestId: row.id, amount: yen(10_000), reason: 'Dispute' };
    must(await refundHubPayment(hub.deps, wish));
    await hub.runDue();
    assert.equal((await hubRefundsOf(m.db, payment.id)).length, 1);
    assert.equal((await now(row)).state, 'refunded');
  });

  test('refused; a second claim comes in time and nobody answers it: accepted in full after ten days, to the moment', async () => {
    const payment = await paid();
    const first = await claimed(payment, { amount: yen(4_000) });
    must(await answer(first, {}));
    assert.equal((await now(first)).state, 'answered');
    const second = await claimed(payment, { amount: yen(4_000) });
    await hub.runDue();
    m.pass(10 * MS_PER_DAY - 1);
    await hub.runDue();
    assert.equal((await now(second)).state, 'open');
    m.pass(1);
    assert.equal(said(await answer(second, {})), 'response_overdue');
    await hub.runDue();
    const ended = await now(second);
    assert.deepEqual([ended.state, ended.answer?.by, ended.answer?.amount], ['refunded', 'deadline', yen(4_000)]);
    assert.equal((await reload(payment)).refunded.amount, 4_000n);
    assert.equal(said(await open(payment)), 'too_many_disputes');
    assert.deepEqual(
      hub.wallet.news.filter(({ id }) => id === second.id).map(({ state, answer: given }) => [state, given?.bySilence]),
      [
        ['refunding', true],
        ['refunded', true],
      ],
    );
    await m.holdLaws();
  });

  test('a question that nobody answers lapses and moves nothing; one that is answered opens the way to a claim', async () => {
    const payment = await paid();
    const question = await claimed(payment, { kind: 'retrieval' });
    assert.equal(said(await open(payment)), 'dispute_under_way');
    m.pass(10 * MS_PER_DAY);
    await hub.runDue();
    assert.equal((await now(question)).state, 'lapsed');
    assert.equal((await reload(payment)).refunded.amount, 0n);
    assert.equal(said(await open(payment)), 'done');
  });

  test('answered once: alike it is taken, otherwise refused; a part is less than all, in the same currency', async () => {
    const row = await claimed(await paid());
    for (const amount of [yen(10_000), yen(0), money(1, 'USD'), null])
      assert.equal(said(await answer(row, { kind: 'partial', amount })), 'partial_amount');
    must(await answer(row, { kind: 'partial', amount: yen(100) }));
    assert.equal(said(await answer(row, { kind: 'partial', amount: yen(100) })), 'done');
    assert.equal(said(await answer(row, { kind: 'partial', amount: yen(101) })), 'dispute_answered');
    assert.equal(said(await answer(row, { kind: 'full' })), 'dispute_answered');
    assert.equal(said(await answer({ ...row, id: newId('esc') }, {})), 'unknown_dispute');
  });

  test('a wallet’s id stands for one dispute; another wallet’s payment is unknown; of two at once one is opened', async () => {
    const payment = await paid();
    const wish = { claim: 'D-1' };
    const row = await claimed(payment, wish);
    assert.equal((await claimed(payment, wish)).id, row.id);
    assert.equal(said(await open(payment, { ...wish, amount: yen(1) })), 'idempotency_key_reused');
    assert.equal(said(await open(await paid(), { wallet: other })), 'unknown_payment');
    const raced = await paid();
    const both = await Promise.all([open(raced), open(raced)]);
    assert.deepEqual(both.map(said).sort(), ['dispute_under_way', 'done']);
    assert.equal((await walletDisputesOf(m.db, raced.id)).length, 1);
  });

  test('what the shop gave back meanwhile is not given twice: the dispute ends and says why', async () => {
    const payment = await paid();
    const row = await claimed(payment);
    must(await refundHubPayment(hub.deps, { payment, requestId: newId('req'), amount: yen(9_000), reason: 'sorry' }));
    must(await answer(row, { kind: 'full' }));
    await hub.runDue();
    const ended = await now(row);
    assert.deepEqual([ended.state, ended.failure?.code], ['not_refunded', 'amount_exceeds_refundable']);
    assert.equal((await reload(payment)).refunded.amount, 9_000n);
  });

  test('a refund that was promised and whose time is over is an alarm', async () => {
    const row = await claimed(await paid());
    must(await answer(row, { kind: 'partial', amount: yen(2_500), text: 'half of it' }));
    const overdue = async (): Promise<boolean> => {
      await paid(); // the laws know the time of the last commit
      return (await checkLedger(m.db)).laws.some(({ findings }) => findings.some((each) => each.includes(row.id)));
    };
    const { refundBy } = await now(row);
    m.pass(msOf(refundBy as Instant) - msOf(m.now()));
    assert.equal(await overdue(), false);
    m.pass(1);
    assert.equal(await overdue(), true);
  });

  test('a wallet that does not hear is told for a month, ever less often', async () => {
    const row = await claimed(await paid());
    must(await answer(row, {}));
    hub.wallet.heard.push(...Array.from({ length: 1000 }, () => 'no_answer'));
    for (let day = 0; day <= 31; day += 1) {
      await hub.runDue();
      m.pass(MS_PER_DAY);
    }
    assert.equal((await m.db.query('select 1 from jobs where subject = $1', [row.id])).rowCount, 0);
    assert.deepEqual(
      [0, 2 * MINUTE_MS, 60 * MINUTE_MS, MS_PER_DAY].map((ms) => pauseAfter(ms) / MINUTE_MS),
      [2, 10, 60, 360],
    );
  });
});
