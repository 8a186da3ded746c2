/** Corners: disputes that meet each other, refunds, partial amounts, other currencies; the answer that gives itself. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import { money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { capturePayment, type Payment, payInstalment, refundPayment } from '../payments/index.ts';
import { payments } from '../payments/payment.ts';
import { listBreaks } from '../reconciliation/index.ts';
import { addEvidence } from './add-evidence.ts';
import { proofDocument } from './answer-by-proof.ts';
import { answerDispute } from './answer-dispute.ts';
import { bookReport } from './book-movements.ts';
import { AUTOMATIC, type Case } from './case.ts';
import { observeDispute, PROOF_JOB } from './record-word.ts';
import { loadDocuments } from './store.ts';
import { PDF, type Scene, scene } from './test-disputes.ts';

describe('corners of disputes', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  const raise = (networkId: string | null | undefined, cents: number, more: object = {}): string =>
    m.cardDisputes.raise({ payment: networkId as string, amount: usd(cents), ...more });
  const cover = ({ cover: found }: Case) =>
    found === null ? null : [found.held, found.reserve, found.seller, found.debt].map(({ amount }) => Number(amount));
  const refund = (payment: Payment, cents: number) =>
    refundPayment(m.payments, m.key(), {
      ...{ marketplace: m.marketplace.id, payment: payment.id, amount: usd(cents), reason: 'broken' },
    });
  const openBreaks = async () =>
    (await listBreaks(m.db, 'open', 'f'.repeat(32), 50)).map(({ kind, amount }) => `${kind} ${amount?.amount}`);

  test('a retrieval and then a chargeback of one payment, each a dispute of its own: frozen once, free after both', async () => {
    const { order, payments: paid } = await s.paidOrder(5000);
    const [retrieval, chargeback] = [
      raise(paid[0]?.networkPaymentId, 5000, { stage: 'inquiry' }),
      raise(paid[0]?.networkPaymentId, 5000),
    ];
    const first = await s.observe(retrieval);
    const second = await s.observe(chargeback);
    assert.deepEqual([cover(first), cover(second), second.case], [null, [5000, 0, 0, 0], first.id]);
    // The retrieval becomes a chargeback too: the network holds the money twice, the seller side bears it once.
    m.cardDisputes.advance(retrieval, 'chargeback');
    assert.deepEqual(cover(await s.observe(retrieval)), [0, 0, 0, 0]);
    m.cardDisputes.advance(retrieval, 'won');
    await s.observe(retrieval);
    assert.equal((await s.order({ order: order.id })).dispute, first.id, 'the other is still open');
    m.cardDisputes.advance(chargeback, 'won');
    await s.observe(chargeback);
    assert.deepEqual([(await s.order({ order: order.id })).dispute, await s.balance('held', order.id)], [null, 5000n]);
    await s.report();
    await s.agree(retrieval, chargeback);
  });

  test('two captures of one payment, disputed one by one: the second bears what the first has left', async () => {
    const order = await m.order([10_000]);
    const paying = {
      marketplace: m.marketplace.id,
      order: order.id,
      instalment: 1,
      token: aToken(),
      capture: 'manual',
    } as const;
    const authorized = committed(must(await payInstalment(m.payments, m.key(), paying)));
    const target = { marketplace: m.marketplace.id, payment: authorized.id };
    for (const [cents, final] of [
      [4000, false],
      [6000, true],
    ] as const)
      must(await capturePayment(m.payments, m.key(), { ...target, amount: usd(cents), final }));
    const { rows } = await m.db.query<{ id: string }>(
      "select data ->> 'networkId' as id from operations where payment = $1 and data ->> 'kind' = 'capture' order by id",
      [authorized.id],
    );
    const [one, two] = rows.map(({ id }) => id);
    const first = await s.observe(raise(one, 4000));
    const second = await s.observe(raise(two, 6500));
    assert.deepEqual([first.payment, second.payment], [authorized.id, authorized.id]);
    assert.deepEqual(
      [cover(first), cover(second)],
      [
        [4000, 0, 0, 0],
        [6000, 0, 0, 0],
      ],
      '500 are the operator’s risk',
    );
    m.cardDisputes.advance(first.claim, 'lost');
    m.cardDisputes.advance(second.claim, 'lost');
    const loss = await s.balance('dispute_loss', '');
    await s.observe(first.claim);
    await s.observe(second.claim);
    assert.equal((await s.balance('dispute_loss', '')) - loss, 500n);
    assert.deepEqual([(await s.order({ order: order.id })).state, await s.balance('held', order.id)], ['refunded', 0n]);
    await s.report();
    await s.agree(first.claim, second.claim);
  });

  test('a chargeback above what a partial refund has left: the rest is debt, and the refund is the evidence', async () => {
    const { payments: paid } = await s.paidOrder(8000);
    must(await refund(paid[0] as Payment, 3000));
    const row = await s.observe(raise(paid[0]?.networkPaymentId, 8000));
    assert.deepEqual(cover(row), [5000, 0, 0, 3000]);
    assert.equal(row.recommendation.because, 'refunded');
    m.cardDisputes.advance(row.claim, 'won');
    await s.observe(row.claim);
    assert.equal(await s.balance('debt', m.seller.id), 0n);
    await s.report();
    await s.agree(row.claim);
  });

  test('a refund that the network took before the chargeback came: nothing is held, all of it is debt', async () => {
    const { order, payments: paid } = await s.paidOrder(2500);
    must(await refund(paid[0] as Payment, 2500));
    assert.equal((await s.order({ order: order.id })).state, 'refunded');
    const row = await s.observe(raise(paid[0]?.networkPaymentId, 2500));
    assert.deepEqual([cover(row), (await s.order(row)).state], [[0, 0, 0, 2500], 'refunded']);
    const again = await refund(paid[0] as Payment, 1);
    assert.ok(!again.ok, 'and nothing is refunded twice');
    m.cardDisputes.advance(row.claim, 'won');
    await s.observe(row.claim);
    assert.equal(await s.balance('debt', m.seller.id), 0n);
    await s.report();
    await s.agree(row.claim);
  });

  test('another currency than the payment’s is not booked; its lines are differences, and the rest of the report is booked', async () => {
    const { order, payments: paid } = await s.paidOrder(3500, 3600);
    const euros = m.cardDisputes.raise({ payment: paid[0]?.networkPaymentId as string, amount: money(3300n, 'EUR') });
    const observed = await observeDispute(m.disputes, euros);
    assert.deepEqual([observed.found, (await s.order({ order: order.id })).dispute], ['nothing', null]);
    const row = await s.observe(raise(paid[1]?.networkPaymentId, 3600));
    m.cardDisputes.report();
    const before = await openBreaks();
    const line = { dispute: row.claim, networkPaymentId: 'x' } as const;
    const lines = [
      { ...line, dispute: euros, kind: 'debit', amount: money(3300n, 'EUR') },
      { ...line, kind: 'fee', amount: money(1400n, 'EUR') },
      { ...line, kind: 'debit', amount: usd(3600) },
      { ...line, kind: 'fee', amount: usd(1500) },
    ] as const;
    const deps = { ...m.disputes, reports: { ...m.cardDisputes, parseDisputeMovements: () => lines } };
    for (let n = 0; n < 2; n += 1) await bookReport(deps, '2027-03-01' as Day, Buffer.from('x'));
    const fresh = (await openBreaks()).filter((each) => !before.includes(each)).sort();
    assert.deepEqual(fresh, ['missing_in_ledger 1400', 'missing_in_ledger 3300']);
    const booked = await s.reload(row);
    assert.deepEqual([booked.fees.amount, booked.debited.amount, booked.movements.length], [1500n, 3600n, 2]);
    m.cardDisputes.advance(row.claim, 'won');
    await s.observe(row.claim);
  });

  test('a credit that cannot be booked holds up the later ones: no look at the report takes one for another', async () => {
    const { payments: paid } = await s.paidOrder(4100);
    const row = await s.observe(raise(paid[0]?.networkPaymentId, 4100));
    m.cardDisputes.report();
    const line = (kind: 'debit' | 'credit', cents: number) =>
      ({ dispute: row.claim, networkPaymentId: 'x', kind, amount: usd(cents) }) as const;
    const lines = [line('debit', 4100), line('credit', 9999), line('credit', 4100), line('debit', 4100)];
    const deps = { ...m.disputes, reports: { ...m.cardDisputes, parseDisputeMovements: () => lines } };
    for (let n = 0; n < 3; n += 1) await bookReport(deps, '2027-03-02' as Day, Buffer.from('x'));
    const booked = await s.reload(row);
    assert.deepEqual([booked.debited.amount, booked.credited.amount], [8200n, 0n]);
    await m.holdLaws();
  });

  /** The payment as if its cardholder had been authenticated. */
  const authenticated = async (payment: Payment): Promise<Payment> => {
    const transactionId = 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b';
    const proof = {
      status: 'Y',
      eci: '05',
      cryptogram: 'AAIBBYNoEQAAAAAAg4PyBCBhQCI=',
      transactionId,
      version: '2.2.0',
    } as const;
    const authentication = { state: 'proven', challenge: null, proof, liabilityShift: true, reason: null } as const;
    const proven = event('payment.authenticated', payment.id, { status: 'Y', liabilityShift: true });
    const { rows } = await m.db.query<{ version: number }>('select version from payments where id = $1::uuid', [
      payment.id.slice(4),
    ]);
    const current = { ...payment, version: rows[0]?.version ?? 0 };
    const unit = part({ events: [proven], writes: [update(payments, current, { authentication })] });
    must(
      await m.journal.run(undefined, async () => ({ ok: true, value: { unit: { at: m.now(), ...unit }, value: 0 } })),
    );
    return { ...current, authentication };
  };

  test('a fraud chargeback of an authenticated payment answers itself, once, with the proof', async () => {
    const { payments: paid } = await s.paidOrder(6100);
    const payment = await authenticated(paid[0] as Payment);
    const claim = raise(payment.networkPaymentId, 6100, { code: '10.4' });
    const row = await s.observe(claim);
    assert.equal(await s.waiting(PROOF_JOB), 1);
    await s.work(PROOF_JOB);
    await s.work(PROOF_JOB);
    const answered = await s.reload(row);
    assert.deepEqual([answered.state, answered.turn, answered.answers.length], ['represented', 'theirs', 1]);
    assert.deepEqual([answered.answers[0]?.command?.client, answered.documents.length], [AUTOMATIC, 1]);
    const [content] = await loadDocuments(m.db, answered.documents);
    const text = Buffer.from(content as Uint8Array).toString();
    for (const fact of [
      'ECI: 05',
      'dsTransID: f25084f0',
      'transStatus: Y (authenticated)',
      claim,
      'visa ending in 1111',
    ])
      assert.ok(text.includes(fact), fact);
    assert.equal(m.cardDisputes.actions.at(-1)?.documents, 1);
    // What follows is for a person.
    m.cardDisputes.advance(claim, 'pre_arbitration');
    assert.equal((await s.observe(claim)).turn, 'ours');
    const jobs = await s.waiting(PROOF_JOB);
    await s.work(PROOF_JOB);
    const left = await s.reload(row);
    assert.deepEqual([left.answers.length, left.documents.length, await s.waiting(PROOF_JOB)], [1, 1, jobs]);
    m.cardDisputes.advance(claim, 'won');
    await s.report();
    await s.agree(claim);
  });

  test('no other chargeback answers itself, and who was faster is not answered for', async () => {
    await m.db.query('delete from jobs where kind = $1', [PROOF_JOB]);
    const { payments: paid } = await s.paidOrder(1000, 1100);
    const one = await authenticated(paid[0] as Payment);
    await s.observe(raise(one.networkPaymentId, 500, { code: '13.1' }));
    await s.observe(raise(paid[1]?.networkPaymentId, 1100, { code: '10.4' }));
    assert.equal(await s.waiting(PROOF_JOB), 0, 'goods, or no authentication');
    const fraud = await s.observe(raise(one.networkPaymentId, 500, { code: '10.4' }));
    const target = { marketplace: m.marketplace.id, dispute: fraud.id };
    must(await addEvidence(m.disputes, m.key(), { ...target, documents: [PDF] }));
    must(await answerDispute(m.disputes, m.key(), { ...target, kind: 'challenge' }));
    await s.work(PROOF_JOB);
    const answered = await s.reload(fraud);
    assert.deepEqual([answered.answers.length, answered.documents.map(({ name }) => name)], [1, ['proof.pdf']]);
    assert.equal(proofDocument(fraud, paid[1] as Payment), null);
  });

  test('a proof that the network does not take leaves the case to a person', async () => {
    const { payments: paid } = await s.paidOrder(1200);
    const payment = await authenticated(paid[0] as Payment);
    const row = await s.observe(raise(payment.networkPaymentId, 1200, { code: '10.4' }));
    m.cardDisputes.next.push({ outcome: 'refused', code: 'INVALID_DOCUMENT', message: 'no' });
    await s.work(PROOF_JOB);
    const refused = await s.reload(row);
    assert.deepEqual([refused.turn, refused.answers[0]?.state], ['ours', 'refused']);
    const target = { marketplace: m.marketplace.id, dispute: row.id };
    must(await addEvidence(m.disputes, m.key(), { ...target, documents: [PDF] }));
    assert.equal(
      committed(must(await answerDispute(m.disputes, m.key(), { ...target, kind: 'challenge' }))).turn,
      'theirs',
    );
  });
});
