/** Disputes of wallets about orders: the order stands still, the seller's side answers, what is accepted is an ordinary refund. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aWallet } from '../../test/support/fake-wallet.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { must, type Refusal, type Result } from '../base/result.ts';
import { finishJobs, leaseJobs, postponeJob } from '../jobs/queue.ts';
import type { Participant } from '../parties/index.ts';
import {
  findPayment,
  operationsOf,
  payByWallet,
  refundPayment,
  type WalletPayment,
  walletNotified,
} from '../payments/index.ts';
import { findOrder, type Order, receiveOrder, releaseOrder, shipOrder } from '../protection/index.ts';
import { type HubDeps, hubJobs, openWalletDispute, type WalletDispute } from '../wallets/index.ts';
import { payingHub } from '../wallets/test-wallets.ts';
import { addEvidence } from './add-evidence.ts';
import { answerDispute } from './answer-dispute.ts';
import type { Case } from './case.ts';
import { disputeAccounts } from './deps.ts';
import { disputeJobs } from './jobs.ts';
import { disputesOf } from './store.ts';
import { PDF } from './test-disputes.ts';

const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.code);

describe('disputes of wallets about orders', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let tng: Participant;
  let hub: HubDeps;
  before(async () => {
    m = await createModules();
    tng = await aWallet(m.parties, { slug: 'tng' });
    hub = payingHub(m, { wallets: m.wallet }).deps;
  });
  beforeEach(async () => {
    m.pass(120_000);
    m.rates.perBase.EUR = '0.8';
    await m.db.query('delete from jobs');
  });
  after(() => m?.end());

  const accounts = () => disputeAccounts([m.disputes]);
  /** Of an order that is paid. */
  const paid = async (cents = 10_000): Promise<WalletPayment> => {
    const order = await m.order([cents]);
    const facts = { marketplace: m.marketplace.id, order: order.id, instalment: 1, wallet: 'tng' };
    const begun = committed(must(await payByWallet(m.payments, m.key(), { ...facts, payer: { kind: 'cashier' } })));
    const reference = (await operationsOf(m.db, begun.id))[0]?.reference as string;
    m.wallet.confirm(reference);
    await walletNotified(m.payments, { wallet: tng.id, reference });
    return (await findPayment(m.db, begun.id)) as WalletPayment;
  };
  const referenceOf = async ({ id }: WalletPayment) => (await operationsOf(m.db, id))[0]?.reference as string;
  const open = async (
    payment: WalletPayment,
    changes: Partial<{ kind: WalletDispute['kind']; cents: number }> = {},
  ) => {
    const { kind = 'escalation', cents } = changes;
    const facts = { wallet: tng, kind, claim: newId('req'), reference: await referenceOf(payment) };
    const amount = cents === undefined ? null : usd(cents);
    const reason = { code: 'NOT_RECEIVED', text: 'the lamps never came' };
    return openWalletDispute(hub, { ...facts, amount, reason });
  };
  const claimed = async (payment: WalletPayment, changes: Parameters<typeof open>[1] = {}): Promise<Case> => {
    must(await open(payment, changes));
    await work();
    return caseOf(payment);
  };
  const caseOf = async (payment: WalletPayment): Promise<Case> => {
    const row = (await disputesOf(m.db, payment.order)).at(-1);
    return row ?? assert.fail('there is no case');
  };
  const work = async (): Promise<void> => {
    const handlers = { ...hubJobs(hub), ...disputeJobs(accounts(), m.payments) };
    for (;;) {
      const due = await leaseJobs(m.db, { now: m.now(), limit: 100, leaseMs: 60_000 });
      if (due.length === 0) return;
      for (const job of due) {
        const result = (await handlers[job.kind]?.(job)) ?? { kind: 'finished' };
        if (result.kind === 'finished') await finishJobs(m.db, [job]);
        if (result.kind === 'again') {
          const later = { due: new Date(Date.parse(m.now()) + result.afterMs).toISOString() as never, planned: true };
          await postponeJob(m.db, job, { ...later, reason: result.reason });
        }
      }
    }
  };
  const orderOf = async ({ order }: WalletPayment) => (await findOrder(m.db, order)) as Order;
  const reload = async ({ id }: WalletPayment) => (await findPayment(m.db, id)) as WalletPayment;
  const deps = (row: Case) => accounts().ofCase(row);
  const answer = (row: Case, kind: 'accept' | 'challenge', cents?: number) =>
    answerDispute(deps(row), m.key(), {
      ...{ marketplace: m.marketplace.id, dispute: row.id, kind },
      ...(cents === undefined ? {} : { amount: usd(cents) }),
    });
  const evidence = async (row: Case) =>
    must(await addEvidence(deps(row), undefined, { marketplace: null, dispute: row.id, documents: [PDF] }));
  const target = ({ order }: WalletPayment) => ({ marketplace: m.marketplace.id, order });

  test('the order stands still; a part is accepted, refunded at the old rate, and the order goes on', async () => {
    const payment = await paid();
    const row = await claimed(payment);
    assert.deepEqual(
      [row.channel, row.state, row.turn, row.amount, row.cover],
      ['wallet_escalation', 'escalation', 'ours', usd(10_000), null],
    );
    assert.equal((await orderOf(payment)).dispute, row.id);
    const refund = { marketplace: m.marketplace.id, payment: payment.id, amount: usd(100), reason: 'sorry' };
    assert.equal(said(await refundPayment(m.payments, m.key(), refund)), 'dispute_open');
    assert.equal(said(await answer(row, 'accept', 10_000)), 'invalid_amount');
    m.rates.perBase.EUR = '0.4';
    must(await answer(row, 'accept', 2_500));
    await work();
    const ended = await caseOf(payment);
    assert.deepEqual([ended.state, ended.answers[0]?.amount, ended.turn], ['accepted', usd(2_500), null]);
    const after = await reload(payment);
    assert.equal(after.refunded.amount, 2_500n);
    assert.equal(after.wallet.paidBack.amount, payment.wallet.payTo.amount / 4n);
    const order = await orderOf(payment);
    assert.deepEqual([order.dispute, order.refunded, order.state], [null, usd(2_500), 'paid']);
    assert.deepEqual(m.wallet.news.at(-1)?.state, 'refunded');
    must(await shipOrder(m.orders, undefined, { ...target(payment), carrier: 'SF', trackingNumber: '1' }));
    await m.holdLaws();
  });

  test('refused with evidence; the second claim is accepted as a whole and closes the order as refunded', async () => {
    const payment = await paid(7_000);
    const first = await claimed(payment);
    assert.equal(said(await answer(first, 'challenge')), 'evidence_missing');
    await evidence(first);
    must(await answer(first, 'challenge'));
    await work();
    assert.equal((await caseOf(payment)).state, 'won');
    assert.equal((await orderOf(payment)).dispute, null);
    const told = m.wallet.news.at(-1);
    assert.deepEqual([told?.answer?.kind, told?.answer?.evidence[0]?.name], ['refuse', PDF.name]);
    const second = await claimed(payment);
    assert.notEqual(second.id, first.id);
    must(await answer(second, 'accept'));
    await work();
    assert.equal((await caseOf(payment)).state, 'accepted');
    assert.deepEqual([(await orderOf(payment)).state, (await reload(payment)).refunded], ['refunded', usd(7_000)]);
    assert.equal(said(await open(payment)), 'too_many_disputes');
    await m.holdLaws();
  });

  test('nobody answers a claim for ten days: lost by silence, all of it goes back', async () => {
    const payment = await paid(3_000);
    const row = await claimed(payment, { cents: 2_000 });
    m.pass(10 * MS_PER_DAY);
    assert.equal(said(await answer(row, 'accept')), 'response_overdue');
    await work();
    const ended = await caseOf(payment);
    assert.deepEqual([ended.state, ended.expired], ['lost', true]);
    assert.equal((await reload(payment)).refunded.amount, 2_000n);
    await m.holdLaws();
  });

  test('a question is an inquiry: answered with documents, or it lapses; no money moves', async () => {
    const payment = await paid(2_000);
    const row = await claimed(payment, { kind: 'retrieval' });
    assert.deepEqual([row.state, row.stage], ['inquiry', 'inquiry']);
    await evidence(row);
    must(await answer(row, 'challenge'));
    await work();
    assert.equal((await caseOf(payment)).state, 'won');
    await claimed(payment, { kind: 'retrieval' });
    m.pass(10 * MS_PER_DAY);
    await work();
    const lapsed = await caseOf(payment);
    assert.deepEqual([lapsed.state, lapsed.expired], ['lost', true]);
    assert.deepEqual([(await reload(payment)).refunded.amount, (await orderOf(payment)).dispute], [0n, null]);
    await m.holdLaws();
  });

  test('released already: the seller gives it back; what is at risk is kept from payouts meanwhile', async () => {
    const payment = await paid(5_000);
    must(await shipOrder(m.orders, undefined, { ...target(payment), carrier: 'SF', trackingNumber: '1' }));
    must(await receiveOrder(m.orders, undefined, { ...target(payment), by: 'buyer' }));
    must(await releaseOrder(m.orders, undefined, { ...target(payment), by: 'marketplace' }));
    const row = await claimed(payment);
    assert.deepEqual(row.atRisk, usd(5_000));
    must(await answer(row, 'accept', 1_000));
    await work();
    const ended = await caseOf(payment);
    assert.deepEqual([ended.state, ended.atRisk], ['accepted', usd(0)]);
    assert.deepEqual([(await reload(payment)).refunded, (await orderOf(payment)).state], [usd(1_000), 'released']);
    await m.holdLaws();
  });

  test('a seller who has not enough is waited for; the case stays open until the wallet has its money', async () => {
    const payment = await paid(900_000);
    must(await shipOrder(m.orders, undefined, { ...target(payment), carrier: 'SF', trackingNumber: '1' }));
    must(await receiveOrder(m.orders, undefined, { ...target(payment), by: 'buyer' }));
    must(await releaseOrder(m.orders, undefined, { ...target(payment), by: 'marketplace' }));
    const row = await claimed(payment);
    must(await answer(row, 'accept'));
    await work();
    assert.deepEqual([(await caseOf(payment)).state, (await reload(payment)).refunded.amount], ['escalation', 0n]);
    // The fee is missing: another order brings it.
    const more = await paid(100_000);
    must(await shipOrder(m.orders, undefined, { ...target(more), carrier: 'SF', trackingNumber: '2' }));
    must(await receiveOrder(m.orders, undefined, { ...target(more), by: 'buyer' }));
    must(await releaseOrder(m.orders, undefined, { ...target(more), by: 'marketplace' }));
    m.pass(3_600_000);
    await work();
    assert.deepEqual([(await caseOf(payment)).state, (await reload(payment)).refunded], ['accepted', usd(900_000)]);
    await m.holdLaws();
  });
});
