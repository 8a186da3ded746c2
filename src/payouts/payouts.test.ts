import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { must } from '../base/result.ts';
import type { BankRail, FileAnswer } from '../connectors/ports/bank-rail.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { payInstalment } from '../payments/index.ts';
import { receiveOrder, releaseOrder, shipOrder } from '../protection/index.ts';
import { nextBankingDay } from './file-payouts.ts';
import { cancelPayout, findPayout, findPayoutFile, initiatePayout, type Payout, payoutJobs } from './index.ts';
import { fund } from './test-payouts.ts';

test('the next banking day skips the weekend', () => {
  const day = (text: string) => nextBankingDay(instant(Date.parse(text)));
  assert.deepEqual(
    ['2026-11-26T10:00:00Z', '2026-11-27T10:00:00Z', '2026-11-28T23:59:00Z', '2026-11-29T00:00:00Z'].map(day),
    ['2026-11-27', '2026-11-30', '2026-11-30', '2026-11-30'],
  );
});

describe('payouts', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });
  const earn = async (cents: number): Promise<void> => {
    const order = await m.order([cents]);
    const at = { marketplace: m.marketplace.id, order: order.id };
    must(await payInstalment(m.payments, m.key(), { ...at, instalment: 1, token: aToken(), capture: 'automatic' }));
    must(await shipOrder(m.orders, undefined, { ...at, carrier: 'x', trackingNumber: 'y' }));
    must(await receiveOrder(m.orders, undefined, { ...at, by: 'buyer' }));
    must(await releaseOrder(m.orders, undefined, { ...at, by: 'deadline' }));
  };
  const available = async () => (await balanceOf(m.db, account('seller', m.seller.id), 'USD')).amount;
  const initiate = (amount: number | null) =>
    initiatePayout(m.payouts, m.key(), {
      marketplace: m.marketplace.id,
      seller: m.seller.id,
      amount: amount === null ? null : usd(amount),
    });
  const reload = async ({ id }: Payout) => (await findPayout(m.db, id)) as Payout;
  const run = async (kind: string, subject: string, attempts = 1, rail: Partial<BankRail> = {}) => {
    await m.db.query(
      "insert into jobs (id, kind, subject, due, payload) select gen_random_uuid(), $1, $2, now(), '{}' where not exists (select 1 from jobs where kind = $1 and subject = $2)",
      [kind, subject],
    );
    const { rows } = await m.db.query<{ id: string; lease: string }>(
      "update jobs set lease = gen_random_uuid() where id = (select id from jobs where kind = $1 and subject = $2 limit 1) returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease",
      [kind, subject],
    );
    return payoutJobs({ ...m.payouts, rail: { ...m.payouts.rail, ...rail } })[kind]?.({
      ...rows[0],
      kind,
      subject,
      payload: {},
      attempts,
    } as never);
  };

  test('a payout leaves the balance at once; the same money cannot leave twice', async () => {
    await earn(10_000);
    assert.equal(await available(), 9700n);
    const results = await Promise.all([initiate(9000), initiate(9000), initiate(9000)]);
    assert.deepEqual(results.map((result) => (result.ok ? 'done' : result.error.code)).sort(), [
      'done',
      'insufficient_balance',
      'insufficient_balance',
    ]);
    const codes = await Promise.all(
      [0, -1].map(async (cents) => {
        const result = await initiate(cents);
        return result.ok ? 'done' : result.error.code;
      }),
    );
    assert.deepEqual(codes, ['invalid_amount', 'invalid_amount']);
    const one = results.find((result) => result.ok);
    const payout = committed(must(one as never)) as Payout;
    must(await cancelPayout(m.payouts, m.key(), { marketplace: m.marketplace.id, payout: payout.id, reason: 'test' }));
    assert.equal(await available(), 9700n);
  });

  test('only settled funds leave: what they do not cover awaits funds, and goes when they come', async () => {
    const payout = committed(must(await initiate(5000)));
    assert.deepEqual(await run('payouts.file', m.payouts.bank), { kind: 'committed' });
    assert.equal((await reload(payout)).state, 'awaiting_funds');
    await fund(m, 5000);
    assert.deepEqual(await run('payouts.file', m.payouts.bank), { kind: 'committed' });
    const filed = await reload(payout);
    assert.deepEqual([filed.state, filed.trace], ['filed', '021000020000001']);
    assert.equal((await balanceOf(m.db, account('payout_file', filed.file as string), 'USD')).amount, 5000n);
  });

  test('a lost receipt is asked for by name; "never arrived" sends the same bytes again; the bank’s no gives the money back', async () => {
    await fund(m, 10_000);
    const payout = committed(must(await initiate(1000)));
    await run('payouts.file', m.payouts.bank);
    const { file } = await reload(payout);
    const sent: string[] = [];
    const says = (answer: FileAnswer, found: 'not_found' | 'unknown' = 'not_found'): Partial<BankRail> => ({
      submitFile: async ({ bytes }) => {
        sent.push(Buffer.from(bytes).toString());
        return answer;
      },
      inquireFile: async () => (found === 'not_found' ? { outcome: 'not_found' } : { outcome: 'unknown', cause: 'x' }),
    });
    const submit = (attempts: number, rail: Partial<BankRail>) =>
      run('payouts.submit_file', file as string, attempts, rail);
    assert.equal((await submit(1, says({ outcome: 'unknown', cause: 'reset' })))?.kind, 'again');
    assert.equal((await findPayoutFile(m.db, file as Id<'pof'>))?.state, 'unknown');
    assert.equal(
      (await submit(2, says({ outcome: 'accepted', receipt: 'R' }, 'unknown')))?.kind,
      'again',
      'not sent while it may be there',
    );
    assert.equal(sent.length, 1);
    const before = await available();
    assert.deepEqual(await submit(3, says({ outcome: 'rejected', code: 'BAD', message: 'no' })), { kind: 'committed' });
    assert.equal(sent.length, 2);
    assert.equal(sent[0], sent[1]);
    assert.deepEqual([(await reload(payout)).state, await available()], ['rejected', before + 1000n]);
  });
});
