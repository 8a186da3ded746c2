/** Two days' reports at once, as after late files: what the other one has kept and not booked yet is no difference. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import { present } from '../base/assert.ts';
import type { Day } from '../base/clock.ts';
import { closeSettledBreaks } from '../reconciliation/breaks.ts';
import { bookReport } from './book-movements.ts';
import type { DisputeDeps } from './deps.ts';
import { keepMovements } from './store.ts';
import { type Scene, scene } from './test-disputes.ts';

describe('two reports', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(async () => m?.close());

  /** The modules, with something that happens right after each commit. */
  const afterwards = (meanwhile: () => Promise<void>): DisputeDeps => ({
    ...m.disputes,
    journal: {
      ...m.journal,
      run: async (command, decide) => {
        const outcome = await m.journal.run(command, decide);
        if (outcome.ok) await meanwhile();
        return outcome;
      },
    },
  });

  test('the lines of a report that is being booked by another job open no break', async () => {
    const { payments } = await s.paidOrder(5000);
    const payment = present(payments[0]?.networkPaymentId, 'a charge');
    const claim = m.cardDisputes.raise({ payment, amount: usd(5000) });
    await s.observe(claim);
    const first = m.cardDisputes.report();
    const credit = { dispute: claim, networkPaymentId: payment, kind: 'credit', cents: '5000' };
    const second = Buffer.from(JSON.stringify([credit]));
    const [monday, tuesday] = ['2027-03-01', '2027-03-02'] as [Day, Day];
    const { network } = m.disputes;
    const kept = () => keepMovements(m.db, { network, day: tuesday }, m.disputes.reports.parseDisputeMovements(second));
    await bookReport(afterwards(kept), monday, first);
    const breaks = await m.db.query('select 1 from breaks');
    assert.equal(breaks.rowCount, 0, 'no break');
    await bookReport(m.disputes, tuesday, second);
    const row = await s.observe(claim);
    assert.deepEqual([row.debited.amount, row.credited.amount, row.fees.amount], [5000n, 5000n, 1500n]);
  });

  test('a credit that comes late, after the dispute is lost, is open until the next report brings the debit that ended it', async () => {
    const { payments } = await s.paidOrder(6000);
    const payment = present(payments[0]?.networkPaymentId, 'a charge');
    const claim = m.cardDisputes.raise({ payment, amount: usd(6000) });
    await s.observe(claim);
    await bookReport(m.disputes, '2027-03-03' as Day, m.cardDisputes.report());
    m.cardDisputes.advance(claim, 'lost');
    const lost = await s.observe(claim);
    assert.deepEqual([lost.state, lost.debited.amount], ['lost', 6000n]);
    const line = (kind: string) =>
      Buffer.from(JSON.stringify([{ dispute: claim, networkPaymentId: payment, kind, cents: '6000' }]));
    const open = async () => (await m.db.query("select 1 from breaks where state = 'open'")).rowCount;
    m.cardDisputes.report();
    await bookReport(m.disputes, '2027-03-04' as Day, line('credit'));
    await closeSettledBreaks(m.reconciliation);
    assert.equal(await open(), 1, 'nothing says yet that it was taken back');
    await bookReport(m.disputes, '2027-03-05' as Day, line('debit'));
    await closeSettledBreaks(m.reconciliation);
    assert.equal(await open(), 0);
    const row = await s.observe(claim);
    assert.deepEqual([row.debited.amount, row.credited.amount], [12_000n, 6000n]);
    await m.holdLaws();
  });
});
