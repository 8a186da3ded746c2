/** Every law of the hub finds what breaks it, and nothing else does. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import { type Money, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { checkLedger } from '../ledger/index.ts';
import type { Participant } from '../parties/index.ts';
import { cancelHubPayment } from './cancel-payment.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import { refundHubPayment } from './refund-payment.ts';
import { takePayment } from './take-payment.ts';
import { aWish, type PayingHub, payingHub, SILENT } from './test-wallets.ts';

const set = (table: string, where: string, path: string, by: number): string =>
  `update ${table} set data = jsonb_set(data, '${path}', to_jsonb(((data #>> '${path}')::bigint + ${by})::text)) where ${where}`;
/** The payment that nothing was refunded of. */
const WHOLE = "data ->> 'orderReference' = 'whole'";
const BACK = "data ->> 'orderReference' = 'back'";

/** One change by the owner of the database, who alone can, and the laws that must see it. */
const DAMAGES: readonly (readonly [damage: string, sql: string, broken: readonly RegExp[]])[] = [
  [
    'a wallet owes more than was posted',
    set('hub_payments', WHOLE, '{price,payTo,value}', 1),
    [/^hub: each wallet owes/, /^position/, /^hub: each quote/],
  ],
  [
    'an acquirer is owed more than was posted',
    set('hub_payments', WHOLE, '{price,settlement,value}', 1),
    [/^hub: each acquirer is owed/, /^hub: what the acquirer gets/],
  ],
  ['the margin is another', set('hub_payments', WHOLE, '{price,margin,value}', 1), [/^position/, /^hub: each quote/]],
  [
    'a payment says more was refunded',
    set('hub_payments', WHOLE, '{refunded,value}', 1),
    [/^hub: refunds never exceed/],
  ],
  [
    'a refund brought back another amount',
    set('hub_refunds', "state = 'refunded'", '{payBack,value}', 1),
    [/^hub: each wallet owes/, /^position/, /^hub: once all of a payment/],
  ],
  [
    'a quote was somebody else’s',
    `update fx_quotes set data = jsonb_set(data, '{usedBy}', '"hpy_0"') where data ->> 'usedBy' like 'hpy%'`,
    [/^hub: each quote/],
  ],
  [
    'a refund of a payment that was never paid',
    `update hub_payments set state = 'failed', data = jsonb_set(data, '{paidAt}', 'null') where ${BACK}`,
    [
      /^hub: each wallet owes/,
      /^hub: each acquirer is owed/,
      /^position/,
      /^hub: refunds never exceed/,
      /^hub: each quote/,
    ],
  ],
];

describe('laws of the hub', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let acquirer: Participant;
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
    hub = payingHub(m);
    const take = async (orderReference: string) =>
      must(await takePayment(hub.deps, aWish(acquirer, { orderReference })));
    await take('whole');
    const back = await take('back');
    must(await refundHubPayment(hub.deps, { payment: back, requestId: 'r1', amount: yen(10_000), reason: 'all' }));
    must(await cancelHubPayment(hub.deps, { payment: (await take('canceled')).id, by: 'acquirer' }));
    hub.wallet.pays.push(SILENT);
    await take('silent');
  });
  after(() => m?.end());

  const yen = (amount: number): Money => money(amount, 'JPY');
  const broken = async (): Promise<readonly string[]> =>
    (await checkLedger(m.db)).laws.filter(({ ok, alarm }) => !ok && !alarm).map(({ law }) => law);

  const stayingOpen = async (): Promise<readonly string[]> =>
    (await checkLedger(m.db)).laws
      .filter(({ law }) => law.startsWith('clearing: nothing stays open'))
      .flatMap(({ findings }) => findings)
      .map((finding) => JSON.parse(finding) as { what: string; id: string })
      .map(({ what, id }) => `${what} ${id}`)
      .sort();

  test('paid, refunded, canceled and silent payments break none', async () => assert.deepEqual(await broken(), []));

  test('a cancel and a refund that a wallet does not take are alarms after their days, not before', async () => {
    const [kept, owed] = [
      must(await takePayment(hub.deps, aWish(acquirer))),
      must(await takePayment(hub.deps, aWish(acquirer))),
    ];
    hub.wallet.cancels.push({ outcome: 'refused', code: 'CANCEL_WINDOW_EXCEED', message: 'too late' });
    hub.wallet.refunds.push(SILENT);
    assert.equal(must(await cancelHubPayment(hub.deps, { payment: kept.id, by: 'acquirer' })).state, 'canceling');
    const refund = must(
      await refundHubPayment(hub.deps, { payment: owed, requestId: 'r2', amount: yen(10_000), reason: 'all' }),
    );
    assert.deepEqual(await stayingOpen(), []);
    m.pass(8 * MS_PER_DAY);
    await takePayment(hub.deps, aWish(acquirer)); // the laws know the time of the last commit
    assert.deepEqual(await stayingOpen(), [`hub cancel ${kept.id}`, `hub refund ${refund.id}`]);
    assert.deepEqual(await broken(), []);
  });

  for (const [damage, sql, expected] of DAMAGES)
    test(`${damage}: found`, async () => {
      const owner = new pg.Client({ connectionString: m.ownerUrl });
      await owner.connect();
      const table = /^update (\w+)/.exec(sql)?.[1] as string;
      const kept = (await owner.query(`select id, state, data::text from ${table}`)).rows;
      try {
        await owner.query(sql);
        const laws = await broken();
        assert.equal(laws.length, expected.length, laws.join('; '));
        for (const law of expected)
          assert.ok(
            laws.some((each) => law.test(each)),
            `${law} among ${laws.join('; ')}`,
          );
      } finally {
        for (const { id, state, data } of kept)
          await owner.query(`update ${table} set state = $2, data = $3::jsonb where id = $1`, [id, state, data]);
        await owner.end();
      }
    });
});
