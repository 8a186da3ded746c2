/** Random days of the hub: whatever is paid, refunded and canceled when, every file adds up to the ledger, and everything is settled once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules } from '../../../test/support/modules.ts';
import { addMs, type Day, type Instant } from '../../base/clock.ts';
import { account, balanceOf } from '../../ledger/index.ts';
import type { HubPayment } from '../hub-payment.ts';
import { startEast8 } from './cycle.ts';
import { type ClearingBatch, filesIn, filesOf, listHubSettlements, readFile } from './index.ts';
import { createHub, east8 } from './test-hub.ts';
import { cancelOwn, payOwn, refundOwn } from './test-own-orders.ts';

const DAYS = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'];
const AFTER = ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'];

const payment = fc.record({
  wallet: fc.nat({ max: 2 }),
  acquirer: fc.nat({ max: 1 }),
  minute: fc.integer({ min: 1, max: 1439 }),
  settlement: fc.bigInt({ min: 1n, max: 5_000_000n }),
  margin: fc.bigInt({ min: 0n, max: 500n }),
  end: fc.constantFrom('kept', 'kept', 'kept', 'refunded', 'refunded later', 'halved', 'canceled', 'canceling'),
});

/** An order of our own marketplace, paid just before midnight. */
const ownOrder = fc.record({
  wallet: fc.nat({ max: 2 }),
  cents: fc.integer({ min: 100, max: 90_000 }),
  end: fc.constantFrom('kept', 'kept', 'refunded', 'halved', 'halved twice', 'canceled'),
});

test('random days: files, batches and settlements are the ledger’s', { skip: NO_DATABASE }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(payment, { maxLength: 8 }), { minLength: DAYS.length, maxLength: DAYS.length }),
      fc.array(fc.array(ownOrder, { maxLength: 3 }), { minLength: DAYS.length, maxLength: DAYS.length }),
      fc.integer({ min: 1, max: 4 }),
      async (days, orders, page) => {
        const m = await createModules();
        try {
          const hub = createHub(m);
          m.rates.perBase = { ...m.rates.perBase, MYR: '4', KRW: '1400' };
          const fees = { interchangeBps: 87, serviceBps: 13 };
          const wallets = [
            await hub.party({ name: 'TNG', wallet: { currency: 'MYR', fees } }),
            await hub.party({ name: 'KKO', wallet: { currency: 'KRW', fees } }),
            await hub.party({
              name: 'BOTH',
              wallet: { currency: 'JPY', fees },
              acquirer: { currencies: ['JPY', 'USD'], fees },
            }),
          ];
          const acquirers = [await hub.party({ name: 'ACQ', acquirer: { currencies: ['USD'], fees } }), wallets[2]];
          const later: HubPayment[] = [];
          for (const [index, day] of DAYS.entries()) {
            hub.until(east8(day, '23:59'));
            for (const each of later.splice(0)) await hub.refund(each, east8(day, '12:00'));
            for (const { wallet, acquirer, minute, settlement, margin, end } of days[index] ?? []) {
              const from = wallets[wallet];
              const to = acquirers[acquirer];
              if (from === undefined || to === undefined) continue;
              const isOne = from.wallet?.currency === to.acquirer?.settlementCurrencies[0];
              const at: Instant = addMs(startEast8(day as Day), minute * 60_000);
              const payTo = isOne ? settlement : settlement * 3n;
              const paid = await hub.pay(from, to, { payTo, settlement, margin: isOne ? 0n : margin, at });
              if (end === 'refunded') await hub.refund(paid, at);
              if (end === 'halved') await hub.refund(paid, at, { of: 1n, parts: 2n });
              if (end === 'refunded later') later.push(paid);
              if (end === 'canceled') await hub.cancel(paid, true);
              if (end === 'canceling') await hub.cancel(await hub.cancel(paid, false), true);
            }
            for (const { wallet, cents, end } of orders[index] ?? []) {
              const paid = await payOwn(m, wallets[wallet] as Party, cents);
              const half = Math.floor(cents / 2);
              if (end === 'canceled') await cancelOwn(m, paid);
              if (end === 'refunded') await refundOwn(m, paid, cents);
              if (end.startsWith('halved')) await refundOwn(m, paid, half);
              if (end === 'halved twice') await refundOwn(m, paid, cents - half);
            }
            hub.until(addMs(east8(day, '23:59'), (8 * 60 + 1) * 60_000));
            await hub.run({ itemsAPage: page, linesAFile: page });
            await m.holdLaws();
          }
          for (const day of AFTER) {
            hub.until(east8(day, '09:00'));
            for (const each of later.splice(0)) await hub.refund(each, east8(day, '08:30'));
            await hub.run();
          }
          await m.holdLaws();
          await assertSettled(
            m,
            [...wallets, acquirers[0]].flatMap((each) => each ?? []),
          );
        } finally {
          await m.close();
        }
      },
    ),
    { numRuns: 4 },
  );
});

type M = Awaited<ReturnType<typeof createModules>>;
type Party = Awaited<ReturnType<ReturnType<typeof createHub>['party']>>;

/** Nothing is left with anybody, each file says what its lines add up to, and the settlements are what the ledger waits for. */
async function assertSettled(m: M, parties: readonly Party[]): Promise<void> {
  for (const { id, wallet, acquirer } of parties) {
    if (wallet !== null)
      assert.equal((await balanceOf(m.db, account('receivable', wallet.account), wallet.currency)).amount, 0n);
    for (const currency of acquirer?.settlementCurrencies ?? [])
      assert.equal((await balanceOf(m.db, account('acquirer', id), currency)).amount, 0n);
  }
  const { rows } = await m.db.query<{ folder: string }>('select distinct folder from clearing_files');
  for (const { folder } of rows)
    for (const file of await filesIn(m.db, folder)) {
      const found = await readFile(m.db, `${folder}/${file.name}`);
      const lines = (found as { bytes: Buffer }).bytes.toString('utf8').trimEnd().split('\r\n');
      assert.equal(lines[1], `${file.lines},${file.total.amount},${file.total.currency}`, file.name);
      assert.equal(lines.length, 4 + file.lines);
      if (file.name.startsWith('transactionItems')) {
        const sum = lines.slice(4).reduce((all, line) => all + BigInt(line.split(',').at(-2) as string), 0n);
        assert.equal(sum, file.total.amount, file.name);
      }
    }
  for (const { id, net } of await listHubSettlements(m.db, {
    state: null,
    participantId: null,
    before: 'f'.repeat(32),
    limit: 500,
  })) {
    assert.equal((await balanceOf(m.db, account('settlement', id), net.currency)).amount, net.amount);
    assert.equal((await filesOf(m.db, id))[0]?.total.amount, -net.amount);
  }
  const { rows: left } = await m.db.query<Pick<ClearingBatch, 'id'>>(
    "select id from clearing_batches where state <> 'instructed' and due_on <= '2026-12-03'",
  );
  assert.deepEqual(left, []);
}
