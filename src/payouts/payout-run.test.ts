import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import { type Money, sum } from '../base/money.ts';
import { must, ok } from '../base/result.ts';
import { commandKey, type Journal } from '../journal/index.ts';
import { changeBankAccount, createMarketplace, findSeller, type Seller } from '../parties/index.ts';
import { returnReported } from './bank-booked.ts';
import { findPayoutRun, initiatePayout, listPayouts, type Payout, type PayoutRun, startRun } from './index.ts';
import { PAYOUT_MAX } from './payout.ts';
import { aSeller, availableTo, earn, fund, handlersOf, lease, letLeasesRunOut, workOff } from './test-payouts.ts';

const PAGE = { sellersAPage: 3 };

describe('payout runs', { skip: NO_DATABASE }, () => {
  let m: Modules;
  beforeEach(async () => {
    m = await createModules();
    await fund(m, 100_000_000_000_000n);
  });
  afterEach(async () => {
    try {
      await m.holdLaws();
    } finally {
      await m.close();
    }
  });

  /** As many sellers as amounts; the marketplace has one more, who has nothing. */
  const sellersWith = async (amounts: readonly number[]): Promise<readonly Seller[]> => {
    const created: Seller[] = [];
    for (const [index, cents] of amounts.entries()) {
      const seller = await aSeller(m, `Seller ${index + 1}`);
      if (cents > 0) await earn(m, seller, cents);
      created.push(seller);
    }
    return created;
  };
  const start = async (name = newId('req') as string, marketplace = m.marketplace.id) =>
    startRun(m.payouts, commandKey(marketplace, name, 'payout_run', { marketplace }), { marketplace, name });
  const begin = async (name?: string): Promise<PayoutRun> => must(await start(name)).run;
  const reload = async ({ id }: PayoutRun) => (await findPayoutRun(m.db, id)) as PayoutRun;
  const payouts = (): Promise<readonly Payout[]> =>
    listPayouts(m.db, { marketplace: m.marketplace.id, seller: null, states: [], before: 'f'.repeat(32), limit: 1000 });
  /** Sellers and cents of all payouts, in the order of the sellers' ids. */
  const paid = async (): Promise<readonly (readonly [string, bigint])[]> =>
    (await payouts())
      .map(({ seller, amount }) => [seller, amount.amount] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const counted = ({ state, payouts: count, total }: PayoutRun) => [state, count, total.amount];
  const pay = async (seller: Seller, amount: Money | null): Promise<void> => {
    must(await initiatePayout(m.payouts, m.key(), { marketplace: m.marketplace.id, seller: seller.id, amount }));
  };
  /** The bank reports a small payout of the seller as returned. */
  const block = async (seller: Seller): Promise<void> => {
    await earn(m, seller, 1);
    await pay(seller, usd(1));
    const payout = (await payouts())[0] as Payout;
    const current = (await findSeller(m.db, seller.id)) as Seller;
    const at = m.now();
    const reported = returnReported(payout, current, { code: 'R03', text: 'no account' }, at);
    must(await m.journal.run(undefined, async () => ok({ value: null, unit: { at, ...reported } })));
  };
  /** A journal that lets somebody else act between the decision of a keyed unit and its commit. */
  const meanwhile = (act: (seller: string) => Promise<void>): Journal => ({
    ...m.journal,
    run: (command, decide) =>
      m.journal.run(command, async () => {
        const decided = await decide();
        if (command !== undefined) await act(command.key.split(':')[1] as string);
        return decided;
      }),
  });

  test('pays everybody who has something, page by page, and files once', async () => {
    const sellers = await sellersWith([100, 200, 0, 400, 500, 600, 700]);
    const run = await begin();
    assert.deepEqual([run.state, run.sellersPlanned, run.sellersDone], ['running', 8, 0]);
    const worked = await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(
      worked.map(({ job }) => job.kind),
      ['payouts.run', 'payouts.run', 'payouts.run', 'payouts.file', 'payouts.submit_file'],
    );
    const ended = await reload(run);
    assert.deepEqual(counted(ended), ['done', 6, 2500n]);
    assert.deepEqual([ended.sellersDone, ended.cursor, ended.endedAt], [8, sellers.at(-1)?.id, m.now()]);
    assert.deepEqual(
      await paid(),
      [0, 1, 3, 4, 5, 6].map((index) => [sellers[index]?.id, BigInt((index + 1) * 100)]),
    );
    assert.deepEqual(new Set((await payouts()).map(({ state, file }) => `${state} ${file}`)).size, 1);
  });

  test('ends after a last page that is full, and files nothing when nobody has anything', async () => {
    await sellersWith([0, 0, 0, 0, 0]);
    const run = await begin();
    const worked = await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(
      worked.map(({ job }) => job.kind),
      ['payouts.run', 'payouts.run', 'payouts.run'],
    );
    assert.deepEqual(counted(await reload(run)), ['done', 0, 0n]);
  });

  test('killed between two pages, it goes on where it was', async () => {
    await sellersWith([1, 2, 3, 4, 5, 6, 7]);
    const run = await begin();
    await workOff(m, handlersOf(m, PAGE), 1);
    assert.deepEqual([(await reload(run)).state, (await reload(run)).sellersDone], ['running', 3]);
    assert.ok((await lease(m)) !== undefined);
    await letLeasesRunOut(m);
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(run)), ['done', 7, 28n]);
    assert.equal((await payouts()).length, 7);
  });

  test('killed within a page, nobody is paid twice and nobody is left out of the counts', async () => {
    await sellersWith([1, 2, 3, 4, 5]);
    const run = await begin();
    let commits = 0;
    const dying: Journal = {
      ...m.journal,
      run: async (command, decide) => {
        commits += 1;
        if (commits > 1) throw new Error('killed');
        return m.journal.run(command, decide);
      },
    };
    await assert.rejects(workOff(m, handlersOf(m, PAGE, { journal: dying })), /killed/);
    assert.equal((await payouts()).length, 1);
    assert.deepEqual(counted(await reload(run)), ['running', 0, 0n]);
    await letLeasesRunOut(m);
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(run)), ['done', 5, 15n]);
    assert.equal((await payouts()).length, 5);
  });

  test('killed after its last seller and before the run moved, the page counts what it finds', async () => {
    await sellersWith([1, 2]);
    const run = await begin();
    const dying: Journal = {
      ...m.journal,
      run: async (command, decide) => {
        if (command === undefined) throw new Error('killed');
        return m.journal.run(command, decide);
      },
    };
    await assert.rejects(workOff(m, handlersOf(m, PAGE, { journal: dying })), /killed/);
    await letLeasesRunOut(m);
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(run)), ['done', 2, 3n]);
    assert.equal((await payouts()).length, 2);
  });

  test('two workers on one page, one of them without its lease: paid once, counted once', async () => {
    await sellersWith([1, 2, 3, 4]);
    const run = await begin();
    const slow = await lease(m);
    await letLeasesRunOut(m);
    const quick = await lease(m);
    const page = handlersOf(m, PAGE)['payouts.run'];
    const ends = await Promise.allSettled([slow, quick].map((job) => page?.(job as never)));
    assert.equal(ends.filter((end) => end.status === 'fulfilled' && end.value?.kind === 'committed').length, 1);
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(run)), ['done', 4, 10n]);
    assert.equal((await payouts()).length, 4);
  });

  test('a worker that wakes up after the run has moved on begins nothing', async () => {
    const [seller] = (await sellersWith([5])) as [Seller];
    const run = await begin();
    const stale = await lease(m);
    await letLeasesRunOut(m);
    let woken = false;
    const journal = meanwhile(async () => {
      if (woken) return;
      woken = true;
      // The slow worker has decided; now somebody else empties the balance, another worker ends the run, money comes in.
      await pay(seller, null);
      await workOff(m, handlersOf(m, PAGE));
      await earn(m, seller, 5);
    });
    const result = await handlersOf(m, PAGE, { journal })['payouts.run']?.(stale as never);
    assert.equal(result?.kind, 'again');
    assert.deepEqual(counted(await reload(run)), ['done', 0, 0n]);
    assert.deepEqual([(await payouts()).length, await availableTo(m, seller.id)], [1, 5n]);
  });

  test('what changes between the reading of a page and its commit is read again', async () => {
    const [spent, moved, emptied] = (await sellersWith([100, 100, 100])) as [Seller, Seller, Seller];
    const run = await begin();
    const bankAccount = { ...moved.bankAccount, accountNumber: '9876543210' };
    const acts = new Map<string, () => Promise<unknown>>([
      [spent.id, () => pay(spent, usd(30))],
      [emptied.id, () => pay(emptied, null)],
      [
        moved.id,
        () =>
          changeBankAccount({ ...m.payouts }, undefined, {
            marketplace: m.marketplace.id,
            seller: moved.id,
            bankAccount,
          }),
      ],
    ]);
    const journal = meanwhile(async (seller) => {
      const act = acts.get(seller);
      acts.delete(seller);
      await act?.();
    });
    await workOff(m, handlersOf(m, { sellersAPage: 10 }, { journal }));
    assert.deepEqual(counted(await reload(run)), ['done', 2, 170n]);
    const amounts = (await payouts()).map(({ seller, amount, account }) => [
      seller,
      amount.amount,
      account.accountNumber,
    ]);
    const own = ({ bankAccount: { accountNumber } }: Seller) => accountNumber;
    assert.deepEqual(
      new Set(amounts.map(String)),
      new Set(
        [
          [spent.id, 30n, own(spent)],
          [spent.id, 70n, own(spent)],
          [emptied.id, 100n, own(emptied)],
          [moved.id, 100n, '9876543210'],
        ].map(String),
      ),
    );
  });

  test('blocked sellers keep their money until the account is corrected', async () => {
    const [, two] = (await sellersWith([10, 20])) as [Seller, Seller];
    await block(two);
    const run = await begin();
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(run)), ['done', 1, 10n]);
    assert.equal(await availableTo(m, two.id), 20n);
    const bankAccount = { ...two.bankAccount, accountNumber: '1112223' };
    must(
      await changeBankAccount({ ...m.payouts }, undefined, {
        marketplace: m.marketplace.id,
        seller: two.id,
        bankAccount,
      }),
    );
    const later = await begin();
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(await reload(later)), ['done', 1, 20n]);
  });

  test('two runs at once pay each seller once', async () => {
    await sellersWith([1, 2, 3, 4, 5, 6, 7, 8]);
    const runs = [await begin(), await begin()];
    const handlers = handlersOf(m, PAGE);
    await Promise.all([workOff(m, handlers), workOff(m, handlers), workOff(m, handlers)]);
    const ended = await Promise.all(runs.map(reload));
    assert.deepEqual(
      ended.map(({ state }) => state),
      ['done', 'done'],
    );
    assert.equal(
      sum(
        ended.map(({ total }) => total),
        'USD',
      ).amount,
      36n,
    );
    assert.equal(
      ended.reduce((count, run) => count + run.payouts, 0),
      8,
    );
    assert.equal((await payouts()).length, 8);
  });

  test('more than one payout carries goes in the next run; asked for, it is refused', async () => {
    const [rich] = (await sellersWith([0])) as [Seller];
    await earn(m, rich, PAYOUT_MAX.amount + 7n);
    const refused = await initiatePayout(m.payouts, m.key(), {
      marketplace: m.marketplace.id,
      seller: rich.id,
      amount: usd(PAYOUT_MAX.amount + 1n),
    });
    assert.equal(refused.ok ? 'done' : refused.error.code, 'invalid_amount');
    const amounts = [];
    for (let round = 0; round < 2; round += 1) {
      const run = await begin();
      await workOff(m, handlersOf(m, PAGE));
      amounts.push((await reload(run)).total.amount);
    }
    assert.deepEqual(amounts, [PAYOUT_MAX.amount, 7n]);
  });

  test('the same command is the same run; another one of its key, and a marketplace that is not there, are refused', async () => {
    await sellersWith([1]);
    const first = must(await start('monday'));
    const again = must(await start('monday'));
    assert.deepEqual([again.run.id, first.repeated, again.repeated], [first.run.id, false, true]);
    await workOff(m, handlersOf(m, PAGE));
    assert.deepEqual(counted(must(await start('monday')).run), ['done', 1, 1n]);
    const other = 'mkt_00000000000000000000000000000000' as Id<'mkt'>;
    const key = commandKey(m.marketplace.id, 'monday', 'payout_run', { marketplace: other });
    const reused = await startRun(m.payouts, key, { marketplace: other, name: 'monday' });
    assert.equal(reused.ok ? 'done' : reused.error.code, 'idempotency_key_reused');
    const nowhere = await start('tuesday', other);
    assert.equal(nowhere.ok ? 'done' : nowhere.error.code, 'not_found');
    assert.equal(await m.journal.findAnswer(other, 'tuesday'), null, 'a refusal leaves the key free');
  });

  test('the schedule begins one run a day for each marketplace that has somebody to pay, however often its job runs', async () => {
    const parties = { journal: m.journal, clock: m.payouts.clock, rail: m.payouts.rail };
    const terms = { name: 'Daily', feePlan: { percentBps: 0 }, payoutSchedule: 'daily' } as const;
    const { marketplace: daily } = committed(must(await createMarketplace(parties, undefined, terms)));
    const seller = await aSeller(m, 'Seller of the day', daily.id);
    const schedule = handlersOf(m, PAGE)['payouts.daily_run'];
    for (const { pass, earned } of [
      { pass: 0, earned: 0 },
      { pass: 0, earned: 100 },
      { pass: 0, earned: 0 },
      { pass: 24 * 3_600_000, earned: 0 },
    ]) {
      m.pass(pass);
      if (earned > 0) await earn(m, seller, earned);
      assert.equal((await schedule?.({} as never))?.kind, 'again');
    }
    const runs = "select data ->> 'name' as name from payout_runs where data ->> 'marketplace' = $1 order by id";
    const names = async (): Promise<readonly string[]> =>
      (await m.db.query<{ name: string }>(runs, [daily.id])).rows.map(({ name }) => name);
    assert.deepEqual(await names(), ['daily:2026-11-23', 'daily:2026-11-24']);
    await workOff(m, handlersOf(m, PAGE));
    m.pass(24 * 3_600_000);
    await schedule?.({} as never);
    assert.equal((await names()).length, 2, 'nobody is left to be paid');
  });
});
