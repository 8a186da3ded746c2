/** What a lost case leaves behind: debts and their recovery, the commission, the network's fee. Every law holds after each. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import type { Money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { listDebts } from '../debts/index.ts';
import type { ChargebackTerms } from '../fees/index.ts';
import { changeFeePlan, type Seller } from '../parties/index.ts';
import { initiatePayout, type PayoutDeps, startRun } from '../payouts/index.ts';
import { aSeller, earn, handlersOf, workOff } from '../payouts/test-payouts.ts';
import type { Order } from '../protection/index.ts';
import { observeDispute } from './record-word.ts';
import { type Scene, scene } from './test-disputes.ts';

const FEE = 1500n;

describe('money owed', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  let seller: Seller;
  let sellers = 0;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  beforeEach(async () => {
    sellers += 1;
    seller = await aSeller(m, `Supplier ${500 + sellers}`);
  });
  after(() => m?.end());

  const released = async (cents: number) => {
    const paid = await s.paidOrderOf(seller.id, cents);
    await s.shipAndReceive(paid.order);
    await s.release(paid.order);
    const raise = (disputed = cents, more: object = {}): string =>
      m.cardDisputes.raise({ payment: paid.payments[0]?.networkPaymentId as string, amount: usd(disputed), ...more });
    return { ...paid, raise };
  };
  const lose = async (claim: string) => {
    await s.observe(claim);
    m.cardDisputes.advance(claim, 'lost');
    return s.observe(claim);
  };
  const owes = async (state = 'open') =>
    (await listDebts(m.db, { marketplace: null, seller: seller.id, states: [state], after: null, limit: 50 })).map(
      ({ because, amount, recovered }) => [because, amount.amount, recovered.seller.amount],
    );
  const wallet = async () => [await s.balance('seller', seller.id), await s.balance('debt', seller.id)];
  const ask = (cents: number | null = null, deps: PayoutDeps = m.payouts) =>
    initiatePayout(deps, m.key(), {
      marketplace: m.marketplace.id,
      seller: seller.id,
      amount: cents === null ? null : usd(cents),
    });
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const terms = async (chargebacks: Partial<ChargebackTerms>, more: { cap?: Money } = {}) => {
    const parties = { journal: m.journal, clock: m.orders.clock, rail: m.payouts.rail };
    const input = { marketplace: m.marketplace.id, feePlan: { percentBps: 300, chargebacks, ...more } };
    return committed(must(await changeFeePlan(parties, m.key(), input))).feePlan;
  };
  const orderOf = (order: Order) => s.order({ order: order.id });

  /** Released, paid out, charged back and lost: nothing is there, so all of it is owed. */
  const indebted = async (cents: number) => {
    const { raise } = await released(cents);
    await s.payAll(seller.id);
    return lose(raise());
  };

  test('a chargeback after payout that is lost is a debt; the next release pays it in its own unit, the rest is paid out', async () => {
    const row = await indebted(20_000);
    assert.deepEqual([row.cover?.debt.amount, row.atRisk.amount], [20_000n, 0n]);
    assert.deepEqual(await owes(), [['chargeback_lost', 20_000n, 0n]]);
    assert.equal(code(await ask()), 'debt_open');
    assert.equal(code(await ask(1)), 'debt_open');

    const { order } = await released(5000);
    assert.deepEqual(await wallet(), [0n, 15_150n], '4,850 of it');
    const { rows } = await m.db.query<{ type: string }>(
      `select e.type from journal_events e where e.unit_id =
         (select unit_id from journal_events where type = 'order.released' and data ->> 'order' = $1) order by seq`,
      [order.id],
    );
    assert.deepEqual(
      rows.map(({ type }) => type),
      ['order.released', 'debt.recovered'],
    );
    await released(20_000);
    assert.deepEqual(await wallet(), [4250n, 0n], '19,400 less 15,150');
    assert.deepEqual([await owes(), await owes('recovered')], [[], [['chargeback_lost', 20_000n, 20_000n]]]);
    assert.equal(committed(must(await ask())).amount.amount, 4250n);
    await s.report();
    await s.agree(row.claim);
  });

  test('a balance that is there: the payout takes the debt first and carries what is left', async () => {
    await indebted(3000);
    await earn(m, seller, 2000);
    assert.equal(code(await ask()), 'debt_open', 'it is not enough, and is taken');
    assert.deepEqual(await wallet(), [0n, 1000n]);
    await earn(m, seller, 1700);
    assert.equal(committed(must(await ask())).amount.amount, 700n);
    assert.deepEqual(await wallet(), [0n, 0n]);
    await m.holdLaws();
  });

  test('a payout run recovers before it pays, also where nothing is left to pay', async () => {
    await indebted(3000);
    const other = seller;
    seller = await aSeller(m, `Supplier ${900 + sellers}`);
    await indebted(6000);
    await earn(m, other, 3500);
    await earn(m, seller, 3500);
    m.pass(60_000);
    const run = { marketplace: m.marketplace.id, name: `run ${sellers}` };
    must(await startRun(m.payouts, m.key(), run));
    const kinds = handlersOf(m, {});
    const rest = Object.fromEntries(
      (await m.db.query<{ kind: string }>('select distinct kind from jobs')).rows.map(({ kind }) => [
        kind,
        async () => ({ kind: 'finished' }) as const,
      ]),
    );
    await workOff(m, { ...rest, ...kinds });
    const paid = await m.db.query<{ amount: string }>(
      "select data #>> '{amount,value}' as amount from payouts where seller = $1 order by id desc limit 1",
      [other.id],
    );
    assert.equal(paid.rows[0]?.amount, '500');
    assert.deepEqual(await wallet(), [0n, 2500n], 'everything went to the debt');
    await m.holdLaws();
  });

  test('what an open dispute has put on the account is no debt: nothing is taken for it, and a win cancels it', async () => {
    const { raise } = await released(4000);
    await s.payAll(seller.id);
    const claim = raise();
    await s.observe(claim);
    assert.deepEqual([await wallet(), await owes()], [[0n, 4000n], []]);
    await earn(m, seller, 5000);
    assert.equal(committed(must(await ask())).amount.amount, 1000n, 'the rest stays for the dispute');
    assert.deepEqual(await wallet(), [4000n, 4000n]);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.deepEqual(await wallet(), [4000n, 0n]);
    await s.report();
    await s.agree(claim);
  });

  test('a payout that was decided when a debt, or an inquiry, came up is decided again', async () => {
    const { raise } = await released(4000);
    await s.payAll(seller.id);
    const claim = raise();
    await s.observe(claim);
    await earn(m, seller, 9000);
    /** Something happens between the decision and its commit, the first time. */
    const meanwhile = (work: () => Promise<unknown>): PayoutDeps => {
      let first = true;
      const run: PayoutDeps['journal']['run'] = (command, decide) =>
        m.journal.run(command, async () => {
          const decided = await decide();
          if (first) {
            first = false;
            await work();
          }
          return decided;
        });
      return { ...m.payouts, journal: { ...m.journal, run } };
    };
    m.cardDisputes.advance(claim, 'lost');
    const paid = committed(
      must(
        await ask(
          null,
          meanwhile(() => observeDispute(m.disputes, claim)),
        ),
      ),
    );
    assert.equal(paid.amount.amount, 5000n, '9,000 less the debt of 4,000; decided first it was 5,000 and no debt');
    assert.deepEqual(await wallet(), [0n, 0n]);

    const later = await released(7000);
    const inquiry = later.raise(7000, { stage: 'inquiry' });
    const kept = await ask(
      null,
      meanwhile(() => observeDispute(m.disputes, inquiry)),
    );
    assert.equal(code(kept), 'dispute_open', 'what the inquiry may cost stays');
    await s.report();
    await s.agree(claim, inquiry);
  });

  test('commission on what is lost stays, or goes back, as the plan said when the order was agreed', async () => {
    const income = () => s.balance('fee_income', m.marketplace.id);
    const kept = await released(10_000);
    assert.equal((await terms({ commission: 'returned' })).version, 2);
    const before = await income();
    await lose(kept.raise());
    assert.deepEqual([await income(), await owes()], [before, [['chargeback_lost', 300n, 0n]]], 'pinned: kept');
    assert.equal((await orderOf(kept.order)).feeReturned.amount, 0n);

    seller = await aSeller(m, `Supplier ${700 + sellers}`);
    const back = await released(10_000);
    const row = await lose(back.raise());
    assert.equal(await income(), before, 'the 300 came and went');
    assert.deepEqual([row.feeReturned.debt.amount, row.feeReturned.seller.amount], [300n, 0n]);
    assert.deepEqual([await wallet(), await owes()], [[0n, 0n], []], 'it ends the debt');
    assert.equal((await orderOf(back.order)).feeReturned.amount, 300n);

    await terms({ commission: 'returned' }, { cap: usd(200) });
    const parts = await released(10_000);
    const first = await lose(parts.raise(4000));
    assert.deepEqual([first.feeReturned.seller.amount, (await wallet())[0]], [20n, 5820n], '180 on what is left');
    await lose(parts.raise(6000));
    assert.equal(await income(), before, 'two parts give back the whole');
    assert.deepEqual([(await orderOf(parts.order)).feeReturned.amount, await wallet()], [200n, [0n, 0n]]);
    await terms({});
    await s.report();
    await m.holdLaws();
  });

  test('lost before release there is no commission to give back', async () => {
    await terms({ commission: 'returned' });
    const { order, payments } = await s.paidOrderOf(seller.id, 9000);
    await s.shipAndReceive(order);
    const row = await lose(
      m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(4000) }),
    );
    assert.deepEqual([row.feeReturned.seller.amount, row.feeReturned.debt.amount], [0n, 0n]);
    await s.release(order);
    const { fee } = await orderOf(order);
    assert.deepEqual([fee?.amount, (await wallet())[0]], [150n, 4850n], '3 percent of 5,000');
    // A dispute after the release gives back what was taken on the 5,000, and no more.
    const later = await lose(
      m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(5000) }),
    );
    assert.equal(later.feeReturned.debt.amount, 150n);
    await terms({});
    await s.report();
    await m.holdLaws();
  });

  test('the network’s fee: the operator’s, or the seller’s by the plan; once, from the balance, the rest owed', async () => {
    await s.report();
    const cost = () => s.balance('processing_cost', m.disputes.network);
    const income = () => s.balance('fee_income', m.marketplace.id);
    const ours = await released(20_000);
    await s.observe(ours.raise(1000));
    const [costs, earned] = [await cost(), await income()];
    await s.report();
    assert.deepEqual([(await cost()) - costs, (await income()) - earned], [FEE, 0n]);

    await terms({ networkFee: 'seller' });
    const theirs = await released(20_000);
    const claim = theirs.raise(1000);
    const row = await s.observe(claim);
    const [available = 0n] = await wallet();
    const taken = await income();
    await s.report();
    const levied = await s.reload(row);
    assert.deepEqual([levied.fees.amount, levied.levied.seller.amount, levied.levied.debt.amount], [FEE, FEE, 0n]);
    assert.deepEqual([(await wallet())[0], (await income()) - taken], [available - FEE, FEE]);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.equal((await wallet())[0], available - FEE + 1000n, 'the network keeps its fee, and so it stays levied');

    await s.payAll(seller.id);
    const poor = await released(1000);
    const unseen = poor.raise();
    await s.report();
    const seen = await s.observe(unseen);
    assert.deepEqual([seen.cover?.seller.amount, seen.cover?.debt.amount], [970n, 30n], 'the debit is frozen first');
    assert.deepEqual([seen.levied.seller.amount, seen.levied.debt.amount], [0n, FEE]);
    assert.deepEqual([await owes(), await wallet()], [[['dispute_fee', FEE, 0n]], [0n, FEE + 30n]]);
    await released(1000);
    assert.deepEqual(await wallet(), [0n, FEE - 970n + 30n], 'what is charged is recovered, what is disputed is not');
    await terms({});
    await s.agree(claim, unseen);
  });

  test('seen only after it was won: nobody’s payout is taken back for it', async () => {
    const { raise } = await released(8000);
    const payout = committed(must(await ask()));
    const claim = raise();
    m.cardDisputes.advance(claim, 'won');
    assert.equal((await s.observe(claim)).state, 'won');
    const { rows } = await m.db.query<{ state: string }>('select state from payouts where id = $1::uuid', [
      payout.id.slice(3),
    ]);
    assert.deepEqual([rows[0]?.state, await wallet()], ['initiated', [0n, 0n]]);
    await s.report();
    m.pass(MS_PER_DAY);
    await s.agree(claim);
  });
});
