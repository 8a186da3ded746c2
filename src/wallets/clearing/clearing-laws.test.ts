/** Every law of clearing finds what breaks it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { checkLedger } from '../../ledger/index.ts';
import { createHub, east8 } from './test-hub.ts';
import { payOwn, refundOwn } from './test-own-orders.ts';

const more = (table: string, path: string, where = 'true'): string =>
  `update ${table} set data = jsonb_set(data, '${path}', to_jsonb(((data #>> '${path}')::bigint + 1)::text)) where ${where}`;
const IN_BATCH = "data ->> 'role' = 'wallet' and data ->> 'payments' = '3'";

/** One change by the owner of the database, who alone can, and the laws that must see it. */
const DAMAGES: readonly (readonly [damage: string, sql: string, broken: readonly RegExp[]])[] = [
  [
    'an item is cleared with more',
    "update clearing_items set pay_amount = pay_amount + 1 where kind = 'refund'",
    [/^clearing: what is in a cycle/, /^clearing: fees and batches/],
  ],
  [
    'an item is lost',
    "delete from clearing_items where kind = 'payment'",
    [/^clearing: fees and batches/, /^clearing: nothing that was paid/],
  ],
  [
    'what is cleared was canceled',
    "update hub_payments set state = 'canceled' where id = (select item from clearing_items where kind = 'payment' and acquirer is not null order by item limit 1)",
    [/^clearing: what is in a cycle/, /^hub: each wallet owes/, /^hub: each acquirer is owed/],
  ],
  [
    'a fee is another',
    more('clearing_pairs', '{interchange,value}', "data ->> 'acquirer' is not null"),
    [/^clearing: fees and batches/, /^hub: each acquirer is owed/, /^position/],
  ],
  [
    'a wallet’s fee is another',
    more('clearing_pairs', '{walletFee,value}'),
    [/^clearing: fees and batches/, /^hub: each wallet owes/],
  ],
  [
    'a batch comes to more',
    more('clearing_batches', '{net,value}', IN_BATCH),
    [/^clearing: detail less fees/, /^settlement: each one of the hub/, /^hub: each wallet owes/],
  ],
  [
    'an order of our own is cleared with less',
    "update clearing_items set pay_amount = pay_amount - 1 where acquirer is null and kind = 'payment'",
    [/^clearing: what is in a cycle of our own/, /^clearing: fees and batches/],
  ],
  [
    'a refund of our own is cleared with less',
    "update clearing_items set pay_amount = pay_amount + 1 where acquirer is null and kind = 'refund'",
    [/^clearing: what is in a cycle of our own/, /^clearing: fees and batches/],
  ],
  [
    'an order of our own was taken back after all',
    "update payments set state = 'canceled' where id = (select item from clearing_items where acquirer is null and kind = 'payment' limit 1)",
    [/^clearing: what is in a cycle of our own/],
  ],
  [
    'orders of our own are lost',
    'delete from clearing_items where acquirer is null',
    [/^clearing: fees and batches/, /^clearing: nothing that was paid/],
  ],
  [
    'a file says more',
    more('clearing_files', '{total,value}', "data ->> 'area' = 'clearing'"),
    [/^clearing: detail less fees/],
  ],
  ['a settlement is of more', more('settlements', '{net,value}'), [/^settlement: each one of the hub/]],
];

describe('laws of clearing', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
    const hub = createHub(m);
    m.rates.perBase = { ...m.rates.perBase, MYR: '4' };
    const fees = { interchangeBps: 100, serviceBps: 50 };
    const wallet = await hub.party({ name: 'TNG', wallet: { currency: 'MYR', fees } });
    const acquirer = await hub.party({ name: 'ACQ', acquirer: { currencies: ['JPY'], fees } });
    for (const time of ['10:00', '11:00']) {
      const paid = await hub.pay(wallet, acquirer, { payTo: 9000n, settlement: 3000n, at: east8('2026-11-24', time) });
      if (time === '10:00') await hub.refund(paid, east8('2026-11-24', '10:30'), { of: 1n, parts: 3n });
    }
    hub.until(east8('2026-11-24', '12:00'));
    await refundOwn(m, await payOwn(m, wallet, 5000), 1200);
    for (const day of ['2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28']) {
      hub.until(east8(day, '08:00'));
      await hub.run();
    }
    await m.holdLaws();
  });
  after(() => m?.close());

  for (const [damage, sql, expected] of DAMAGES)
    test(damage, async () => {
      const owner = new pg.Client({ connectionString: m.ownerUrl });
      await owner.connect();
      const kept = [
        'clearing_items',
        'clearing_pairs',
        'clearing_batches',
        'clearing_files',
        'settlements',
        'hub_payments',
        'payments',
      ];
      try {
        for (const table of kept) await owner.query(`create table kept_${table} as table ${table}`);
        await owner.query(sql);
        const { laws } = await checkLedger(m.db);
        const broken = laws.filter(({ ok }) => !ok).map(({ law }) => law);
        for (const law of expected)
          assert.ok(
            broken.some((each) => law.test(each)),
            `${law} holds; broken: ${broken}`,
          );
      } finally {
        for (const table of kept) await restore(owner, table);
        await owner.end();
      }
      await m.holdLaws();
    });
});

/** As it was, but for the columns that the database makes itself. */
async function restore(owner: pg.Client, table: string): Promise<void> {
  const { rows } = await owner.query<{ columns: string }>(
    `select string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
      where table_name = $1 and table_schema = 'public' and is_generated = 'NEVER'`,
    [table],
  );
  const columns = rows[0]?.columns as string;
  await owner.query(`delete from ${table}`);
  await owner.query(`insert into ${table} (${columns}) select ${columns} from kept_${table}`);
  await owner.query(`drop table kept_${table}`);
}
