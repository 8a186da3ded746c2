/** Agreements with wallets: who may be charged under one, what happens to lost answers, and where the token is not. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aWallet } from '../../test/support/fake-wallet.ts';
import { committed, createModules, type Modules } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { must } from '../base/result.ts';
import type { Job } from '../jobs/index.ts';
import { createBuyer } from '../parties/index.ts';
import {
  endWalletAgreement,
  findWalletAgreement,
  makeWalletAgreement,
  payByWallet,
  type WalletAgreement,
  walletAgreementJobs,
  walletAgreementsOf,
} from './index.ts';
import { WALLET_AGREEMENT_JOB } from './make-wallet-agreement.ts';
import { seal, unseal } from './sealed.ts';
import { tokenOf } from './wallet-agreement.ts';

describe('agreements with wallets', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
    await aWallet(m.parties, { slug: 'tng' });
    await aWallet(m.parties, { slug: 'gcash' });
    await aWallet(m.parties, { slug: 'paper', modes: ['cashier'] });
  });
  beforeEach(() => {
    m.wallet.next = [];
  });
  after(() => m?.end());

  const make = (fields: object = {}, key = m.key()) =>
    makeWalletAgreement(m.payments, key, {
      ...{ marketplace: m.marketplace.id, buyer: m.buyer.id, wallet: 'tng', authCode: 'secret-code-1', ...fields },
    });
  const made = async () => committed(must(await make()));
  const end = (agreement: WalletAgreement, by: 'buyer' | 'wallet' = 'buyer') =>
    endWalletAgreement(m.payments, m.key(), { marketplace: m.marketplace.id, agreement: agreement.id, by });
  const pay = async ({ id }: WalletAgreement, fields: object = {}) => {
    const order = await m.order([500]);
    return payByWallet(m.payments, m.key(), {
      ...{ marketplace: m.marketplace.id, order: order.id, instalment: 1, wallet: 'tng' },
      ...{ payer: { kind: 'agreement', agreement: id }, ...fields },
    });
  };
  const codeOf = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const resume = async ({ id }: WalletAgreement) => {
    const row = (await findWalletAgreement(m.db, id)) as WalletAgreement;
    const job = { id: row.resumeJob, subject: id, kind: WALLET_AGREEMENT_JOB } as unknown as Job;
    return walletAgreementJobs(m.payments)[WALLET_AGREEMENT_JOB]?.(job);
  };

  test('made with the code of the wallet’s user; the wallet then debits without asking', async () => {
    const agreement = await made();
    assert.deepEqual([agreement.state, agreement.customerId, agreement.sealedToken], ['active', 'user-1', null]);
    const payment = committed(must(await pay(agreement)));
    assert.equal(payment.state, 'captured');
    const reference = [...m.wallet.known.keys()].at(-1) as string;
    const { payer } = m.wallet.known.get(reference)?.request ?? {};
    assert.deepEqual(payer, { kind: 'agreement', accessToken: 'token-of-secret-code-1' });
    assert.deepEqual((await walletAgreementsOf(m.db, m.buyer.id)).map(({ id }) => id).slice(-1), [agreement.id]);
  });

  test('code and token stand nowhere in the database but sealed, bound to their row', async () => {
    const agreement = await made();
    for (const text of ['secret-code-1', 'token-of']) {
      for (const from of ['journal_events', 'commands', 'wallet_agreements', 'jobs', 'operations', 'payments']) {
        const { rows } = await m.db.query<{ n: bigint }>(`select count(*) as n from ${from} t where t::text like $1`, [
          `%${text}%`,
        ]);
        assert.equal(Number(rows[0]?.n), 0, `${text} in ${from}`);
      }
    }
    const row = (await findWalletAgreement(m.db, agreement.id)) as WalletAgreement;
    assert.equal(tokenOf(m.payments.wallets, row), 'token-of-secret-code-1');
    assert.throws(() => tokenOf(m.payments.wallets, { ...row, id: newId('wag') }), 'another row');
    const sealed = seal(new Uint8Array(32), 'a', 'x');
    assert.equal(unseal(new Uint8Array(32), 'a', sealed), 'x');
    assert.throws(() => unseal(new Uint8Array(32).fill(1), 'a', sealed), 'another key');
  });

  test('another buyer, another wallet, one that has ended: nothing is charged', async () => {
    const agreement = await made();
    const { marketplace } = m;
    const person = { marketplace: marketplace.id, name: 'Other', country: 'MY', email: 'o@x.example' };
    const other = committed(must(await createBuyer(m.parties, undefined, person)));
    const foreign = await m.order([500], { buyer: other.id });
    assert.equal(codeOf(await pay(agreement, { order: foreign.id })), 'agreement_does_not_cover');
    assert.equal(codeOf(await pay(agreement, { wallet: 'gcash' })), 'agreement_does_not_cover');
    assert.equal(codeOf(await pay({ ...agreement, id: newId('wag') })), 'unknown_agreement');
    m.wallet.next = ['lose_before'];
    assert.equal(committed(must(await end(agreement))).state, 'ending');
    assert.equal(codeOf(await pay(agreement)), 'agreement_not_active', 'from the wish on');
    await resume(agreement);
    const ended = (await findWalletAgreement(m.db, agreement.id)) as WalletAgreement;
    assert.deepEqual([ended.state, ended.sealedToken, ended.resumeJob], ['ended', null, null]);
    assert.equal(codeOf(await end(agreement)), 'agreement_not_active');
    const calls = m.wallet.calls.length;
    assert.equal(committed(must(await end(await made(), 'wallet'))).state, 'ended');
    assert.ok(!m.wallet.calls.slice(calls).includes('cancelToken'), 'the wallet knows');
  });

  test('a lost answer is asked for again with the same code; a refusal is the end', async () => {
    m.wallet.next = ['lose_after'];
    const waiting = await made();
    assert.equal(waiting.state, 'requested');
    assert.equal(codeOf(await pay(waiting)), 'agreement_not_active');
    await resume(waiting);
    assert.equal((await findWalletAgreement(m.db, waiting.id))?.state, 'active');
    m.wallet.next = ['refuse'];
    const refused = committed(must(await make()));
    assert.deepEqual([refused.state, refused.refusal?.code], ['refused', 'INVALID_CODE']);
    assert.equal(codeOf(await make({ wallet: 'paper' })), 'wallet_not_offered');
    assert.equal(codeOf(await make({ wallet: 'nobody' })), 'unknown_wallet');
    assert.equal(codeOf(await make({ buyer: newId('buy') })), 'not_found');
  });
});
