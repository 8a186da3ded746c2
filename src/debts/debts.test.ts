/** A debt as it grows old: provided for, partly recovered, given up, and paid after all. Every law holds after each step. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import { must, ok } from '../base/result.ts';
import { type Scene, scene } from '../disputes/test-disputes.ts';
import { part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { aSeller, earn } from '../payouts/test-payouts.ts';
import { explainLine } from '../reconciliation/index.ts';
import type { Debt } from './debt.ts';
import { DAILY_DEBTS_JOB, debtJobs } from './jobs.ts';
import { recoverDebts } from './recover-debts.ts';
import { findDebt, openDebtsOf } from './store.ts';
import { writeOffDebt } from './write-off-debt.ts';

describe('debts', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  let sellers = 0;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  /** A seller who was paid out and then lost a chargeback of so much. */
  const owing = async (cents: number): Promise<Debt> => {
    sellers += 1;
    const seller = await aSeller(m, `Supplier ${300 + sellers}`);
    const { order, payments } = await s.paidOrderOf(seller.id, cents);
    await s.shipAndReceive(order);
    await s.release(order);
    await s.payAll(seller.id);
    const claim = m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(cents) });
    await s.observe(claim);
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    return (await openDebtsOf(m.db, seller.id))[0] as Debt;
  };
  const reload = async ({ id }: Debt) => (await findDebt(m.db, id)) as Debt;
  const grow = async (days: number) => {
    m.pass(days * MS_PER_DAY);
    const result = await debtJobs({ journal: m.journal, clock: m.orders.clock })[DAILY_DEBTS_JOB]?.({} as never);
    assert.equal(result?.kind, 'again');
  };
  const accounts = async ({ seller }: Debt) => [
    await s.balance('debt', seller),
    await s.balance('debt_allowance', seller),
  ];
  /** A credit on the operator's statement that nobody has explained. */
  const credited = async (cents: number): Promise<Id<'ln'>> => {
    const id = newId('ln');
    const { bank } = m.payouts;
    // Only what explaining reads is there.
    const facts = { id, version: 0, state: 'unexplained', bank, bankReference: id, direction: 'credit' } as const;
    const write = { table: 'bank_lines', id, expected: 0, row: { ...facts, amount: usd(cents) } };
    const unit = part({ events: [event('bank.credited', id, { bank, amount: usd(cents) })], writes: [write] });
    must(await m.journal.run(undefined, async () => ok({ value: 0, unit: { at: m.now(), ...unit } })));
    return id;
  };
  const explain = (line: Id<'ln'>, debt?: Id<'dbt'>) =>
    explainLine(m.reconciliation, m.key(), {
      ...{ line, as: 'debt', reason: 'transfer from the seller' },
      ...(debt === undefined ? {} : { debt }),
    });
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const giveUp = (debt: Debt, key = m.key()) =>
    writeOffDebt(m.payouts, key, { debt: debt.id, reason: 'the company is dissolved', by: 'key_1' });

  test('provided for by age, once a class; recovered in part, the provision follows; given up, the rest is the loss', async () => {
    const debt = await owing(10_000);
    const cost = await s.balance('guarantee_cost', '');
    await grow(29);
    assert.deepEqual(await accounts(debt), [10_000n, 0n]);
    await grow(1);
    await grow(1);
    assert.deepEqual([await accounts(debt), (await s.balance('guarantee_cost', '')) - cost], [[10_000n, 2500n], 2500n]);
    await grow(60);
    assert.deepEqual(await accounts(debt), [10_000n, 7500n]);
    await earn(m, { id: debt.seller, marketplace: m.marketplace.id }, 6000);
    must(await recoverDebts(m.payouts, debt.seller));
    assert.deepEqual(await accounts(debt), [4000n, 4000n], 'no more than is left');
    assert.equal(code(await recoverDebts(m.payouts, debt.seller)), 'nothing_to_recover');
    await grow(1);
    assert.deepEqual(await accounts(debt), [4000n, 3000n], '75 percent of what is left');
    await m.holdLaws();

    const lost = await s.balance('debt_written_off', '');
    const key = m.key();
    const gone = committed(must(await giveUp(debt, key)));
    assert.deepEqual([gone.state, gone.writtenOff.amount, gone.provisioned.amount], ['written_off', 4000n, 0n]);
    assert.deepEqual(gone.writeOff, { reason: 'the company is dissolved', by: 'key_1', at: m.now() });
    assert.deepEqual([await accounts(debt), (await s.balance('debt_written_off', '')) - lost], [[0n, 0n], 1000n]);
    assert.equal(must(await giveUp(debt, key)).kind, 'repeated');
    assert.equal(code(await giveUp(debt)), 'illegal_move');
    const { rows } = await m.db.query<{ days: string }>(
      "select data ->> 'ageDays' as days from journal_events where type = 'debt.written_off' and data ->> 'debt' = $1",
      [debt.id],
    );
    assert.equal(rows[0]?.days, '92');
    await earn(m, { id: debt.seller, marketplace: m.marketplace.id }, 500);
    assert.equal(code(await recoverDebts(m.payouts, debt.seller)), 'nothing_to_recover', 'given up is given up');
    await m.holdLaws();
  });

  test('paid by bank transfer: a person says so; of an open debt, and of one that was given up', async () => {
    const debt = await owing(5000);
    await grow(40);
    assert.equal(code(await explain(await credited(5001), debt.id)), 'amount_exceeds_debt');
    assert.equal(code(await explain(await credited(1))), 'not_found');
    assert.equal(
      code(await explain(await credited(1), 'dbt_00000000000000000000000000000000' as Id<'dbt'>)),
      'not_found',
    );
    const line = committed(must(await explain(await credited(2000), debt.id)));
    assert.deepEqual([line.state, line.explainedAs, line.subject], ['explained', 'debt', debt.id]);
    assert.deepEqual([await accounts(debt), (await reload(debt)).recovered.bank.amount], [[3000n, 1250n], 2000n]);
    const lost = await s.balance('debt_written_off', '');
    must(await giveUp(await reload(debt)));
    must(await explain(await credited(1700), debt.id));
    assert.equal((await s.balance('debt_written_off', '')) - lost, 50n, '1,750 lost, 1,700 came after all');
    assert.equal(code(await explain(await credited(1301), debt.id)), 'amount_exceeds_debt');
    assert.equal((await reload(debt)).recoveredLater.amount, 1700n);

    const whole = await owing(900);
    must(await explain(await credited(900), whole.id));
    assert.equal((await reload(whole)).state, 'recovered');
    assert.equal(code(await explain(await credited(1), whole.id)), 'illegal_move');
    await m.holdLaws();
  });
});
