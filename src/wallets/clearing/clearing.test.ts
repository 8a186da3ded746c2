/** Days of the hub on a real database: what is cleared, what is in the files, what is settled and booked. All laws hold after each. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import type { Currency } from '../../base/currency.ts';
import { newId } from '../../base/ids.ts';
import { type Money, money } from '../../base/money.ts';
import { must, ok } from '../../base/result.ts';
import { part } from '../../journal/index.ts';
import { type AccountName, account, balanceOf, event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import { findPayment, isByWallet, type Operation, operationsOf } from '../../payments/index.ts';
import { listBreaks } from '../../reconciliation/index.ts';
import { matchLines } from '../../reconciliation/match.ts';
import {
  batchesOf,
  type ClearingBatch,
  type ClearingCycle,
  filesIn,
  filesOf,
  findHubSettlement,
  listHubSettlements,
  pairsOf,
  readFile,
  type SettlementView,
} from './index.ts';
import { findCycleOf } from './store.ts';
import { createHub, east8, type Hub } from './test-hub.ts';
import { cancelOwn, payOwn, refundOwn } from './test-own-orders.ts';

const NEWEST = 'f'.repeat(32);

describe('clearing', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: Hub;
  let [wallet, acquirer, both] = [] as unknown as [Participant, Participant, Participant];
  before(async () => {
    m = await createModules();
    hub = createHub(m);
    m.rates.perBase = { ...m.rates.perBase, MYR: '4', SGD: '1.25' };
    wallet = await hub.party({ name: 'TNG', wallet: { currency: 'MYR', fees: { interchangeBps: 0, serviceBps: 10 } } });
    acquirer = await hub.party({
      name: 'ACQ',
      acquirer: { currencies: ['JPY'], fees: { interchangeBps: 100, serviceBps: 20 } },
    });
    both = await hub.party({
      name: 'BOTH',
      wallet: { currency: 'JPY', fees: { interchangeBps: 0, serviceBps: 10 } },
      acquirer: { currencies: ['JPY'], fees: { interchangeBps: 50, serviceBps: 30 } },
    });
  });
  after(() => m?.end());

  const balance = async (name: AccountName, owner: string, currency: Currency): Promise<bigint> =>
    (await balanceOf(m.db, account(name, owner), currency)).amount;
  const cycleOf = async (day: string): Promise<ClearingCycle> => (await findCycleOf(m.db, day)) as ClearingCycle;
  const batchOf = async (day: string, party: Participant, role: string): Promise<ClearingBatch> =>
    (await batchesOf(m.db, (await cycleOf(day)).id)).find(
      (batch) => batch.participant === party.id && batch.role === role,
    ) as ClearingBatch;
  const settlementsOf = (participantId: string): Promise<readonly SettlementView[]> =>
    listHubSettlements(m.db, { state: null, participantId, before: NEWEST, limit: 50 });
  const textOf = async (batch: ClearingBatch, kind: string): Promise<string> => {
    const file = (await filesOf(m.db, batch.id)).find(({ name }) => name.startsWith(kind));
    const found = await readFile(m.db, `clearing/${batch.participantId}/${file?.day}/${file?.name}`);
    return (found as { bytes: Buffer }).bytes.toString('utf8');
  };
  const booked = async (direction: 'credit' | 'debit', amount: Money, endToEndId: string): Promise<void> => {
    const id = newId('ln');
    const { bank } = m.payouts;
    const said = { bankReference: id, endToEndId, paymentInformationId: null, clearingReference: null, text: 'hub' };
    const row = { id, version: 0, state: 'unexplained', bank, direction, amount, instructionId: null, ...said };
    const type = direction === 'credit' ? 'bank.credited' : 'bank.debited';
    const unit = part({
      events: [event(type, id, { bank, amount })],
      writes: [{ table: 'bank_lines', id, expected: 0, row }],
    });
    must(await m.journal.run(undefined, async () => ok({ value: 0, unit: { at: m.now(), ...unit } })));
  };

  test('a day: payments and a refund are cleared with fees at the cycle’s rate, what is canceled or being canceled is not', async () => {
    hub.until(east8('2026-11-24', '10:00'));
    const first = await hub.pay(wallet, acquirer, {
      payTo: 30_000n,
      settlement: 10_000n,
      margin: 100n,
      at: east8('2026-11-24', '09:00'),
    });
    await hub.pay(wallet, acquirer, { payTo: 3000n, settlement: 1001n, at: east8('2026-11-24', '09:30') });
    await hub.refund(first, east8('2026-11-24', '09:45'), { of: 1n, parts: 2n });
    const gone = await hub.pay(wallet, acquirer, { payTo: 700n, settlement: 7000n, at: east8('2026-11-24', '09:50') });
    await hub.cancel(gone, true);
    const going = await hub.pay(wallet, acquirer, { payTo: 700n, settlement: 7000n, at: east8('2026-11-24', '09:55') });
    const asked = await hub.cancel(going, false);
    await hub.pay(wallet, acquirer, { payTo: 1n, settlement: 1n, at: east8('2026-11-25', '00:00') });
    hub.until(east8('2026-11-25', '07:59'));
    await hub.run();
    assert.equal(await findCycleOf(m.db, '2026-11-24'), null, 'not before eight');
    hub.until(east8('2026-11-25', '08:00'));
    await hub.run({ itemsAPage: 1, linesAFile: 2 });
    const cycle = await cycleOf('2026-11-24');
    assert.deepEqual([cycle.state, cycle.payments, cycle.refunds], ['closed', 2, 1]);

    // 1 % of 11001 is 110, of the 5000 that went back 50; a yen is 4/150 ringgit: 2.93 and 1.33.
    const [pair] = await pairsOf(m.db, cycle.id);
    assert.deepEqual(
      [pair?.interchange, pair?.interchangePaid, pair?.interchangeReturned, pair?.interchangeBack].map(
        (each) => each?.amount,
      ),
      [110n, 293n, 50n, 133n],
    );
    assert.deepEqual([pair?.rate, pair?.acquirerFee.amount, pair?.walletFee.amount], ['0.02666666667', 22n, 33n]);
    const [owes, gets] = [
      await batchOf('2026-11-24', wallet, 'wallet'),
      await batchOf('2026-11-24', acquirer, 'acquirer'),
    ];
    assert.deepEqual([owes.fees.amount, owes.net.amount], [127n, 17_873n]);
    assert.deepEqual([gets.fees.amount, gets.net.amount], [82n, 5919n]);
    assert.equal(await balance('receivable', owes.owner, 'MYR'), 17_873n + 700n + 1n, 'and what is not cleared');
    assert.equal(await balance('acquirer', gets.owner, 'JPY'), 5919n + 7000n + 1n);
    await m.holdLaws();
    await hub.cancel(asked, true);
    await m.holdLaws();
  });

  test('files: in parts, in the order of time, from the side of whom they are for, safe to open', async () => {
    const owes = await batchOf('2026-11-24', wallet, 'wallet');
    const names = (await filesOf(m.db, owes.id)).map(({ name }) => name);
    assert.deepEqual(names, [
      'fees_PTNG_MYR_20261124W_AGTNG_000.csv',
      'summary_PTNG_MYR_20261124W_AGTNG_000.csv',
      'transactionItems_PTNG_MYR_20261124W_AGTNG_000.csv',
      'transactionItems_PTNG_MYR_20261124W_AGTNG_001.csv',
    ]);
    const lines = (await textOf(owes, 'transactionItems')).split('\r\n');
    assert.deepEqual(lines.slice(0, 3), ['totalCount,netTotalAmountValue,netTotalAmountCurrency', '2,33000,MYR', '']);
    assert.match(
      lines[4] as string,
      /^PAYMENT,hpy_\w+,,[0-9A-F]{15},,2026-11-24T09:00:00\+08:00,PACQ,M-1,"'=Shop, ""one""",5812,/,
    );
    assert.match(lines[4] as string, /,10000,JPY,30000,MYR$/);
    assert.match(lines[5] as string, /T09:30:00\+08:00/);
    const theirs = (await textOf(await batchOf('2026-11-24', acquirer, 'acquirer'), 'summary')).split('\r\n');
    assert.deepEqual(theirs.slice(1, 7), [
      ...['3,5919,JPY', '', 'itemType,itemCount,amountValue,amountCurrency'],
      ...['PAYMENT,2,11001,JPY', 'REFUND,1,-5000,JPY', 'FEE,1,-82,JPY'],
    ]);
    const fees = (await textOf(owes, 'fees')).split('\r\n');
    assert.equal(fees[4], 'INTERCHANGE,PACQ,11001,JPY,100,0.02666666667,293,MYR');
    const folder = await filesIn(m.db, 'clearing/PBOTH/20261125');
    assert.equal(folder.length, 12, 'two roles on two days on which nothing happened');
    assert.ok(folder.every(({ total }) => total.amount === 0n));
    assert.equal(await readFile(m.db, 'clearing/PBOTH/20261125/nothing.csv'), null);
  });

  test('an outcome that is learned after its day was closed is in the next cycle, and in no other', async () => {
    await hub.pay(wallet, acquirer, { payTo: 500n, settlement: 500n, at: east8('2026-11-24', '23:59') });
    hub.until(east8('2026-11-26', '08:00'));
    await Promise.all([hub.run(), hub.run()]);
    await hub.run();
    assert.equal((await batchOf('2026-11-24', wallet, 'wallet')).payments, 2);
    const next = await batchOf('2026-11-25', wallet, 'wallet');
    assert.deepEqual([next.payments, next.paid.amount, (await cycleOf('2026-11-25')).state], [2, 501n, 'closed']);
    await m.holdLaws();
  });

  test('settlement: two working days later, over a weekend in one, netted over both roles, closed by its bank line', async () => {
    hub.until(east8('2026-11-27', '08:00'));
    await hub.pay(both, acquirer, { payTo: 2000n, settlement: 2000n, at: east8('2026-11-27', '07:00') });
    await hub.pay(wallet, both, { payTo: 90n, settlement: 3000n, at: east8('2026-11-28', '07:00') });
    await hub.run();
    const [next, tng] = (await settlementsOf('PTNG')) as [SettlementView, SettlementView];
    assert.deepEqual(
      [tng.state, tng.net.amount, tng.dueOn],
      ['reported', 17_873n, '2026-11-26'],
      'Tuesday and two days',
    );
    assert.deepEqual([next.net.amount, next.dueOn], [489n, '2026-11-27']);
    assert.equal(await balance('settlement', tng.id, 'MYR'), 17_873n);
    await booked('credit', money(17_873n, 'JPY'), tng.reference);
    assert.equal(await matchLines(m.reconciliation), 0, 'another currency');
    await booked('credit', money(17_000n, 'MYR'), tng.reference);
    assert.equal(await matchLines(m.reconciliation), 1);
    const short = (await listBreaks(m.db, 'open', NEWEST, 10)).find(({ kind }) => kind === 'settlement_short');
    assert.deepEqual([short?.subject, short?.amount?.amount], [tng.id, 873n], 'settle first, resolve after');
    await booked('credit', money(873n, 'MYR'), tng.reference);
    await matchLines(m.reconciliation);
    assert.equal((await findHubSettlement(m.db, tng.id))?.state, 'matched');
    assert.equal(await balance('settlement', tng.id, 'MYR'), 0n);

    for (const day of ['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02']) {
      hub.until(east8(day, '08:00'));
      await hub.run();
    }
    // Friday to Sunday are all due on Tuesday: the wallet's side owes 2000 and its fee of 2 less 20 of interchange.
    const due = (await settlementsOf('PBOTH')).find(({ dueOn }) => dueOn === '2026-12-01') as SettlementView;
    const [owes, gets] = [await batchOf('2026-11-27', both, 'wallet'), await batchOf('2026-11-28', both, 'acquirer')];
    assert.deepEqual([owes.net.amount, gets.net.amount, due.net.amount], [1982n, 2976n, 1982n - 2976n]);
    await booked('debit', money(994n, 'JPY'), due.reference);
    await matchLines(m.reconciliation);
    assert.equal((await findHubSettlement(m.db, due.id))?.state, 'matched');
    const file = (await filesOf(m.db, due.id))[0];
    assert.equal(file?.name, `settlement_PBOTH_JPY_${due.reference}_AGBOTH_000.csv`);
    const text = (await readFile(m.db, `settlement/PBOTH/${file?.day}/${file?.name}`))?.bytes.toString('utf8');
    assert.match(text as string, /\r\n6,994,JPY\r\n/, 'it gets 994');
    const empty = (await settlementsOf('PBOTH')).find(({ dueOn }) => dueOn === '2026-11-26');
    assert.equal(empty?.state, 'matched', 'what comes to nothing waits for no bank');
    await m.holdLaws();
  });

  test('a cycle waits for a rate, and goes on when there is one', async () => {
    const odd = await hub.party({
      name: 'KZT',
      wallet: { currency: 'KZT', fees: { interchangeBps: 0, serviceBps: 0 } },
    });
    await hub.pay(odd, acquirer, { payTo: 100n, settlement: 100n, at: east8('2026-12-02', '20:00') });
    hub.until(east8('2026-12-03', '08:00'));
    await hub.run();
    assert.equal((await cycleOf('2026-12-02')).state, 'collecting');
    m.rates.perBase.KZT = '500';
    m.pass(20 * 60_000);
    await hub.run();
    const cycle = await cycleOf('2026-12-02');
    assert.deepEqual([cycle.state, cycle.payments], ['closed', 1]);
    assert.match(cycle.rates as string, /^fxr_/);
    await m.holdLaws();
  });

  test('orders of our own marketplaces are cleared with their wallet alone, at its service fee; a void without an answer is not', async () => {
    m.rates.perBase.MYR = '4';
    hub.until(east8('2026-12-03', '12:00'));
    const paid = await payOwn(m, wallet, 10_000);
    const refund = await refundOwn(m, paid, 2500);
    await cancelOwn(m, await payOwn(m, wallet, 5000));
    const unheard = await payOwn(m, wallet, 6000);
    await cancelOwn(m, unheard, true);
    hub.until(east8('2026-12-04', '08:00'));
    await hub.run();
    const { id } = await cycleOf('2026-12-03');
    const [pair] = (await pairsOf(m.db, id)).filter((each) => each.wallet === wallet.wallet?.account);
    assert.ok(isByWallet(paid));
    const { payTo } = paid.wallet;
    const back = payTo.amount / 4n;
    assert.deepEqual([pair?.acquirer, pair?.paid, pair?.paidBack.amount], [null, payTo, back]);
    // A tenth of a percent of what was paid; the refund leaves it.
    assert.deepEqual([pair?.walletFee.amount, pair?.interchange.amount], [(payTo.amount + 500n) / 1000n, 0n]);
    const batch = await batchOf('2026-12-03', wallet, 'wallet');
    assert.deepEqual([batch.payments, batch.refunds], [1, 1]);
    assert.equal(batch.net.amount, payTo.amount - back + (payTo.amount + 500n) / 1000n);
    const [first, second] = (await textOf(batch, 'transactionItems')).trimEnd().split('\r\n').slice(4);
    const { reference } = (await operationsOf(m.db, paid.id)).find(({ kind }) => kind === 'sale') as Operation;
    const order = paid.order.slice(4, 26).toUpperCase();
    const shop = `CAUSEWAY,${m.seller.id},${m.seller.name},${m.seller.categoryCode},${order}`;
    assert.match(
      first as string,
      new RegExp(`^PAYMENT,${paid.id},,${reference},,[^,]*,${shop},10000,USD,${payTo.amount},MYR$`),
    );
    assert.match(
      second as string,
      new RegExp(`^REFUND,${refund.id},${paid.id},[A-Z0-9]{15},${reference},[^,]*,${shop},-2500,USD,-${back},MYR$`),
    );
    assert.match(await textOf(batch, 'fees'), /\r\nSERVICE_FEE,CAUSEWAY,[^\r]*\r\n$/);
    assert.equal((await findPayment(m.db, unheard.id))?.state, 'captured', 'the wallet has not answered');
    await m.holdLaws();
  });
});
