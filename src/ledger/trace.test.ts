/** A trace takes short cuts by checkpoints; it must not differ from one that reads every account from its beginning. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { event } from './events.ts';
import { createTestLedger, MARKETPLACE, NETWORK, ORDERS, seeded, type TestLedger, usd } from './test-ledger.ts';
import { trace } from './trace.ts';

describe('trace', { skip: NO_DATABASE }, () => {
  const random = seeded(47);
  let ledger: TestLedger;
  before(async () => {
    ledger = await createTestLedger();
    await ledger.grow(random, 700);
  });
  after(() => ledger?.close());

  test('with many checkpoints, and with none: the same steps', async () => {
    const { rows } = await ledger.db.query<{ id: string }>(
      `select prefix || '_' || replace(subject::text, '-', '') as id from journal_events e join transfers using (journal_id, seq)
        where leg = 0 order by seq`,
    );
    const subjects = Array.from({ length: 40 }, () => random.pick(rows).id);
    await ledger.asOwner('delete from account_checkpoints');
    const plain = await Promise.all(subjects.map((id) => trace(ledger.db, id)));
    await ledger.addCheckpoints(random, 400);
    const short = await Promise.all(subjects.map((id) => trace(ledger.db, id)));
    assert.deepEqual(short, plain);
    assert.ok(plain.flat().length > subjects.length * 2, 'the way goes on from where it starts');
    const directions = new Set(plain.flat().map(({ direction }) => direction));
    assert.deepEqual([...directions].sort(), ['back', 'forward', 'start']);
  });

  test('legs of one event take what the account had one after the other', async () => {
    const order = newId('ord');
    const at = instant(Date.UTC(2030, 0, 1));
    const paid = () => event('payment.captured', newId('pay'), { network: NETWORK, order, captured: usd(100) });
    const [first, second, release] = [paid(), paid(), newId('req')];
    await ledger.commit(at, [first, second]);
    const parts = { seller: newId('sel'), marketplace: MARKETPLACE, net: usd(120), fee: usd(50) };
    await ledger.commit(at, [event('order.released', release, { order, ...parts, by: 'deadline' })]);
    const steps = (await trace(ledger.db, release)).filter(
      ({ direction, depth }) => direction === 'back' && depth === 1,
    );
    assert.deepEqual(
      steps.map(({ subject, portion }) => [subject, portion.amount]),
      [
        [first.subject, 100n],
        [second.subject, 20n],
        [second.subject, 50n],
      ],
    );
  });

  test('what one transfer became sums to the transfer', async () => {
    const { rows } = await ledger.db.query<{ id: string }>(
      `select 'pay_' || replace(subject::text, '-', '') as id from journal_events where type = 'payment.captured' order by seq limit 20`,
    );
    let whole = 0;
    for (const { id } of rows) {
      const steps = await trace(ledger.db, id);
      const [start] = steps;
      const next = steps.filter(({ depth, direction }) => depth === 1 && direction === 'forward');
      const sum = next.reduce((total, { portion }) => total + portion.amount, 0n);
      assert.ok(start !== undefined && sum <= start.amount.amount, `${sum} of ${start?.amount.amount}`);
      if (sum === start.amount.amount) whole += 1;
    }
    assert.ok(whole > 0, `orders ${ORDERS.length}: the oldest captures are released in full`);
  });
});
