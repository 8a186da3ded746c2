import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { must } from '../base/result.ts';
import { type Queryable, transaction } from '../db/pool.ts';
import { operationsOf, paidUnder, payInstalment, refundPayment } from './index.ts';

describe('the network’s ids', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m.end());

  test('a payment is found by its own id and by those of its refunds, of its network only', async () => {
    const { id: order } = await m.order([900]);
    const { marketplace } = m;
    const asked = { marketplace: marketplace.id, order, instalment: 1, token: aToken(), capture: 'automatic' } as const;
    const payment = committed(must(await payInstalment(m.payments, m.key(), asked)));
    const target = { marketplace: marketplace.id, payment: payment.id, amount: usd(400), reason: 'cold' };
    must(await refundPayment(m.payments, m.key(), target));
    const ids = (await operationsOf(m.db, payment.id)).map(({ networkId }) => networkId as string);
    assert.equal(new Set([payment.networkPaymentId, ...ids]).size, 2);
    const found = await paidUnder(m.db, payment.network, [...ids, 'nobody’s']);
    assert.deepEqual([...found.keys()].sort(), [...ids].sort());
    for (const each of found.values()) assert.deepEqual(each, { payment: payment.id, order });
    assert.equal((await paidUnder(m.db, newId('net'), ids)).size, 0);
  });

  test('found by index: neither table is read as a whole', async () => {
    const plans: string[] = [];
    await transaction(m.db, async (db) => {
      await db.query('set local enable_seqscan = off');
      const explained: Queryable = {
        query: async <Row extends object>(text: string, values?: unknown[]) => {
          const { rows } = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return { rows: [] as Row[], rowCount: 0 };
        },
      };
      await paidUnder(explained, newId('net'), ['N1']);
    });
    for (const index of ['operations_by_network_id', 'payments_by_renewed_network_id'])
      assert.ok(plans[0]?.includes(index) && !plans[0].includes('Seq Scan'), plans[0]);
  });
});
