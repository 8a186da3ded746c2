/** Rates, quotes, deals and the day's end on a real database. Every law holds after each step. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Currency } from '../base/currency.ts';
import { type Id, newId } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must, ok } from '../base/result.ts';
import { part } from '../journal/index.ts';
import { type AccountName, account, balanceOf, checkLedger, event } from '../ledger/index.ts';
import { convertBalance } from '../payouts/index.ts';
import { aSeller, earn } from '../payouts/test-payouts.ts';
import { explainLine } from '../reconciliation/index.ts';
import { matchLines } from '../reconciliation/match.ts';
import {
  closeDay,
  currentRates,
  DAILY_FX_JOB,
  type Deal,
  findDeal,
  fxJobs,
  lockQuote,
  type Quote,
  readPositions,
  strikeDeal,
} from './index.ts';

const MINUTE = 60_000;
const eur = (cents: number | bigint): Money => money(cents, 'EUR');

describe('exchange', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.end());

  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const balance = async (name: AccountName, currency: Currency, owner = ''): Promise<bigint> =>
    (await balanceOf(m.db, account(name, owner), currency)).amount;
  const lock = async (amount: Money, to: Currency): Promise<Quote> => {
    const input = { marketplace: m.marketplace.id, from: amount.currency, to, amount, use: 'conversion' } as const;
    return committed(must(await lockQuote(m.fx, m.key(), input)));
  };
  const convert = async (seller: Id<'sel'>, amount: Money, to: Currency) => {
    const quote = await lock(amount, to);
    const input = { marketplace: m.marketplace.id, seller, quote: quote.id };
    return committed(must(await convertBalance(m.payouts, m.key(), input)));
  };
  /** A statement line that nobody has explained. */
  const booked = async (direction: 'credit' | 'debit', amount: Money, endToEndId: string | null): Promise<Id<'ln'>> => {
    const id = newId('ln');
    const { bank } = m.payouts;
    const said = { bankReference: id, endToEndId, paymentInformationId: null, clearingReference: null, text: 'deal' };
    const row = { id, version: 0, state: 'unexplained', bank, direction, amount, instructionId: null, ...said };
    const type = direction === 'credit' ? 'bank.credited' : 'bank.debited';
    const unit = part({
      events: [event(type, id, { bank, amount })],
      writes: [{ table: 'bank_lines', id, expected: 0, row }],
    });
    must(await m.journal.run(undefined, async () => ok({ value: 0, unit: { at: m.now(), ...unit } })));
    return id;
  };
  const strike = async (reference: string, sold: Money, bought: Money): Promise<Deal> =>
    committed(
      must(await strikeDeal(m.fx, m.key(), { counterparty: 'Bank', reference, sold, bought, settlesOn: '2026-11-25' })),
    );

  test('rates are asked for once a minute, kept as they came, and refused when they are old', async () => {
    const first = must(await currentRates(m.fx, 15 * MINUTE));
    assert.deepEqual([first.source, first.base, first.perBase.EUR, first.asOf], ['fake', 'USD', '0.8', m.now()]);
    const asked = m.rates.asked;
    assert.equal(must(await currentRates(m.fx, 15 * MINUTE)).id, first.id);
    assert.equal(m.rates.asked, asked, 'young enough');
    m.pass(2 * MINUTE);
    m.rates.silent = true;
    assert.equal(must(await currentRates(m.fx, 15 * MINUTE)).id, first.id, 'a silent source is lived with');
    m.pass(14 * MINUTE);
    assert.equal(code(await currentRates(m.fx, 15 * MINUTE)), 'rate_unavailable');
    m.rates.silent = false;
    m.rates.asOf = first.asOf;
    assert.equal(code(await currentRates(m.fx, 15 * MINUTE)), 'rate_unavailable', 'an old moment repeated');
    m.rates.asOf = null;
    const both = await Promise.all([currentRates(m.fx, 15 * MINUTE), currentRates(m.fx, 15 * MINUTE)]);
    assert.equal(must(both[0]).id, must(both[1]).id, 'a moment is kept once, whoever asks');
    assert.equal(code(await currentRates({ ...m.fx, source: null }, MINUTE)), 'done');
    m.pass(2 * MINUTE);
    assert.equal(code(await currentRates({ ...m.fx, source: null }, MINUTE)), 'rate_unavailable', 'no source');
  });

  test('a quote is locked under a key, and moves no money', async () => {
    const input = {
      marketplace: m.marketplace.id,
      from: 'USD',
      to: 'EUR',
      amount: usd(10_000),
      use: 'conversion',
    } as const;
    const key = m.key();
    const quote = committed(must(await lockQuote(m.fx, key, input)));
    assert.deepEqual([quote.given, quote.got, quote.margin], [usd(10_000), eur(7960), eur(40)]);
    assert.deepEqual([quote.policy, quote.markupBps, quote.state], ['conversion@1', 50, 'locked']);
    m.rates.perBase.EUR = '0.9';
    m.pass(2 * MINUTE);
    const again = must(await lockQuote(m.fx, key, input));
    assert.equal(again.kind === 'repeated' && (again.answer as Quote).id, quote.id, 'a repeat gets the first answer');
    m.rates.perBase.EUR = '0.8';
    m.pass(2 * MINUTE);
    assert.equal(await balance('fx_position', 'USD'), 0n);
    const { positions } = await readPositions(m.fx, m.now());
    assert.deepEqual(
      positions.map(({ currency, position, quoted }) => [currency, position.amount, quoted.amount]),
      [
        ['EUR', 0n, -8000n],
        ['USD', 0n, 10_000n],
      ],
      'a memo figure until it is used',
    );
  });

  test('a day with a conversion: the margin comes home, the position is brought to mid, nothing is left over', async () => {
    assert.equal(must(await closeDay(m.fx)), null, 'nothing stands in a foreign currency');
    const seller = await aSeller(m, 'Supplier 501');
    await earn(m, seller, 100_000);
    const { given, got, margin } = await convert(seller.id, usd(10_000), 'EUR');
    assert.deepEqual([given, got, margin], [usd(10_000), eur(7960), eur(40)]);
    assert.deepEqual([await balance('fx_position', 'USD'), await balance('fx_position', 'EUR')], [10_000n, -8000n]);
    assert.deepEqual(
      [await balance('seller', 'USD', seller.id), await balance('seller', 'EUR', seller.id)],
      [90_000n, 7960n],
    );

    const quiet = must(await closeDay(m.fx));
    assert.deepEqual([quiet?.translated, quiet?.gain.amount, quiet?.loss.amount], [1, 0n, 0n], 'it stood at mid');
    assert.deepEqual([await balance('fx_margin', 'EUR'), await balance('fx_margin', 'USD')], [0n, 50n]);
    assert.deepEqual([await balance('fx_position', 'USD'), await balance('fx_position', 'EUR')], [9950n, -7960n]);
    await m.holdLaws();
    assert.equal(must(await closeDay(m.fx)), null, 'begun again, nothing is left to post');

    // The euro gets dearer: what we are short in costs more. 79.60 EUR are 106.13 USD.
    m.rates.perBase.EUR = '0.75';
    m.pass(2 * MINUTE);
    const dear = must(await closeDay(m.fx));
    assert.deepEqual([dear?.gain.amount, dear?.loss.amount], [0n, 663n]);
    assert.deepEqual([await balance('fx_position', 'USD'), await balance('fx_unrealised', 'USD')], [10_613n, -663n]);
    await m.holdLaws();
  });

  test('a deal covers half: half of the loss is realised; its sides are settled by lines that carry its name', async () => {
    const deal = await strike('FX-77', usd(5400), eur(3980));
    assert.deepEqual(
      [await balance('fx_deal', 'USD', deal.id), await balance('fx_deal', 'EUR', deal.id)],
      [-5400n, 3980n],
    );
    assert.deepEqual([await balance('fx_position', 'USD'), await balance('fx_position', 'EUR')], [5213n, -3980n]);
    const half = must(await closeDay(m.fx));
    // 39.80 EUR are 53.07 USD: we paid 54.00, which makes the loss 7.56, and half of the position is covered.
    assert.deepEqual([half?.loss.amount, half?.realisedLoss.amount], [94n, 378n]);
    assert.deepEqual([await balance('fx_unrealised', 'USD'), await balance('fx_realised', 'USD')], [-379n, -378n]);
    await m.holdLaws();

    const wrong = await booked('debit', usd(5401), 'FX-77');
    const right = await booked('debit', usd(5400), 'FX-77');
    assert.equal(await matchLines(m.reconciliation), 1, 'to the cent');
    const say = (line: Id<'ln'>, which?: Id<'fxd'>) =>
      explainLine(m.reconciliation, m.key(), {
        ...{ line, as: 'fx_deal', reason: 'confirmed by phone' },
        ...(which === undefined ? {} : { deal: which }),
      });
    assert.equal(code(await say(wrong)), 'not_found');
    assert.equal(code(await say(wrong, deal.id)), 'illegal_move', 'that side is settled');
    assert.deepEqual(
      [(await findDeal(m.db, deal.id))?.state, (await findDeal(m.db, deal.id))?.paidBy],
      ['part_settled', right],
    );
    assert.equal(code(await say(await booked('credit', eur(3979), null), deal.id)), 'amount_differs');
    const received = committed(must(await say(await booked('credit', eur(3980), null), deal.id)));
    assert.deepEqual([received.state, received.explainedAs, received.subject], ['explained', 'fx_deal', deal.id]);
    assert.equal((await findDeal(m.db, deal.id))?.state, 'settled');
    assert.deepEqual([await balance('fx_deal', 'USD', deal.id), await balance('fx_deal', 'EUR', deal.id)], [0n, 0n]);
    await m.holdLaws();
  });

  test('the rest is covered: nothing is open, so nothing is unrealised', async () => {
    await strike('FX-78', usd(5300), eur(3980));
    const rest = must(await closeDay(m.fx));
    assert.deepEqual([await balance('fx_position', 'EUR'), await balance('fx_position', 'USD')], [0n, 0n]);
    assert.deepEqual(
      [await balance('fx_unrealised', 'USD'), rest?.positions.map(({ currency }) => currency)],
      [0n, ['USD']],
    );
    // −6.63 − 0.94 + 0.07 over the three days.
    assert.equal(await balance('fx_realised', 'USD'), -750n);
    await m.holdLaws();
  });

  test('deals that cannot be: refused, and a reference is taken once', async () => {
    const terms = { counterparty: 'Bank', reference: 'FX-78', sold: usd(1), bought: eur(1), settlesOn: '2026-11-25' };
    assert.equal(code(await strikeDeal(m.fx, m.key(), terms)), 'duplicate_reference');
    assert.equal(code(await strikeDeal(m.fx, m.key(), { ...terms, bought: usd(1) })), 'same_currency');
    assert.equal(code(await strikeDeal(m.fx, m.key(), { ...terms, bought: eur(0) })), 'invalid_amount');
  });

  test('a day that has no rates is closed later; what is missing is named', async () => {
    const seller = await aSeller(m, 'Supplier 502');
    await earn(m, seller, 50_000);
    await convert(seller.id, usd(1000), 'JPY');
    const job = fxJobs(m.fx)[DAILY_FX_JOB];
    delete m.rates.perBase.JPY;
    m.pass(2 * MINUTE);
    const missing = await closeDay(m.fx);
    assert.match(missing.ok ? '' : missing.error.detail, /JPY/);
    const waits = await job?.({} as never);
    assert.deepEqual(waits?.kind === 'again' && waits.afterMs, 15 * MINUTE);
    m.rates.perBase.JPY = '151';
    m.pass(15 * MINUTE);
    const done = await job?.({} as never);
    assert.equal(done?.kind === 'again' && done.reason, 'scheduled');
    await m.holdLaws();
  });

  test('two runs at once post what one would', async () => {
    m.rates.perBase.JPY = '140';
    m.pass(2 * MINUTE);
    const runs = await Promise.all([closeDay(m.fx), closeDay(m.fx), closeDay(m.fx)]);
    assert.equal(runs.filter((run) => must(run) !== null).length, 1);
    m.rates.perBase.JPY = '151';
    m.pass(2 * MINUTE);
    must(await closeDay(m.fx));
    await m.holdLaws();
  });

  test('the laws see a position that is not at mid, and a quote that is not what was converted', async () => {
    const broken = async (): Promise<readonly string[]> =>
      (await checkLedger(m.db)).laws.filter(({ ok: held, alarm }) => !held && !alarm).map(({ law }) => law.slice(0, 9));
    const { default: pg } = await import('pg');
    const owner = new pg.Client({ connectionString: m.ownerUrl });
    await owner.connect();
    const damaged = async (change: string, undo: string): Promise<readonly string[]> => {
      await owner.query(change);
      const found = await broken();
      await owner.query(undo);
      return found;
    };
    try {
      const last = 'where id = (select id from fx_revaluations order by id desc limit 1)';
      const rate = (value: string) =>
        `update fx_rates set data = jsonb_set(data, '{perBase,JPY}', '"${value}"')
          where 'fxr_' || replace(id::text, '-', '') = (select data ->> 'rates' from fx_revaluations ${last})`;
      assert.deepEqual(await damaged(rate('140'), rate('151')), ['revaluati']);
      const got = (by: number) =>
        `update conversions set data = jsonb_set(data, '{got,value}', to_jsonb(((data #>> '{got,value}')::bigint + ${by})::text))`;
      assert.deepEqual(await damaged(got(1), got(-1)), ['sellers: ', 'position:', 'quotes: e']);
      const sold = (by: number) =>
        `update fx_deals set data = jsonb_set(data, '{sold,value}', to_jsonb(((data #>> '{sold,value}')::bigint + ${by})::text))`;
      assert.deepEqual(await damaged(sold(1), sold(-1)), ['position:', 'deals: ea']);
      const gain = (by: number) =>
        `update fx_revaluations set data = jsonb_set(data, '{gain,value}', to_jsonb(((data #>> '{gain,value}')::bigint + ${by})::text)) ${last}`;
      assert.deepEqual(await damaged(gain(1), gain(-1)), ['gains: wh']);
      assert.deepEqual(await broken(), []);
    } finally {
      await owner.end();
    }
  });
});
