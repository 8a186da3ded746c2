/** Cards that are kept: agreed with a payment, stored after its approval, charged under the agreement, deleted with its end. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, fakeAcquirer, type Modules, usd } from '../../test/support/modules.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { must } from '../base/result.ts';
import type { Job } from '../jobs/index.ts';
import { cardAccounts, createBuyer, ensureNetworkAccount } from '../parties/index.ts';
import { findOrder, type Order } from '../protection/index.ts';
import {
  type Agreement,
  cancelPayment,
  capturePayment,
  deleteBuyerCard,
  endAgreement,
  findAgreement,
  findPayment,
  listBuyerCards,
  type Payment,
  type PayTerms,
  payInstalment,
  resolveOperationJob,
  storedCardJobs,
} from './index.ts';
import type { KeepCard } from './make-agreement.ts';
import { CARDHOLDER, PROOF } from './test-cardholder.ts';

const STORE = 'payments.store_card';
const DELETE = 'payments.delete_card';
const SCHEME_ID = '016153570198200';
const ADDRESS = { postalCode: '60601', country: 'US', line1: '1 Wacker Drive', city: 'Chicago' };

describe('stored cards', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  beforeEach(() => {
    m.vault.outOfReach = 'no';
    m.vault.refuses = null;
    m.acquirer.next.length = 0;
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });

  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const approves = (cents: number, schemeTransactionId: string | null = SCHEME_ID) =>
    m.acquirer.next.push({
      outcome: 'approved',
      networkId: `n${m.acquirer.calls.length}`,
      amount: usd(cents),
      details: {},
      ...(schemeTransactionId === null ? {} : { schemeTransactionId }),
    });
  const termsOf = (order: Order, instalment: number): PayTerms => ({
    marketplace: m.marketplace.id,
    order: order.id,
    instalment,
    capture: 'automatic',
  });
  /** Pays the deposit and agrees. */
  const agree = async (order: Order, keep: Partial<KeepCard> = {}, more: Partial<PayTerms> = {}) => {
    const keepCard = { scope: 'order', terms: 'terms-2026-01', ...keep } as const;
    const input = { ...termsOf(order, 1), ...more, token: aToken(), keepCard };
    return committed(must(await payInstalment(m.payments, m.key(), input)));
  };
  const agreementOf = async ({ credential }: Payment) =>
    (await findAgreement(m.db, credential?.agreement as Id<'agr'>)) as Agreement;
  const charge = (
    order: Order,
    agreement: Agreement,
    by: 'buyer' | 'marketplace' = 'marketplace',
    more: Partial<PayTerms> = {},
    key = m.key(),
  ) => payInstalment(m.payments, key, { ...termsOf(order, 2), ...more, agreement: agreement.id, initiatedBy: by });
  const jobsOf = async (kind: string, subject: string): Promise<readonly Job[]> => {
    const { rows } = await m.db.query<{ id: string; due: Instant; lease: string }>(
      `update jobs set lease = gen_random_uuid(), attempts = attempts + 1 where kind = $1 and subject = $2
        returning replace(id::text, '-', '') as id, due, replace(lease::text, '-', '') as lease`,
      [kind, subject],
    );
    return rows.map((row) => ({ ...row, kind, subject, payload: {}, attempts: 1 }));
  };
  const runJob = async (kind: string, { id }: Agreement) => {
    const [job, ...others] = await jobsOf(kind, id);
    assert.ok(job !== undefined && others.length === 0, `one job ${kind}`);
    return storedCardJobs(m.payments)[kind]?.(job);
  };
  /** An order with its deposit paid and an active agreement. */
  const agreed = async (keep: Partial<KeepCard> = {}) => {
    const order = await m.order([3000, 7000]);
    approves(3000);
    const payment = await agree(order, keep);
    await runJob(STORE, await agreementOf(payment));
    const agreement = await agreementOf(payment);
    assert.equal(agreement.state, 'active');
    return { order, payment, agreement };
  };

  test('agreed, approved, stored; the balance is charged without the buyer; then it is fulfilled and the card gone', async () => {
    const { order, payment, agreement } = await agreed();
    const sent = m.acquirer.payments.at(-1);
    assert.deepEqual(sent?.stored, { use: 'store', agreement: agreement.id });
    assert.deepEqual([sent?.cardOwner, payment.schemeTransactionId], [undefined, SCHEME_ID]);
    assert.deepEqual([agreement.maximum, agreement.order, agreement.buyer], [usd(7000), order.id, m.buyer.id]);
    approves(7000);
    const charged = committed(must(await charge(order, agreement)));
    assert.deepEqual([charged.state, charged.network], ['captured', agreement.first?.network]);
    const asked = m.acquirer.payments.at(-1);
    assert.deepEqual(asked?.stored, { use: 'merchant', agreement: agreement.id, originalTransactionId: SCHEME_ID });
    assert.deepEqual(asked?.cardOwner, { marketplace: m.marketplace.id, buyer: m.buyer.id });
    assert.deepEqual([asked?.cardToken, asked?.authentication], [agreement.card?.token, undefined]);
    const fulfilled = await agreementOf(charged);
    assert.deepEqual(
      [fulfilled.state, fulfilled.ended?.reason, fulfilled.card?.state],
      ['ended', 'fulfilled', 'deleting'],
    );
    await runJob(DELETE, fulfilled);
    assert.equal((await agreementOf(charged)).card?.state, 'deleted');
    assert.equal(m.vault.cards.has(agreement.card?.token as string), false);
  });

  test('the buyer pays with the kept card in person: rules apply, the maximum does not', async () => {
    const { order, agreement } = await agreed({ maximum: usd(6999) });
    assert.equal(code((await charge(order, agreement)) as never), 'amount_exceeds_agreement');
    const paid = committed(must(await charge(order, agreement, 'buyer', { capture: 'manual' })));
    const asked = m.acquirer.payments.at(-1);
    assert.deepEqual([paid.state, asked?.stored], ['authorized', { use: 'reuse', agreement: agreement.id }]);
    assert.deepEqual(asked?.cardOwner, { marketplace: m.marketplace.id, buyer: m.buyer.id });
  });

  test('what is agreed is checked: something left, a maximum where one is needed, its currency', async () => {
    const attempt = async (order: Order, keepCard: KeepCard) =>
      code((await payInstalment(m.payments, m.key(), { ...termsOf(order, 1), token: aToken(), keepCard })) as never);
    const whole = await m.order([1000]);
    const parts = await m.order([500, 500]);
    const terms = 't';
    assert.equal(await attempt(whole, { scope: 'order', terms }), 'nothing_left_to_charge');
    assert.equal(await attempt(whole, { scope: 'unscheduled', terms }), 'invalid_amount');
    assert.equal(await attempt(parts, { scope: 'order', terms, maximum: usd(0) }), 'invalid_amount');
    assert.equal(await attempt(parts, { scope: 'buyer', terms, maximum: usd(1) }), 'invalid_amount');
    const euro = { ...usd(1), currency: 'EUR' } as const;
    assert.equal(await attempt(parts, { scope: 'order', terms, maximum: euro }), 'agreement_currency');
    assert.equal((await findOrder(m.db, parts.id))?.instalments[0]?.state, 'due');
    assert.equal(await attempt(whole, { scope: 'unscheduled', terms, maximum: usd(9000) }), 'done');
  });

  test('a declined first payment ends the agreement, nothing is stored; so does one that is given back', async () => {
    m.acquirer.next.push({ outcome: 'declined', code: 'NO', message: 'no', class: 'soft' });
    const declined = await agree(await m.order([3000, 7000]));
    m.acquirer.next.push({ outcome: 'approved', networkId: 'part', amount: usd(1), details: {} });
    const partial = await agree(await m.order([3000, 7000]), {}, { capture: 'manual' });
    for (const payment of [declined, partial]) {
      const agreement = await agreementOf(payment);
      assert.deepEqual([agreement.state, agreement.ended?.reason], ['ended', 'payment_failed']);
      assert.equal((await jobsOf(STORE, agreement.id)).length, 0);
    }
  });

  test('no answer to the first payment: pending until inquiry knows', async () => {
    const order = await m.order([3000, 7000]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await agree(order);
    const waiting = await agreementOf(open);
    assert.deepEqual([waiting.state, waiting.first], ['pending', null]);
    assert.equal(code((await charge(order, waiting)) as never), 'payment_in_progress');
    const reference = m.acquirer.payments.at(-1)?.reference as string;
    m.acquirer.known.set(reference, {
      outcome: 'approved',
      networkId: 'N',
      amount: usd(3000),
      schemeTransactionId: SCHEME_ID,
      details: {},
    });
    const [job] = await jobsOf('payments.resolve_operation', open.openOperation as string);
    assert.deepEqual(await resolveOperationJob(m.payments, job as Job), { kind: 'committed' });
    assert.equal(code((await charge(order, waiting)) as never), 'agreement_not_active');
    await runJob(STORE, waiting);
    assert.equal(committed(must(await charge(order, waiting))).state, 'captured');
  });

  test('a crash between approval and storing, or a lost answer of the vault: one card, stored later', async () => {
    const order = await m.order([3000, 7000]);
    approves(3000);
    const payment = await agree(order);
    const waiting = await agreementOf(payment);
    assert.deepEqual([payment.state, waiting.state], ['captured', 'pending'], 'the payment stands');
    for (const outOfReach of ['before', 'after'] as const) {
      m.vault.outOfReach = outOfReach;
      assert.equal((await runJob(STORE, waiting))?.kind, 'again');
    }
    m.vault.outOfReach = 'no';
    assert.deepEqual(await runJob(STORE, waiting), { kind: 'committed' });
    const made = [...m.vault.cards.values()].filter(({ agreement }) => agreement === waiting.id);
    assert.deepEqual([made.length, (await agreementOf(payment)).card?.token], [1, made[0]?.token]);
    assert.equal((await jobsOf(STORE, waiting.id)).length, 0);
  });

  test('active only after the vault was asked about the card: nothing is charged to no card', async () => {
    const order = await m.order([3000, 7000]);
    approves(3000);
    const agreement = await agreementOf(await agree(order));
    const { owner } = m.payments;
    const meanwhile: typeof owner = {
      ...owner,
      startPayment: async (input) => {
        await runJob(STORE, agreement);
        return owner.startPayment(input);
      },
    };
    const alone = { ...termsOf(order, 2), agreement: agreement.id, initiatedBy: 'marketplace' } as const;
    const deps = { ...m.payments, owner: meanwhile };
    assert.equal(code((await payInstalment(deps, m.key(), alone)) as never), 'conflict');
    assert.equal(code((await payInstalment(m.payments, m.key(), alone)) as never), 'done');
  });

  test('the vault cannot keep the card: the payment stands, the agreement ends', async () => {
    approves(3000);
    const payment = await agree(await m.order([3000, 7000]));
    m.vault.refuses = 'token_expired';
    await runJob(STORE, await agreementOf(payment));
    const agreement = await agreementOf(payment);
    assert.deepEqual([agreement.state, agreement.ended?.reason], ['ended', 'not_stored']);
    assert.equal((await findPayment(m.db, payment.id))?.state, 'captured');
  });

  test('ended before it was stored: a card that the vault made meanwhile is deleted', async () => {
    approves(3000);
    const payment = await agree(await m.order([3000, 7000]));
    const waiting = await agreementOf(payment);
    m.vault.outOfReach = 'after';
    await runJob(STORE, waiting);
    m.vault.outOfReach = 'no';
    const target = { marketplace: m.marketplace.id, agreement: waiting.id, by: 'buyer' } as const;
    must(await endAgreement(m.payments, m.key(), target));
    assert.equal(code((await endAgreement(m.payments, m.key(), target)) as never), 'illegal_move');
    await runJob(STORE, waiting);
    assert.equal((await agreementOf(payment)).card?.state, 'deleting');
    await runJob(DELETE, waiting);
    assert.deepEqual((await agreementOf(payment)).card?.state, 'deleted');
    assert.ok([...m.vault.cards.values()].every(({ agreement }) => agreement !== waiting.id));
  });

  test('a hard decline ends the agreement, a soft one does not', async () => {
    const { order, agreement } = await agreed();
    m.acquirer.next.push({ outcome: 'declined', code: 'INSUFFICIENT_FUNDS', message: 'no', class: 'soft' });
    assert.equal(committed(must(await charge(order, agreement))).state, 'declined');
    assert.equal((await findAgreement(m.db, agreement.id))?.state, 'active');
    m.acquirer.next.push({ outcome: 'declined', code: 'LOST', message: 'no', class: 'hard' });
    await charge(order, agreement);
    assert.equal((await findAgreement(m.db, agreement.id))?.ended?.reason, 'hard_decline');
    assert.equal(code((await charge(order, agreement)) as never), 'agreement_not_active');
  });

  test('charged over the account of the first use and no other, also after a soft decline', async () => {
    const own = { journal: m.journal, clock: m.orders.clock };
    const row = await ensureNetworkAccount(own, { network: 'other', funding: 'net', merchantId: '200000000002' });
    const other = fakeAcquirer();
    const second = { ...row, acquirer: other, authentication: m.authentication };
    const deps = { ...m.payments, accounts: cardAccounts([m.cardAccount, second]) };
    const order = await m.order([3000, 7000]);
    m.acquirer.next.push({ outcome: 'declined', code: 'DO_NOT_HONOR', message: 'no', class: 'soft' });
    other.next.push({
      outcome: 'approved',
      networkId: 'o1',
      amount: usd(3000),
      schemeTransactionId: SCHEME_ID,
      details: {},
    });
    const input = { ...termsOf(order, 1), token: aToken(), keepCard: { scope: 'order', terms: 't' } } as const;
    const payment = committed(must(await payInstalment(deps, m.key(), input)));
    await runJob(STORE, await agreementOf(payment));
    const agreement = await agreementOf(payment);
    assert.deepEqual([agreement.state, agreement.first?.network], ['active', second.id]);
    const before = m.acquirer.payments.length;
    other.next.push({ outcome: 'declined', code: 'DO_NOT_HONOR', message: 'no', class: 'soft' });
    const alone = { ...termsOf(order, 2), agreement: agreement.id, initiatedBy: 'marketplace' } as const;
    const declined = committed(must(await payInstalment(deps, m.key(), alone)));
    assert.deepEqual([declined.state, declined.network, declined.tries], ['declined', second.id, []]);
    assert.equal(m.acquirer.payments.length, before);
    assert.equal(code((await payInstalment(m.payments, m.key(), alone)) as never), 'no_route', 'the account is gone');
  });

  test('no more tries than the scheme takes', async () => {
    const { order, agreement } = await agreed();
    m.vault.fingerprint = 'fp_often';
    const tired = await agreed();
    m.vault.fingerprint = 'fp_1';
    for (let tries = 0; tries < 20; tries += 1) {
      m.acquirer.next.push({ outcome: 'declined', code: 'DO_NOT_HONOR', message: 'no', class: 'soft' });
      assert.equal(code((await charge(tired.order, tired.agreement)) as never), 'done');
    }
    assert.equal(code((await charge(tired.order, tired.agreement)) as never), 'too_many_declines');
    assert.equal(code((await charge(order, agreement)) as never), 'done', 'another card');
    assert.equal(code((await charge(tired.order, tired.agreement, 'buyer')) as never), 'done', 'the buyer in person');
  });

  test('a deposit that was voided and charged again counts: the maximum is for the order in all', async () => {
    const order = await m.order([3000, 7000]);
    approves(3000);
    const payment = await agree(order, {}, { capture: 'manual' });
    await runJob(STORE, await agreementOf(payment));
    const agreement = await agreementOf(payment);
    must(await cancelPayment(m.payments, m.key(), { marketplace: m.marketplace.id, payment: payment.id }));
    const deposit = committed(
      must(await charge(order, agreement, 'marketplace', { instalment: 1, capture: 'manual' })),
    );
    await capturePayment(m.payments, m.key(), { marketplace: m.marketplace.id, payment: deposit.id });
    assert.equal(code((await charge(order, agreement)) as never), 'amount_exceeds_agreement');
  });

  test('refused: unknown, another buyer’s, another order’s, expired, no scheme id, an estimate', async () => {
    const { order, agreement } = await agreed({ scope: 'unscheduled', maximum: usd(9000) });
    const unknown = { ...agreement, id: `agr_${'0'.repeat(32)}` as Id<'agr'> };
    assert.equal(code((await charge(order, unknown)) as never), 'unknown_agreement');
    const person = { marketplace: m.marketplace.id, name: 'Other', country: 'US', email: 'o@x.example' };
    const other = committed(must(await createBuyer(m.parties, undefined, person)));
    const foreign = await m.order([100], { buyer: other.id });
    const first = { instalment: 1 } as const;
    assert.equal(code((await charge(foreign, agreement, 'buyer', first)) as never), 'agreement_does_not_cover');
    const estimate = { estimated: true, capture: 'manual' } as const;
    assert.equal(code((await charge(order, agreement, 'marketplace', estimate)) as never), 'amount_is_final');
    m.vault.expires = { expiryMonth: 10, expiryYear: 2026 };
    const expired = await agreed();
    m.vault.expires = { expiryMonth: 12, expiryYear: 2031 };
    assert.equal(code((await charge(expired.order, expired.agreement)) as never), 'card_expired');
    assert.equal(code((await charge(order, expired.agreement)) as never), 'agreement_does_not_cover');
    const unnamed = await m.order([3000, 7000]);
    approves(3000, null);
    const payment = await agree(unnamed);
    await runJob(STORE, await agreementOf(payment));
    assert.equal(code((await charge(unnamed, await agreementOf(payment))) as never), 'first_use_unknown');
  });

  test('two charges of one instalment at once: one wins; a repeat of a key gets its first answer, without the vault', async () => {
    const { order, agreement } = await agreed();
    const charges = m.acquirer.payments.length;
    const keys = [m.key(), m.key()] as const;
    const both = await Promise.all(keys.map((key) => charge(order, agreement, 'marketplace', {}, key)));
    assert.equal(both.filter(({ ok }) => ok).length, 1);
    assert.equal(m.acquirer.payments.length, charges + 1);
    const used = keys[both.findIndex(({ ok }) => ok)];
    m.vault.outOfReach = 'before';
    const repeat = must(await charge(order, agreement, 'marketplace', {}, used));
    assert.ok(repeat.kind === 'repeated' && !repeat.open);
  });

  test('an end at the same time as a charge: charged and ended, or not charged', async () => {
    const { order, agreement } = await agreed();
    const charges = m.acquirer.payments.length;
    const end = { marketplace: m.marketplace.id, agreement: agreement.id, by: 'buyer' } as const;
    const [charged] = await Promise.all([charge(order, agreement), endAgreement(m.payments, m.key(), end)]);
    assert.equal(m.acquirer.payments.length, charges + (charged.ok ? 1 : 0));
    assert.ok(charged.ok || charged.error.code === 'agreement_not_active');
    assert.equal((await findAgreement(m.db, agreement.id))?.state, 'ended');
  });

  test('the vault out of reach: no charge is begun; a deletion is decided and completed by its job', async () => {
    const { order, agreement } = await agreed();
    const owner = { marketplace: m.marketplace.id, buyer: m.buyer.id };
    const token = agreement.card?.token as Id<'tok'>;
    m.vault.outOfReach = 'before';
    await assert.rejects(charge(order, agreement), /vault/);
    m.vault.outOfReach = 'after';
    assert.equal(must(await deleteBuyerCard(m.payments, { ...owner, token })).state, 'deleting');
    assert.equal(code((await charge(order, agreement)) as never), 'agreement_not_active');
    assert.equal((await runJob(DELETE, agreement))?.kind, 'again');
    m.vault.outOfReach = 'no';
    assert.deepEqual(await runJob(DELETE, agreement), { kind: 'committed' });
    assert.equal(must(await deleteBuyerCard(m.payments, { ...owner, token })).state, 'deleted');
    assert.equal((await findAgreement(m.db, agreement.id))?.ended?.reason, 'card_deleted');
    assert.ok((await listBuyerCards(m.payments, owner)).every((card) => card.token !== token));
  });

  test('a card the vault holds without an agreement of ours is shown, can be deleted, and is never charged', async () => {
    const owner = { marketplace: m.marketplace.id, buyer: m.buyer.id };
    const stored = await m.vault.store({ ...owner, token: aToken(), agreement: `agr_${'1'.repeat(32)}` });
    const token = (stored.outcome === 'stored' ? stored.card.token : '') as Id<'tok'>;
    const shown = (await listBuyerCards(m.payments, owner)).find((card) => card.token === token);
    assert.deepEqual([shown?.state, shown?.agreement], ['stored', null]);
    const input = { ...termsOf(await m.order([100]), 1), token };
    assert.equal(code((await payInstalment(m.payments, m.key(), input)) as never), 'unknown_token');
    assert.equal(must(await deleteBuyerCard(m.payments, { ...owner, token })).state, 'deleted');
    assert.equal(code((await deleteBuyerCard(m.payments, { ...owner, token })) as never), 'not_found');
  });

  describe('the cardholder and the address', () => {
    const big = () => m.order([150_000, 350_000]);
    const agreedAfter = async (payment: Payment) => {
      await runJob(STORE, await agreementOf(payment));
      return agreementOf(payment);
    };

    test('where the rules ask, the first use must be authenticated, or the buyer pays in person', async () => {
      const order = await big();
      approves(150_000);
      const without = await agreedAfter(await agree(order));
      assert.equal(code((await charge(order, without)) as never), 'first_use_not_authenticated');
      const proven = await big();
      m.authentication.next.push({ outcome: 'proven', proof: PROOF as never, liabilityShift: true });
      approves(150_000);
      const payment = await agree(proven, {}, { cardholder: CARDHOLDER });
      const agreement = await agreedAfter(payment);
      assert.equal(agreement.first?.authenticated, true);
      const charged = committed(must(await charge(proven, agreement)));
      assert.deepEqual([charged.state, charged.authentication], ['captured', null], 'nobody is asked again');
    });

    test('a failed authentication ends the agreement', async () => {
      m.authentication.next.push({ outcome: 'failed', status: 'N', reason: 'no' });
      const payment = await agree(await big(), {}, { cardholder: CARDHOLDER });
      assert.equal((await agreementOf(payment)).ended?.reason, 'payment_failed');
    });

    test('the buyer reuses the card and is asked: the question names the owner of the card', async () => {
      const order = await big();
      approves(150_000);
      const agreement = await agreedAfter(await agree(order));
      m.authentication.next.push({ outcome: 'proven', proof: PROOF as never, liabilityShift: true });
      committed(must(await charge(order, agreement, 'buyer', { cardholder: CARDHOLDER })));
      const owner = { marketplace: m.marketplace.id, buyer: m.buyer.id };
      assert.deepEqual(m.authentication.asked.at(-1)?.cardOwner, owner);
    });

    test('an issuer that wants the cardholder after all: the address waits with the payment, the proof is the first use’s', async () => {
      const order = await m.order([3000, 7000]);
      m.acquirer.next.push({ outcome: 'declined', code: 'AUTHENTICATE', message: 'no', class: 'authenticate' });
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      const waiting = await agree(order, {}, { cardholder: CARDHOLDER, billingAddress: ADDRESS });
      assert.deepEqual([waiting.state, waiting.billingAddress], ['authenticating', ADDRESS]);
      assert.equal((await agreementOf(waiting)).state, 'pending');
      m.authentication.next.push({ outcome: 'proven', proof: PROOF as never, liabilityShift: true });
      approves(3000);
      const [job] = await jobsOf('payments.resolve_operation', waiting.openOperation as string);
      await resolveOperationJob(m.payments, job as Job);
      const sent = m.acquirer.payments.at(-1);
      assert.deepEqual([sent?.billingAddress, sent?.stored?.use], [ADDRESS, 'store']);
      assert.equal((await findPayment(m.db, waiting.id))?.billingAddress, null);
      assert.equal((await agreedAfter(waiting)).first?.authenticated, true);
    });

    test('the billing address is sent and not kept, but while the cardholder is at the issuer', async () => {
      const plain = await payInstalment(m.payments, m.key(), {
        ...termsOf(await m.order([500]), 1),
        token: aToken(),
        billingAddress: ADDRESS,
      });
      assert.deepEqual(m.acquirer.payments.at(-1)?.billingAddress, ADDRESS);
      assert.equal(committed(must(plain)).billingAddress, null);
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      const input = { ...termsOf(await big(), 1), token: aToken(), cardholder: CARDHOLDER, billingAddress: ADDRESS };
      const asked = committed(must(await payInstalment(m.payments, m.key(), input)));
      assert.deepEqual(asked.billingAddress, ADDRESS);
      m.authentication.next.push({ outcome: 'proven', proof: PROOF as never, liabilityShift: true });
      const [job] = await jobsOf('payments.resolve_operation', asked.openOperation as string);
      await resolveOperationJob(m.payments, job as Job);
      assert.deepEqual(m.acquirer.payments.at(-1)?.billingAddress, ADDRESS);
      const charged = await findPayment(m.db, asked.id);
      assert.deepEqual([charged?.state, charged?.billingAddress], ['captured', null]);
      const { rows } = await m.db.query("select 1 from commands where answer::text like '%Wacker%'");
      assert.equal(rows.length, 0, 'nor in the answers kept for repeats');
    });
  });
});
