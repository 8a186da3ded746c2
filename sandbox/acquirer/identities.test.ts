/**
 * A seeded day of several hundred operations with disputes, its four files read back by their columns, and the four
 * identities of the reconciliation guide held between files, book and bank: net, gross, and converted.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Currency, exponentOf } from '../../src/base/currency.ts';
import { type SeededRandom, seededRandom } from '../../src/base/random.ts';
import type { AcquirerSettings } from './acquirer.ts';
import { convert, isConverted, RATE_SCALE, rateOf } from './exchange-rates.ts';
import { DAYS, startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { card } from './test-client.ts';

const running: TestAcquirer[] = [];
after(() => Promise.all(running.map((sandbox) => sandbox.close())));

type Line = Readonly<Record<string, string>>;

interface Files {
  readonly day: string;
  readonly settlement: readonly Line[];
  readonly fees: readonly Line[];
  readonly deposits: readonly Line[];
  readonly disputes: readonly Line[];
}

async function read(sandbox: TestAcquirer, kind: string, day: string): Promise<readonly Line[]> {
  const text = await sandbox.report(kind, day);
  assert.equal(typeof text, 'string', `${kind} of ${day}`);
  const [first, second, header, ...rows] = String(text).trimEnd().split('\r\n');
  const columns = header?.split(',') ?? [];
  assert.equal(first?.split(',').length, columns.length);
  assert.match(second ?? '', /ReportTypeName=/);
  return rows.map((row) => {
    const cells = row.split(',');
    assert.equal(cells.length, columns.length, row);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

async function readDay(sandbox: TestAcquirer, day: string): Promise<Files> {
  const [settlement, fees, deposits, disputes] = await Promise.all(
    ['settlement-details', 'fee-details', 'deposit-details', 'dispute-details'].map((kind) => read(sandbox, kind, day)),
  );
  assert.ok(settlement && fees && deposits && disputes);
  return { day, settlement, fees, deposits, disputes };
}

/** Minor units of a column, summed over the lines that fit. Independent of the code that writes. */
function sum(lines: readonly Line[], column: string, currencyColumn: string): bigint {
  return lines.reduce((total, line) => {
    const exponent = exponentOf(line[currencyColumn] as Currency);
    const [whole = '', fraction = ''] = (line[column] ?? '').split('.');
    assert.equal(fraction.length, exponent, `${line[column]} in ${line[currencyColumn]}`);
    return total + BigInt(whole + fraction);
  }, 0n);
}

/** Several hundred operations of every kind, some of them disputed; a few minutes of one business day. */
async function trade(sandbox: TestAcquirer, random: SeededRandom, currencies: readonly Currency[]): Promise<void> {
  const { client } = sandbox;
  const sold: { id: unknown; amount: number }[] = [];
  for (let index = 0; index < 160; index += 1) {
    const [reference, amount] = [`O${index}`, random.integer(50, 90_000)];
    const paymentMethodType = { card: card('4111111111111111') };
    const changes = { currency: random.pick(currencies), paymentMethodType };
    if (random.chance(0.5)) {
      const { body } = await client.pay(reference, amount, { ...changes, captureMethod: 'NOW' });
      if (body.responseStatus === 'SUCCESS') sold.push({ id: body.transactionId, amount });
      continue;
    }
    const { body } = await client.pay(reference, amount, changes);
    const taken = random.integer(1, amount);
    await client.capture(`${reference}C`, body.transactionId, taken);
    sold.push({ id: body.transactionId, amount: taken });
  }
  for (const [index, { id, amount }] of sold.entries()) {
    if (random.chance(0.25)) await client.refund(`R${index}`, id, random.integer(1, amount));
    if (random.chance(0.2)) await dispute(sandbox, random, { id, amount: random.integer(1, amount) });
  }
}

async function dispute(sandbox: TestAcquirer, random: SeededRandom, { id, amount }: { id: unknown; amount: number }) {
  const asked = { transactionId: id, reasonCode: random.pick(['10.4', '13.1', '13.3']), amount };
  const { body } = await sandbox.admin('POST', 'disputes', asked);
  const path = `/commerce/v1/disputes/${String(body.disputeId)}`;
  if (random.chance(0.5)) return;
  const supportingDocuments = [{ documentName: 'a.txt', documentContent: 'YQ==' }];
  await sandbox.client.send('POST', `${path}/challenge`, `E${String(body.disputeId).slice(0, 30)}`, {
    last4CardNumber: '1111',
    supportingDocuments,
  });
  const to = random.pick(['WON', 'LOST', 'PRE_ARBITRATION']);
  assert.equal((await sandbox.admin('POST', `disputes/${String(body.disputeId)}/advance`, { to })).status, 200);
}

/** The identities of every fund transfer of the day; which transfers there are. */
function holdIdentities({ settlement, fees, deposits, disputes }: Files): Map<string, bigint> {
  const transfers = new Map<string, bigint>();
  for (const id of new Set(deposits.map((line) => line['Fund Transfer Identifier'] ?? ''))) {
    const own = deposits.filter((line) => line['Fund Transfer Identifier'] === id);
    const of = (type: string, ...categories: readonly string[]): bigint =>
      sum(
        own.filter((line) => line['Record Type'] === type && categories.includes(line['Charge Category'] ?? '')),
        'Amount',
        'Currency Code',
      );
    const others = ['IA', 'PFEE', 'CHBK', 'CFEE'];
    assert.equal(of('DETAIL', 'SALE', 'REF'), of('SUMMARY', 'SALE', 'REF'), 'identity 1');
    const mine = (lines: readonly Line[]): readonly Line[] =>
      lines.filter((line) => line['Fund Transfer Identifier'] === id);
    assert.equal(sum(mine(settlement), 'Settlement Amount', 'Settlement Currency Code'), of('SUMMARY', 'SALE', 'REF'));
    for (const category of others)
      assert.equal(of('DETAIL', category), of('SUMMARY', category), `identity 2 ${category}`);
    assert.equal(sum(mine(fees), 'Settled Total Fee Amount', 'Settlement Currency Code'), of('SUMMARY', 'IA', 'PFEE'));
    const moved = (...kinds: readonly string[]): bigint =>
      sum(
        mine(disputes).filter((line) => kinds.includes(line.Movement ?? '')),
        'Amount',
        'Currency Code',
      );
    assert.equal(moved('CREDIT') - moved('DEBIT'), of('SUMMARY', 'CHBK'));
    assert.equal(-moved('FEE'), of('SUMMARY', 'CFEE'));
    const activity = of('SUMMARY', 'SALE', 'REF') + of('SUMMARY', ...others);
    const transfer = of('TRANSFER', 'PENDING', 'EFFECTIVE');
    assert.equal(transfer, activity, 'identities 3 and 4');
    assert.equal(own.filter((line) => line['Record Type'] === 'TRANSFER').length, 1);
    transfers.set(id, transfer);
  }
  for (const line of [...settlement, ...fees, ...disputes]) {
    assert.ok(transfers.has(line['Fund Transfer Identifier'] ?? ''), 'no line without its transfer');
  }
  return transfers;
}

/** What the bank was told of each transfer is what the deposit file says. */
function holdBank(sandbox: TestAcquirer, transfers: ReadonlyMap<string, bigint>): void {
  const told = new Map(
    sandbox.told
      .filter(({ path }) => path.startsWith('/_interbank'))
      .map(({ path, body }) => [
        String(body.endToEndId),
        path.endsWith('credits') ? BigInt(String(body.amount)) : -BigInt(String(body.amount)),
      ]),
  );
  for (const [id, amount] of transfers) assert.equal(told.get(id) ?? 0n, amount, `transfer ${id}`);
}

const SEEDS = [1, 20_260_105];
const CURRENCIES: readonly Currency[] = ['USD', 'USD', 'USD', 'EUR', 'JPY', 'KWD'];

async function tradedDay(seed: number, changes: Partial<AcquirerSettings> = {}, account: object = {}) {
  const sandbox = await startAcquirer(changes);
  running.push(sandbox);
  await sandbox.admin('POST', 'account', { provisionalCredit: true, ...account });
  const day = sandbox.today();
  await trade(sandbox, seededRandom(seed), CURRENCIES);
  await sandbox.advance(14 * 3_600_000);
  return { sandbox, day };
}

for (const seed of SEEDS) {
  test(`net-funded, seed ${seed}: one transfer for each currency, fees and disputes taken off it`, async () => {
    const { sandbox, day } = await tradedDay(seed);
    const files = await readDay(sandbox, day);
    assert.ok(files.settlement.length > 180, `${files.settlement.length} operations`);
    assert.ok(files.disputes.length > 40, `${files.disputes.length} movements`);
    const transfers = holdIdentities(files);
    assert.equal(transfers.size, 4);
    assert.ok(files.deposits.some((line) => line['Charge Category'] === 'PENDING'));
    await sandbox.advance(2 * DAYS);
    holdBank(sandbox, transfers);
    const later = await read(sandbox, 'deposit-details', day);
    assert.ok(
      later.every((line) => line['Charge Category'] !== 'PENDING'),
      'the bank has taken them',
    );
    const empty = await readDay(sandbox, new Date(Date.parse(day) + DAYS).toISOString().slice(0, 10));
    assert.deepEqual([empty.settlement, empty.fees, empty.deposits, empty.disputes], [[], [], [], []]);
    await holdTotals(sandbox);
  });

  test(`gross-funded, seed ${seed}: fees are a transfer of their own, on the third of the next month`, async () => {
    const { sandbox, day } = await tradedDay(seed, {}, { funding: 'gross' });
    const files = await readDay(sandbox, day);
    const transfers = holdIdentities(files);
    assert.equal(transfers.size, 8);
    const ofFees = new Set(files.fees.map((line) => line['Fund Transfer Identifier'] ?? ''));
    assert.ok(files.settlement.every((line) => !ofFees.has(line['Fund Transfer Identifier'] ?? '')));
    assert.equal(files.fees[0]?.['Funds Transfer Effective Timestamp'], '2026-02-03T14:00:00.000Z');
    await sandbox.advance(25 * DAYS);
    const told = () => new Set(sandbox.told.map(({ body }) => String(body.endToEndId)));
    assert.ok(
      [...ofFees].every((id) => !told().has(id)),
      'not in January',
    );
    await sandbox.advance(10 * DAYS);
    holdBank(sandbox, transfers);
    await holdTotals(sandbox);
  });

  test(`converted, seed ${seed}: everything in one currency, each line at the rate of its day`, async () => {
    const { sandbox, day } = await tradedDay(seed, { settlementCurrency: 'EUR' });
    const files = await readDay(sandbox, day);
    const transfers = holdIdentities(files);
    assert.equal(transfers.size, 1);
    assert.ok(files.deposits.every((line) => line['Currency Code'] === 'EUR'));
    for (const line of files.settlement) {
      const own = line['Presentment Currency Code'] as Currency;
      const [presented, settled] = ['Presentment Amount', 'Settlement Amount'].map((name) => Number(line[name]));
      const rate = Number(rateOf(own, 'EUR', day as Parameters<typeof rateOf>[2])) / Number(RATE_SCALE);
      assert.ok(
        Math.abs((presented ?? 0) * rate - (settled ?? 0)) <= 0.0051,
        JSON.stringify([own, presented, settled]),
      );
    }
    await sandbox.advance(2 * DAYS);
    holdBank(sandbox, transfers);
  });
}

/** The acquirer's own book: what is settled is sales less refunds, fees and what disputes took. */
async function holdTotals(sandbox: TestAcquirer): Promise<void> {
  const { currencies } = (await sandbox.admin('GET', 'totals')).body as { currencies: Record<string, string>[] };
  for (const line of currencies) {
    const of = (name: string): bigint => BigInt(line[name] ?? '0');
    const fees = of('interchange') + of('schemeFees') + of('processingFees') + of('disputeFees');
    const due = of('sales') - of('refunds') - fees + of('disputeCredits') - of('disputeDebits');
    assert.equal(of('settledNet') + of('unsettledNet') + of('unsettledDisputes'), due, line.currency);
  }
}

test('rates are whole numbers that a day fixes; converting keeps exponents', () => {
  const day = '2026-01-05' as Parameters<typeof rateOf>[2];
  assert.equal(rateOf('USD', 'USD', day), RATE_SCALE);
  assert.equal(rateOf('EUR', 'USD', day), rateOf('EUR', 'USD', day));
  const moved = Number(rateOf('EUR', 'USD', day)) / 108_420_000;
  assert.ok(Math.abs(moved - 1) <= 0.000_51, String(moved));
  // 1,000 yen at 0.006 dollars are 6.00 dollars; 1.000 dinar at 3 are 3.00.
  assert.deepEqual(convert({ amount: 1_000n, currency: 'JPY' }, 600_000n, 'USD'), { amount: 600n, currency: 'USD' });
  assert.deepEqual(convert({ amount: 1_000n, currency: 'KWD' }, 300_000_000n, 'USD'), {
    amount: 300n,
    currency: 'USD',
  });
  assert.equal(isConverted('AFN', 'USD'), false);
  assert.equal(isConverted('AFN', undefined), true);
  assert.equal(isConverted('AFN', 'AFN'), true);
});

test('a payment in a currency without a rate is refused where everything is converted', async () => {
  const sandbox = await startAcquirer({ settlementCurrency: 'USD' });
  running.push(sandbox);
  const { status, body } = await sandbox.client.pay('AFN1', 1_000, { currency: 'AFN' });
  assert.equal(status, 400);
  assert.deepEqual(
    (body.validationErrors as { entity: string }[]).map(({ entity }) => entity),
    ['currency'],
  );
  const few = await sandbox.client.pay('VND1', 10, { currency: 'VND', captureMethod: 'NOW' });
  assert.equal(few.status, 200);
  const day = sandbox.today();
  await sandbox.advance(DAYS);
  const [line] = await read(sandbox, 'settlement-details', day);
  assert.deepEqual([line?.['Settlement Amount'], line?.['Presentment Amount']], ['0.01', '10']);
});
