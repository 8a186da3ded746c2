import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { must, ok } from '../base/result.ts';
import { deadline, type Journal, merge, part } from '../journal/index.ts';
import { account, balanceOf, event } from '../ledger/index.ts';
import { fileBooked } from './bank-booked.ts';
import type { PayoutDeps } from './deps.ts';
import { findPayoutFile, listPayouts, type Payout, type PayoutFile, payoutsOfFile } from './index.ts';
import { PAYOUT_MAX } from './payout.ts';
import { planPayout } from './plan-payout.ts';
import { aSeller, earn, fund, handlersOf, letLeasesRunOut, workOff } from './test-payouts.ts';

describe('filing payouts', { skip: NO_DATABASE }, () => {
  let m: Modules;
  beforeEach(async () => {
    m = await createModules();
  });
  afterEach(async () => {
    try {
      await m.holdLaws();
    } finally {
      await m.close();
    }
  });

  /** A payout of each amount to one seller, in one unit with a job that files them. */
  const payOut = async (amounts: readonly (number | bigint)[]): Promise<void> => {
    const seller = await aSeller(m, `Seller ${amounts.length}`);
    await earn(
      m,
      seller,
      amounts.reduce((sum: bigint, cents) => sum + BigInt(cents), 0n),
    );
    const at = m.now();
    const { rows } = await m.db.query<{ version: number }>('select version from sellers where id = $1', [
      seller.id.slice(4),
    ]);
    const current = { ...seller, version: rows[0]?.version ?? 0 };
    const plans = amounts.map(
      (cents) =>
        must(planPayout(current, { amount: usd(cents), available: usd(cents), keptBack: undefined, owed: usd(0) }, at))
          .part,
    );
    const unit = { at, ...merge(...plans, part({ jobs: [deadline('payouts.file', m.payouts.bank, at)] })) };
    must(await m.journal.run(m.key(), async () => ok({ unit, value: null })));
  };
  const payouts = async (): Promise<readonly Payout[]> =>
    (
      await listPayouts(m.db, { marketplace: null, seller: null, states: [], before: 'f'.repeat(32), limit: 10_000 })
    ).toReversed();
  const files = async (): Promise<readonly PayoutFile[]> => {
    const { rows } = await m.db.query<{ id: string }>(
      "select 'pof_' || replace(id::text, '-', '') as id from payout_files order by id",
    );
    return Promise.all(rows.map(async ({ id }) => (await findPayoutFile(m.db, id as PayoutFile['id'])) as PayoutFile));
  };
  const inFile = (sizes: readonly PayoutFile[]) => sizes.map(({ entries, total }) => [entries, total.amount]);
  const states = async () => (await payouts()).map(({ state }) => state);

  test('a page a file, until nothing is left; the entries are numbered through', async () => {
    await fund(m, 1000);
    await payOut([1, 2, 3, 4, 5, 6, 7]);
    const worked = await workOff(m, handlersOf(m, { entriesAFile: 3 }));
    assert.equal(worked.filter(({ job }) => job.kind === 'payouts.file').length, 3);
    assert.deepEqual(inFile(await files()), [
      [3, 6n],
      [3, 15n],
      [1, 7n],
    ]);
    assert.deepEqual(
      (await payouts()).map(({ trace }) => Number(trace?.slice(8))),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(
      (await files()).map(({ reference }) => reference.slice(-1)),
      ['1', '2', '3'],
    );
  });

  test('where the funds end, everything behind awaits funds, on later pages too', async () => {
    await fund(m, 10);
    await payOut([4, 4, 4, 1, 1, 1, 1]);
    await workOff(m, handlersOf(m, { entriesAFile: 3 }));
    assert.deepEqual(await states(), ['filed', 'filed', ...Array(5).fill('awaiting_funds')]);
    await fund(m, 5);
    await m.db.query(
      "insert into jobs (id, kind, subject, due, payload) values (gen_random_uuid(), 'payouts.file', $1, $2, '{}')",
      [m.payouts.bank, m.now()],
    );
    await workOff(m, handlersOf(m, { entriesAFile: 3 }));
    assert.deepEqual(await states(), [...Array(6).fill('filed'), 'awaiting_funds']);
    assert.deepEqual(inFile(await files()), [
      [2, 8n],
      [3, 6n],
      [1, 1n],
    ]);
  });

  test('a file that the bank has not booked holds its funds; one that it refused does not', async () => {
    await fund(m, 10);
    const refusing = {
      ...m.payouts.rail,
      submitFile: async () => ({ outcome: 'rejected', code: 'X', message: 'no' }) as const,
    };
    await payOut([6]);
    await workOff(m, handlersOf(m, {}, { rail: refusing }));
    await payOut([6]);
    await workOff(m, handlersOf(m, {}));
    await payOut([6]);
    await workOff(m, handlersOf(m, {}));
    assert.deepEqual(await states(), ['rejected', 'filed', 'awaiting_funds']);
  });

  test('killed between keeping a file’s bytes and its unit, it writes another file, and sends that', async () => {
    await fund(m, 10);
    await payOut([6]);
    const dying: Journal = {
      ...m.journal,
      run: async (_command, decide) => {
        await decide();
        throw new Error('killed');
      },
    };
    await assert.rejects(workOff(m, handlersOf(m, {}, { journal: dying })), /killed/);
    await letLeasesRunOut(m);
    const sent: string[] = [];
    const submitFile: PayoutDeps['rail']['submitFile'] = async ({ name, bytes }) => {
      sent.push(name, createHash('sha256').update(bytes).digest('hex'));
      return { outcome: 'accepted', receipt: 'R' };
    };
    await workOff(m, handlersOf(m, {}, { rail: { ...m.payouts.rail, submitFile } }));
    const [file, ...others] = await files();
    assert.deepEqual([others, sent], [[], [file?.name, file?.sha256]]);
    assert.deepEqual(await states(), ['filed']);
  });

  test('a file carries what its totals can say; the rest goes in the next', async () => {
    const most = PAYOUT_MAX.amount;
    await fund(m, most * 102n);
    await payOut(Array(102).fill(most));
    await workOff(m, handlersOf(m, {}));
    assert.deepEqual(inFile(await files()), [
      [100, most * 100n],
      [2, most * 2n],
    ]);
  });

  test('a file of thousands is filed, booked and explained, each in one unit', { timeout: 60_000 }, async () => {
    const entries = 3000;
    await fund(m, entries * 7);
    await payOut(Array(entries).fill(7));
    await workOff(m, handlersOf(m, { entriesAFile: entries }));
    const [file] = (await files()) as [PayoutFile];
    assert.deepEqual([file.state, file.entries], ['accepted', entries]);
    const line = newId('ln');
    const { bank } = m.payouts;
    const row = {
      id: line,
      version: 0,
      state: 'explained',
      bank,
      bankReference: line,
      direction: 'debit',
      amount: file.total,
    };
    const debited = part({
      events: [event('bank.debited', line, { bank, amount: file.total })],
      writes: [{ table: 'bank_lines', id: line, expected: 0, row }],
    });
    const booked = fileBooked(file, await payoutsOfFile(m.db, file.id), bank);
    must(
      await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...merge(debited, booked) }, value: null })),
    );
    assert.deepEqual(new Set(await states()), new Set(['paid']));
    assert.equal((await balanceOf(m.db, account('payout_file', file.id), 'USD')).amount, 0n);
  });
});
