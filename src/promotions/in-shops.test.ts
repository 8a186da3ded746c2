/** Discounts of payments through the hub on a journal: two at once on the last of a budget, and where the money is after each end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import { type Id, newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { must, ok, type Refusal, type Result } from '../base/result.ts';
import { insert, merge, type Outcome, part, type UnitPart, update } from '../journal/index.ts';
import { PROMOTION_LAWS } from '../ledger/check/promotions.ts';
import { account, balanceOf, checkLedger, event } from '../ledger/index.ts';
import { type HubPayment, hubPayments } from '../wallets/hub-payment.ts';
import type { Campaign } from './campaign.ts';
import { discountsFor } from './discounts-for.ts';
import { type Person, readPerson, usesOf, walletPerson } from './person-uses.ts';
import {
  cancelingPart,
  type Discount,
  discountOf,
  lettingGoPart,
  orWithout,
  reservingPart,
  returningPart,
  sharesOf,
  spendingPart,
} from './spend-discounts.ts';
import { runningDiscounts } from './store.ts';
import { aLiveCampaign, move, onAnyOrder } from './test-campaigns.ts';

describe('discounts in shops', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.close());

  /** Those of campaigns: the payments here have no more of a payment than discounts read, so the hub's own do not hold. */
  const holdLaws = async (): Promise<void> => {
    const { laws } = await checkLedger(m.db);
    const ours = new Set(PROMOTION_LAWS.map(({ law }) => law));
    assert.deepEqual(
      laws.filter(({ law, ok: held, alarm }) => ours.has(law) && !held && !alarm),
      [],
    );
  };
  const [wallet, acquirer] = [newId('ptc'), newId('ptc')];
  const everywhere = { countries: null, wallets: null, acquirers: null, shops: null };
  const balance = async (name: Parameters<typeof account>[0], owner: string) =>
    (await balanceOf(m.db, account(name, owner), 'USD')).amount;
  const moneyOf = async ({ id }: Campaign) => [await balance('budget', id), await balance('budget_reserved', id)];
  const campaignOf = (budget: number, perPerson: number | null = null) =>
    aLiveCampaign(m, onAnyOrder(m, usd(1000), { inShops: everywhere, onOrders: null, perPerson }), budget);
  const commit = (unit: UnitPart): Promise<Result<Outcome<number>, Refusal>> =>
    m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: 0 }));

  /** A payment whose price is fixed now, as far as discounts read it. */
  const offer = async (customer: string): Promise<HubPayment> => {
    const id = newId('hpy');
    const run = (withDiscounts: boolean) =>
      m.journal.run(undefined, async () => {
        const { discounts, kept } = withDiscounts ? await offered(id, customer) : { discounts: [], kept: part({}) };
        const payment = { id, version: 0, state: 'in_process', discounts, paidAt: null } as unknown as HubPayment;
        const own = part({
          events: [event('hub_payment.failed', id, { code: 'none' })],
          writes: [insert(hubPayments, payment)],
        });
        const unit = merge(own, kept);
        const version = unit.events.filter(({ subject }) => subject === id).length;
        return ok({ unit: { at: m.now(), ...unit }, value: { ...payment, version } });
      });
    const made = must(await orWithout(run));
    return (made as Extract<typeof made, { kind: 'committed' }>).value;
  };

  const offered = async (id: Id<'hpy'>, customer: string): Promise<{ discounts: Discount[]; kept: UnitPart }> => {
    const campaigns = await runningDiscounts(m.db, 'inShops', m.now());
    const person = await readPerson(m.db, walletPerson(wallet, customer));
    const place = { kind: 'shop', country: 'JP', wallet, acquirer, merchantId: 'M1' } as const;
    const granted = discountsFor({ amount: usd(9000), place, uses: usesOf(person) }, campaigns, m.now());
    const discounts = granted.map((each) => discountOf(each, { savings: each.off, funded: each.off }));
    return { discounts, kept: reservingPart(id, discounts, { campaigns, person }) };
  };
  /** The payment's own step, with a part. */
  const step = async (payment: HubPayment, fields: Partial<HubPayment>, beside: UnitPart): Promise<HubPayment> => {
    const own = part({
      events: [event('hub_payment.failed', payment.id, { code: 'none' })],
      writes: [update(hubPayments, payment, fields)],
    });
    const unit = merge(own, beside);
    must(await commit(unit));
    const steps = unit.events.filter(({ subject }) => subject === payment.id).length;
    return { ...payment, ...fields, version: payment.version + steps };
  };
  const sidesOf = ({ id }: HubPayment) => ({ payment: id, acquirer });
  const pay = (payment: HubPayment) =>
    step(payment, { state: 'paid', paidAt: m.now() }, spendingPart(payment.discounts, sidesOf(payment)));
  const personOf = (customer: string): Promise<Person> => readPerson(m.db, walletPerson(wallet, customer));

  test('two at once on the last of the budget: one has it, the other is paid in full; the wallet’s word is never refused', async () => {
    const campaign = await campaignOf(1500);
    const payments = await Promise.all(['a', 'b', 'c'].map(offer));
    assert.deepEqual(payments.map(({ discounts }) => discounts.length).sort(), [0, 0, 1]);
    assert.deepEqual(await moneyOf(campaign), [500n, 1000n]);
    await holdLaws();
    for (const payment of payments) await pay(payment);
    assert.deepEqual([await moneyOf(campaign), await balance('acquirer', acquirer)], [[500n, 0n], 1000n]);
    await holdLaws();
    await move(m, campaign, 'ended');
  });

  test('a payment that came to nothing and one that was canceled leave no trace, also not on the person', async () => {
    const campaign = await campaignOf(1000, 1);
    const before = await balance('acquirer', acquirer);
    const failed = await offer('d');
    assert.equal((await offer('d')).discounts.length, 0, 'once a person');
    await step(failed, { state: 'failed' }, lettingGoPart(failed.id, failed.discounts, await personOf('d')));
    assert.deepEqual(await moneyOf(campaign), [1000n, 0n]);
    const paid = await pay(await offer('d'));
    assert.equal((await balance('acquirer', acquirer)) - before, 1000n);
    await holdLaws();
    const canceling = { ...sidesOf(paid), person: await personOf('d') };
    await step(paid, { state: 'canceled' }, cancelingPart(paid.discounts, canceling));
    assert.deepEqual([await moneyOf(campaign), (await balance('acquirer', acquirer)) - before], [[1000n, 0n], 0n]);
    assert.equal((await offer('d')).discounts.length, 1, 'he may have it again');
    await holdLaws();
    await move(m, campaign, 'ended');
  });

  test('refunds take the shares off the acquirer, and our budget stays spent', async () => {
    const campaign = await campaignOf(1000);
    const before = await balance('acquirer', acquirer);
    let payment = await pay(await offer('e'));
    let gone = zero('USD');
    for (const cents of [3333, 3333, 2334]) {
      const back = { whole: usd(9000), before: gone, part: usd(cents) };
      const shares = sharesOf(payment.discounts, back);
      payment = await step(payment, {}, returningPart(shares, sidesOf(payment)));
      gone = usd(gone.amount + BigInt(cents));
    }
    assert.deepEqual([await moneyOf(campaign), (await balance('acquirer', acquirer)) - before], [[0n, 0n], 0n]);
    await holdLaws();
    await move(m, campaign, 'ended');
  });

  test('a campaign that was paused between the look and the commit gives nothing', async () => {
    const campaign = await campaignOf(1000);
    const id = newId('hpy');
    const { discounts, kept } = await offered(id, 'f');
    assert.equal(discounts.length, 1);
    await move(m, campaign, 'paused');
    const payment = { id, version: 0, state: 'in_process', discounts } as unknown as HubPayment;
    const own = part({
      events: [event('hub_payment.failed', id, { code: 'none' })],
      writes: [insert(hubPayments, payment)],
    });
    const late = await commit(merge(own, kept));
    assert.equal(late.ok ? 'done' : late.error.code, 'conflict');
    assert.deepEqual(await moneyOf(campaign), [1000n, 0n]);
  });
});
