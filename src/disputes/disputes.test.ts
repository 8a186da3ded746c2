/** Whole lives of disputes against a network in memory: its books and ours agree after each, and every law holds. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { type Day, MS_PER_DAY } from '../base/clock.ts';
import { must } from '../base/result.ts';
import { type Payment, refundPayment } from '../payments/index.ts';
import { initiatePayout } from '../payouts/index.ts';
import { aSeller } from '../payouts/test-payouts.ts';
import { releaseOrder, shipOrder } from '../protection/index.ts';
import { listBreaks } from '../reconciliation/index.ts';
import { addEvidence } from './add-evidence.ts';
import { answerDispute, READ_JOB, RESUME_JOB } from './answer-dispute.ts';
import { bookReport, findUnreported } from './book-movements.ts';
import { createCardChargebacks } from './card-chargeback.ts';
import type { Case } from './case.ts';
import { DAILY_DISPUTES_JOB, REPORT_JOB } from './jobs.ts';
import { RESPOND_JOB } from './record-word.ts';
import { findByClaim } from './store.ts';
import { PDF, type Scene, scene } from './test-disputes.ts';

const CODE = (result: { ok: boolean; error?: { code: string } }): string =>
  result.ok ? 'done' : (result.error?.code ?? '');

describe('disputes', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  const raise = (payment: Payment | undefined, cents: number, more: object = {}): string =>
    m.cardDisputes.raise({ payment: payment?.networkPaymentId as string, amount: usd(cents), ...more });
  const target = (row: Case) => ({ marketplace: m.marketplace.id, dispute: row.id });
  const evidence = (row: Case, documents: Parameters<typeof addEvidence>[2]['documents'] = [PDF]) =>
    addEvidence(m.disputes, m.key(), { ...target(row), documents });
  const answer = (row: Case, kind: 'challenge' | 'accept', key = m.key()) =>
    answerDispute(m.disputes, key, { ...target(row), kind });
  const challenge = async (row: Case): Promise<Case> => {
    must(await evidence(row));
    return committed(must(await answer(row, 'challenge')));
  };
  const frozen = ({ cover }: Case) =>
    cover === null ? null : [cover.held, cover.reserve, cover.seller, cover.debt].map(({ amount }) => Number(amount));
  const openBreaks = async () =>
    (await listBreaks(m.db, 'open', 'f'.repeat(32), 50)).map(({ kind, amount }) => `${kind} ${amount?.amount}`);

  test('lost before release: frozen from what is held, then gone; nothing is released or refunded meanwhile', async () => {
    const { order, payments } = await s.paidOrder(10_000);
    await s.shipAndReceive(order);
    assert.equal(await s.waiting('protection.release'), 1);
    const claim = raise(payments[0], 10_000);
    const row = await s.observe(claim);
    assert.deepEqual([row.state, row.turn, frozen(row)], ['chargeback', 'ours', [10_000, 0, 0, 0]]);
    assert.deepEqual([await s.balance('held', order.id), await s.balance('dispute_cover', row.id)], [0n, 10_000n]);
    const blocked = await s.order(row);
    assert.deepEqual([blocked.dispute, blocked.disputed.amount], [row.id, 10_000n]);
    assert.equal(await s.waiting('protection.release'), 0, 'the deadline is withdrawn');
    const ids = { marketplace: m.marketplace.id, order: order.id };
    assert.equal(CODE(await releaseOrder(m.orders, undefined, { ...ids, by: 'marketplace' })), 'dispute_open');
    const refund = {
      marketplace: m.marketplace.id,
      payment: payments[0]?.id as Payment['id'],
      amount: usd(1),
      reason: 'x',
    };
    assert.equal(CODE(await refundPayment(m.payments, m.key(), refund)), 'dispute_open');

    await s.report();
    m.cardDisputes.advance(claim, 'lost');
    const lost = await s.observe(claim);
    assert.deepEqual([lost.state, lost.turn, lost.fees.amount], ['lost', null, 1500n]);
    assert.deepEqual([await s.balance('chargeback', row.id), await s.balance('dispute_cover', row.id)], [0n, 0n]);
    const ended = await s.order(row);
    assert.deepEqual([ended.state, ended.dispute], ['refunded', null], 'everything that was paid in has gone back');
    await s.agree(claim);
    assert.deepEqual(await openBreaks(), []);
  });

  test('won without provisional credit: everybody has again what was frozen, and the days to release begin anew', async () => {
    const { order, payments } = await s.paidOrder(8000);
    await s.shipAndReceive(order);
    const due = (await s.order({ order: order.id })).releaseDueAt;
    const claim = raise(payments[0], 8000);
    const row = await challenge(await s.observe(claim));
    assert.deepEqual(
      [row.state, row.turn, row.respondBy, row.answers[0]?.state],
      ['represented', 'theirs', null, 'taken'],
    );
    m.pass(MS_PER_DAY);
    m.cardDisputes.advance(claim, 'won');
    const won = await s.observe(claim);
    assert.deepEqual([won.state, frozen(won)], ['won', null]);
    const free = await s.order(row);
    assert.deepEqual([free.state, free.dispute, free.disputed.amount], ['received', null, 0n]);
    assert.ok((free.releaseDueAt as string) > (due as string));
    assert.equal(await s.waiting('protection.release'), 1);
    await s.report();
    await s.agree(claim);
    await s.release(order);
    await s.agree(claim);
    assert.deepEqual(await openBreaks(), []);
  });

  test('a provisional credit is learned from the report; pre-arbitration takes it again, arbitration is won', async () => {
    m.cardDisputes.provisionalCredit = true;
    const { order, payments } = await s.paidOrder(5000);
    const claim = raise(payments[0], 5000);
    const row = await challenge(await s.observe(claim));
    await s.report();
    assert.deepEqual([await s.balance('chargeback', row.id), await s.balance('dispute_cover', row.id)], [0n, 5000n]);
    await s.agree(claim);
    m.cardDisputes.advance(claim, 'pre_arbitration');
    const again = await s.observe(claim);
    assert.deepEqual([again.state, again.turn, again.debited.amount], ['pre_arbitration', 'ours', 10_000n]);
    await s.agree(claim);
    assert.equal(CODE(await answer(again, 'challenge')), 'evidence_missing', 'evidence is of its stage');
    assert.equal((await challenge(again)).state, 'pre_arbitration');
    m.cardDisputes.advance(claim, 'arbitration');
    assert.equal((await s.observe(claim)).state, 'arbitration');
    m.cardDisputes.advance(claim, 'won');
    await s.report();
    await s.agree(claim);
    assert.equal(await s.balance('held', order.id), 5000n);
    assert.deepEqual(await openBreaks(), []);
    m.cardDisputes.provisionalCredit = false;
  });

  test('what the report shows after the end only cancels out: credit and debit in between are booked together', async () => {
    m.cardDisputes.provisionalCredit = true;
    const { payments } = await s.paidOrder(3000);
    const claim = raise(payments[0], 3000);
    await challenge(await s.observe(claim));
    m.cardDisputes.advance(claim, 'pre_arbitration');
    m.cardDisputes.advance(claim, 'lost');
    const lost = await s.observe(claim);
    assert.deepEqual([lost.state, lost.debited.amount], ['lost', 3000n]);
    await s.report();
    const booked = await s.reload(lost);
    assert.deepEqual([booked.debited.amount, booked.credited.amount, booked.fees.amount], [6000n, 3000n, 1500n]);
    await s.agree(claim);
    assert.deepEqual(await openBreaks(), []);
    m.cardDisputes.provisionalCredit = false;
  });

  test('accepted: the network took the word, and ends it when asked', async () => {
    const { payments } = await s.paidOrder(2000, 2000);
    const claim = raise(payments[0], 2000);
    const row = await s.observe(claim);
    const accepted = committed(must(await answer(row, 'accept')));
    assert.deepEqual([accepted.state, accepted.turn], ['chargeback', 'theirs'], 'only the network ends it');
    assert.equal(CODE(await answer(row, 'accept')), 'already_answered');
    assert.deepEqual(await s.work(READ_JOB), [{ kind: 'finished' }]);
    assert.equal((await s.reload(row)).state, 'accepted');
    const order = await s.order(row);
    assert.deepEqual(
      [order.state, order.dispute, order.disputed.amount],
      ['paid', null, 2000n],
      'the balance is still held',
    );
    await s.report();
    await s.agree(claim);
  });

  test('the time runs out: the network is asked, and only its word loses the case', async () => {
    const { payments } = await s.paidOrder(1500);
    const claim = raise(payments[0], 1500);
    const row = await s.observe(claim);
    m.pass(20 * MS_PER_DAY + 1);
    assert.equal((await s.work(RESPOND_JOB))[0]?.kind, 'again', 'the network still waits');
    assert.equal((await s.reload(row)).state, 'chargeback');
    assert.equal(CODE(await evidence(row)), 'response_overdue');
    m.cardDisputes.advance(claim, 'expired');
    m.pass(3_600_000);
    await s.work(RESPOND_JOB);
    const expired = await s.reload(row);
    assert.deepEqual([expired.state, expired.expired], ['lost', true]);
    await s.report();
    await s.agree(claim);
  });

  test('the goods go on while it is open, but nothing by itself; afterwards what waited is planned again', async () => {
    const { order, payments } = await s.paidOrder(1600);
    const claim = raise(payments[0], 600);
    await s.observe(claim);
    await s.shipAndReceive(order);
    const jobs = async () =>
      (await m.db.query<{ kind: string }>('select kind from jobs where subject = $1', [order.id])).rows.map(
        ({ kind }) => kind,
      );
    assert.deepEqual(await jobs(), []);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.deepEqual(await jobs(), ['protection.release']);

    const shipped = await s.paidOrder(1700);
    const target = { marketplace: m.marketplace.id, order: shipped.order.id };
    must(await shipOrder(m.orders, undefined, { ...target, carrier: 'SF', trackingNumber: '2' }));
    const due = (await s.order({ order: shipped.order.id })).autoReceiptAt;
    const second = raise(shipped.payments[0], 1700);
    await s.observe(second);
    m.cardDisputes.advance(second, 'won');
    await s.observe(second);
    const after = await s.order({ order: shipped.order.id });
    assert.deepEqual([after.autoReceiptAt, after.deadline === null], [due, false], 'receipt goes on where it stood');
    await s.report();
    await s.agree(claim, second);
  });

  test('part of a payment: the rest stays held and is released when the case has ended', async () => {
    const { order, payments } = await s.paidOrder(9000);
    await s.shipAndReceive(order);
    const claim = raise(payments[0], 2500);
    const row = await s.observe(claim);
    assert.deepEqual([frozen(row), await s.balance('held', order.id)], [[2500, 0, 0, 0], 6500n]);
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    const before = await s.balance('seller', m.seller.id);
    await s.release(order);
    assert.equal((await s.balance('seller', m.seller.id)) - before, 6305n, '6,500 less 3 percent');
    await s.report();
    await s.agree(claim);
  });

  test('after release: an unfiled payout is taken back, the rest is debt; the operator bears what the payment never brought', async () => {
    const { order, payments } = await s.paidOrder(7000);
    await s.shipAndReceive(order);
    await s.release(order);
    const all = await s.balance('seller', m.seller.id);
    const paid = committed(
      must(
        await initiatePayout(m.payouts, m.key(), { marketplace: m.marketplace.id, seller: m.seller.id, amount: null }),
      ),
    );
    assert.equal(paid.amount.amount, all);
    const claim = raise(payments[0], 7200);
    const row = await s.observe(claim);
    assert.deepEqual(frozen(row), [0, 0, 7000, 0]);
    assert.equal(
      await s.balance('seller', m.seller.id),
      all - 7000n,
      'the payout is canceled, what is over is the seller’s',
    );
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    assert.equal(await s.balance('dispute_loss', ''), 200n);
    await s.report();
    await s.agree(claim);
  });

  test('what an inquiry may still cost stays in the balance; an empty balance is debt, and a win cancels it', async () => {
    const poor = await aSeller(m, 'Supplier 7');
    const { order, payments } = await s.paidOrderOf(poor.id, 20_000);
    await s.shipAndReceive(order);
    const first = raise(payments[0], 15_000, { stage: 'inquiry' });
    const inquiry = await s.observe(first);
    assert.deepEqual(
      [inquiry.state, frozen(inquiry), inquiry.atRisk.amount],
      ['inquiry', null, 0n],
      'what is held stands for it',
    );
    m.cardDisputes.advance(first, 'won');
    await s.observe(first);
    await s.release(order);

    const claim = raise(payments[0], 20_000, { stage: 'inquiry' });
    assert.equal((await s.observe(claim)).atRisk.amount, 20_000n);
    const wanted = { marketplace: m.marketplace.id, seller: poor.id };
    for (const amount of [null, usd(1)])
      assert.equal(CODE(await initiatePayout(m.payouts, m.key(), { ...wanted, amount })), 'dispute_open');
    const more = await initiatePayout(m.payouts, m.key(), { ...wanted, amount: usd(19_401) });
    assert.equal(CODE(more), 'insufficient_balance');
    m.cardDisputes.advance(claim, 'chargeback');
    const row = await s.observe(claim);
    assert.deepEqual([frozen(row), row.atRisk.amount], [[0, 0, 19_400, 600], 600n]);
    assert.deepEqual([await s.balance('seller', poor.id), await s.balance('debt', poor.id)], [0n, 600n]);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.deepEqual([await s.balance('seller', poor.id), await s.balance('debt', poor.id)], [19_400n, 0n]);
    assert.equal(CODE(await initiatePayout(m.payouts, m.key(), { ...wanted, amount: null })), 'done');
    await s.report();
    await s.agree(first, claim);
  });

  test('after a refund that is on its way: the refund goes on, the rest is debt, and the refund is the evidence', async () => {
    const { order, payments } = await s.paidOrder(6000);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const payment = payments[0] as Payment;
    const refund = { marketplace: m.marketplace.id, payment: payment.id, amount: usd(6000), reason: 'broken' };
    assert.equal(committed(must(await refundPayment(m.payments, m.key(), refund))).state, 'initiated');
    const claim = raise(payment, 6000);
    const row = await s.observe(claim);
    assert.equal(row.cover?.held.amount, 0n);
    assert.deepEqual(row.recommendation, { answer: 'challenge', because: 'refunded' });
    assert.equal((await s.order(row)).dispute, row.id);
    await challenge(row);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.equal((await s.order({ order: order.id })).dispute, null);
    await s.report();
    await s.agree(claim);
  });

  test('a second dispute joins the case of its order; the order is free when the last has ended', async () => {
    const { order, payments } = await s.paidOrder(1000, 3000);
    const first = raise(payments[0], 1000);
    const second = raise(payments[1], 3000);
    const [one, two] = [await s.observe(first), await s.observe(second)];
    assert.deepEqual([one.case, two.case], [one.id, one.id]);
    m.cardDisputes.advance(first, 'won');
    await s.observe(first);
    const waits = await s.order({ order: order.id });
    assert.deepEqual([waits.dispute, waits.disputed.amount], [one.id, 3000n]);
    m.cardDisputes.advance(second, 'lost');
    await s.observe(second);
    const free = await s.order({ order: order.id });
    assert.deepEqual([free.dispute, free.state, await s.balance('held', order.id)], [null, 'paid', 1000n]);
    await s.report();
    await s.agree(first, second);
  });

  test('what was won can be taken further: it opens again with a cover of its own', async () => {
    const { order, payments } = await s.paidOrder(4000);
    const claim = raise(payments[0], 4000);
    await challenge(await s.observe(claim));
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    m.cardDisputes.advance(claim, 'pre_arbitration');
    const row = await s.observe(claim);
    assert.deepEqual(
      [row.state, frozen(row), (await s.order(row)).dispute],
      ['pre_arbitration', [4000, 0, 0, 0], row.id],
    );
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    await s.report();
    await s.agree(claim);
    assert.equal(await s.balance('held', order.id), 0n);
  });

  test('seen only after it ended, or first in the report: the whole story is booked once', async () => {
    const { payments } = await s.paidOrder(1100);
    const claim = raise(payments[0], 1100);
    m.cardDisputes.advance(claim, 'won');
    assert.equal((await s.observe(claim)).state, 'won');
    const other = await s.paidOrder(1200);
    const unseen = raise(other.payments[0], 1200);
    await s.report();
    await s.agree(claim, unseen);
    assert.equal((await s.observe(unseen)).fees.amount, 1500n);
    assert.deepEqual(await openBreaks(), []);
  });

  test('an answer without a word: the dispute is read again; sent again only if it did not arrive', async () => {
    const { payments } = await s.paidOrder(2100, 2200);
    const row = await s.observe(raise(payments[0], 2100));
    must(await evidence(row));
    m.cardDisputes.next.push('lost');
    const sent = committed(must(await answer(row, 'challenge')));
    assert.equal(sent.answers[0]?.state, 'unknown');
    assert.equal(CODE(await answer(row, 'challenge')), 'operation_in_progress');
    m.pass(90_000);
    const calls = m.cardDisputes.actions.length;
    assert.deepEqual(await s.work(RESUME_JOB), [{ kind: 'committed' }]);
    const settled = await s.reload(row);
    assert.deepEqual([settled.state, settled.answers[0]?.state], ['represented', 'taken']);
    assert.equal(m.cardDisputes.actions.length, calls, 'it had arrived');

    const other = await s.observe(raise(payments[1], 2200));
    must(await evidence(other));
    m.cardDisputes.next.push({ outcome: 'unknown', cause: 'reset' });
    await answer(other, 'challenge');
    m.pass(90_000);
    await s.work(RESUME_JOB);
    const [before, again] = m.cardDisputes.actions.slice(-2);
    assert.equal(before?.reference, again?.reference);
    assert.equal((await s.reload(other)).answers[0]?.state, 'taken');
    await s.report();
    await s.agree(row.claim, other.claim);
  });

  test('evidence: bad documents are refused with field and rule; a repeat gets the first answer; a stage is answered once', async () => {
    const { payments } = await s.paidOrder(2300);
    const row = await s.observe(raise(payments[0], 2300));
    const lie = await evidence(row, [PDF, { ...PDF, mediaType: 'image/png' }]);
    assert.deepEqual(lie.ok ? [] : [lie.error.code, lie.error.pointer], ['invalid_document', '/documents/1/content']);
    const nul = { name: 'x.txt', mediaType: 'text/plain', content: Buffer.from([65, 0]) } as const;
    assert.equal(CODE(await evidence(row, [nul])), 'invalid_document');
    const key = m.key();
    must(await addEvidence(m.disputes, key, { ...target(row), documents: [PDF] }));
    assert.equal(must(await addEvidence(m.disputes, key, { ...target(row), documents: [PDF] })).kind, 'repeated');
    assert.equal(CODE(await evidence(row)), 'invalid_document', 'it is here already');
    const many = Array.from({ length: 10 }, (_, n) => ({ ...PDF, content: Buffer.from(`%PDF-${n}`) }));
    assert.equal(CODE(await evidence(row, many)), 'too_much_evidence');
    m.cardDisputes.next.push({ outcome: 'refused', code: 'INVALID_DOCUMENT', message: 'no' });
    const refused = committed(must(await answer(row, 'challenge')));
    assert.deepEqual([refused.turn, refused.answers[0]?.refusal?.code], ['ours', 'INVALID_DOCUMENT']);
    assert.equal(committed(must(await answer(row, 'challenge'))).answers[1]?.state, 'taken');
    assert.equal(CODE(await evidence(row)), 'already_answered');
  });

  test('a word that was asked for before something else was recorded is asked for again', async () => {
    const { payments } = await s.paidOrder(2400);
    const claim = raise(payments[0], 2400);
    await s.observe(claim);
    let reads = 0;
    m.cardDisputes.afterGet = async () => {
      reads += 1;
      if (reads > 1) return;
      m.cardDisputes.advance(claim, 'won');
      await s.observe(claim);
      m.cardDisputes.advance(claim, 'arbitration');
    };
    const row = await s.observe(claim);
    m.cardDisputes.afterGet = null;
    assert.equal(row.state, 'arbitration');
    assert.equal(reads, 3);
  });

  test('what our books and the report say differently is a break, told once', async () => {
    const { payments } = await s.paidOrder(2600);
    const row = await s.observe(raise(payments[0], 2600));
    const claim = row.claim;
    const line = { dispute: claim, networkPaymentId: 'x', kind: 'debit', cents: '2601' };
    m.cardDisputes.report();
    const parse = (lines: readonly object[]) => Buffer.from(JSON.stringify(lines));
    const day = '2027-01-01' as Day;
    const stranger = { ...line, dispute: 'NEVERSEEN', cents: '5' };
    for (let n = 0; n < 2; n += 1) await bookReport(m.disputes, day, parse([line, stranger]));
    assert.deepEqual((await openBreaks()).sort(), ['amount_differs 2601', 'missing_in_ledger 5']);
    assert.equal((await s.reload(row)).debited.amount, 2600n);
  });

  test('a movement that no report shows is a break once it is late', async () => {
    const { payments } = await s.paidOrder(2900);
    await s.observe(raise(payments[0], 2900));
    m.cardDisputes.report();
    const before = (await openBreaks()).length;
    await findUnreported(m.disputes, m.now());
    assert.equal((await openBreaks()).filter((each) => each === 'missing_in_file 2900').length, 0, 'not late yet');
    m.pass(1000);
    await findUnreported(m.disputes, m.now());
    assert.ok((await openBreaks()).includes('missing_in_file 2900'));
    assert.ok((await openBreaks()).length > before);
  });

  test('the daily look finds what no notification told, and books the reports of the days', async () => {
    const { payments } = await s.paidOrder(3100);
    const claim = raise(payments[0], 3100);
    await m.db.query(
      "insert into jobs (id, kind, subject, due, payload) values (gen_random_uuid(), $1, 'schedule', $2, '{}')",
      [DAILY_DISPUTES_JOB, m.now()],
    );
    assert.equal((await s.work(DAILY_DISPUTES_JOB))[0]?.kind, 'again');
    const row = await findByClaim(m.db, m.disputes.network, claim);
    assert.equal(row?.debited.amount, 3100n);
    assert.deepEqual(await s.work(REPORT_JOB), [{ kind: 'finished' }]);
    assert.equal((await s.observe(claim)).fees.amount, 1500n);
  });

  test('authenticated payments: liability shift is shown, and a fraud code is to be challenged', async () => {
    const { payments } = await s.paidOrder(2700, 2800);
    const [one, two] = payments as [Payment, Payment];
    const channel = createCardChargebacks(m.cardDisputes);
    const word = await channel.read(raise(one, 2700, { code: '10.4' }));
    assert.ok(word !== null);
    const proven = { ...one, authentication: { liabilityShift: true } } as Payment;
    assert.deepEqual(channel.describe(proven, word).recommendation, {
      answer: 'challenge',
      because: 'liability_shift',
    });
    assert.equal(channel.describe(proven, word).facts.liabilityShift, true);
    assert.equal(channel.describe(one, word).recommendation.answer, 'review');
    const goods = await channel.read(raise(two, 2800, { code: '13.1' }));
    assert.ok(goods !== null);
    assert.equal(channel.describe({ ...proven, id: two.id }, goods).recommendation.answer, 'review');
  });
});
