/** The three networks as processes: money that goes in at the acquirer comes out on the bank's statements, to the cent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Instant, MS_PER_DAY, msOf } from '../src/base/clock.ts';
import { type AcquirerClient, acquirerClient } from './acquirer/test-client.ts';
import { type StartedNetwork, startNetwork, startWeek, temporaryFolder } from './base/start-network.ts';
import { dayOfMs } from './base/working-days.ts';

const folder = temporaryFolder();
const BANK_TOKEN = 'bank-secret';
let clock: StartedNetwork;
let bank: StartedNetwork;
let acquirer: StartedNetwork;
let client: AcquirerClient;

const startAcquirer = () => startNetwork('acquirer', folder.path, { CLOCK_URL: clock.url, BANK_URL: bank.url });

before(async () => {
  clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  bank = await startNetwork('bank', folder.path, { CLOCK_URL: clock.url, BANK_TOKEN });
  acquirer = await startAcquirer();
  client = await acquirerClient(acquirer.url);
});

after(async () => {
  await Promise.all([clock, bank, acquirer].map((network) => network?.end('SIGTERM')));
  folder.remove();
});

test('payments, captures and refunds of several days arrive at the bank, and the statements chain', async () => {
  const first = await now();
  for (let round = 0; round < 5; round += 1) {
    const payment = await client.pay(`A${round}`, 12_345 + round);
    await client.capture(`C${round}`, payment.body.transactionId);
    const sale = await client.pay(`S${round}`, 9_999, { captureMethod: 'NOW' });
    assert.equal(sale.body.transactionState, 'CLOSED');
    if (round % 2 === 1) await client.refund(`R${round}`, payment.body.transactionId, 2_000);
    await advance(MS_PER_DAY);
  }
  await advance(4 * MS_PER_DAY);
  const usd = (await admin<AcquirerTotals>(acquirer, 'totals')).currencies[0];
  assert.ok(usd);
  assert.equal(usd.salesCount, '10');
  assert.equal(usd.unsettledNet, '0');
  const paid = usd.batches.reduce((sum, batch) => sum + BigInt(batch.paid), 0n);
  assert.equal(String(paid), usd.settledNet);
  const fees = BigInt(usd.interchange) + BigInt(usd.schemeFees) + BigInt(usd.processingFees);
  assert.equal(BigInt(usd.settledNet), BigInt(usd.sales) - BigInt(usd.refunds) - fees);

  const { lines } = await admin<BankLines>(bank, 'lines');
  const credited = new Map(lines.map((line) => [line.endToEndId, line.amount]));
  for (const batch of usd.batches) assert.equal(credited.get(batch.id), batch.net);
  assert.equal(lines.length, usd.batches.length);

  let closing: string | null = null;
  let statements = 0;
  const until = msOf(await now()) - MS_PER_DAY;
  for (let ms = msOf(first); ms < until; ms += MS_PER_DAY) {
    const xml = await statement(dayOfMs(ms));
    if (xml === null) continue;
    if (closing !== null) assert.equal(balance(xml, 'OPBD'), closing);
    closing = balance(xml, 'CLBD');
    statements += 1;
  }
  assert.ok(statements >= 7, `${statements} statements`);
  assert.equal(closing?.replace('.', ''), (await admin<BankTotals>(bank, 'totals')).accounts[0]?.balance);
});

test('a network killed with SIGKILL knows afterwards what it answered before', async () => {
  const payment = await client.pay('KILL1', 5_000);
  const captured = await client.capture('KILL2', payment.body.transactionId, 3_000);
  await acquirer.end('SIGKILL');
  acquirer = await startAcquirer();
  const old = client;
  client = await acquirerClient(acquirer.url);
  const found = await client.send('GET', '/api/v2/captures?requestIdentifier=KILL2', 'Q1');
  assert.equal(found.status, 200);
  assert.equal(found.body.transactionId, captured.body.transactionId);
  assert.equal(found.body.amount, 3_000);
  const headers = { authorization: `Bearer ${old.token}`, 'merchant-id': '998482157630' };
  const withOldToken = await fetch(`${acquirer.url}/api/v2/payments/${payment.body.transactionId}`, { headers });
  assert.equal(withOldToken.status, 200, 'tokens survive too');
});

test('sixty days with an idle world: the clock stops at each close and each statement, and nowhere for nothing', async () => {
  const { steps } = await advance(60 * MS_PER_DAY);
  assert.ok(steps >= 120, `${steps} steps: each close and each statement is one`);
  assert.ok(steps <= 260, `${steps} steps: a clock that crawls would take hours for a year`);
});

async function advance(byMs: number): Promise<{ steps: number; skipped: string[] }> {
  const response = await fetch(`${clock.url}/advance`, { method: 'POST', body: JSON.stringify({ byMs }) });
  const answer = (await response.json()) as { steps: number; skipped: string[] };
  assert.equal(response.status, 200, JSON.stringify(answer));
  assert.deepEqual(answer.skipped, []);
  return answer;
}

const now = async (): Promise<Instant> => ((await (await fetch(`${clock.url}/now`)).json()) as { now: Instant }).now;

interface AcquirerTotals {
  readonly currencies: readonly {
    readonly salesCount: string;
    readonly sales: string;
    readonly refunds: string;
    readonly interchange: string;
    readonly schemeFees: string;
    readonly processingFees: string;
    readonly settledNet: string;
    readonly unsettledNet: string;
    readonly batches: readonly { readonly id: string; readonly net: string; readonly paid: string }[];
  }[];
}

interface BankLines {
  readonly lines: readonly { readonly endToEndId: string; readonly amount: string }[];
}

interface BankTotals {
  readonly accounts: readonly { readonly balance: string }[];
}

const admin = async <Answer>(network: StartedNetwork, what: string): Promise<Answer> =>
  (await fetch(`${network.url}/_sandbox/${what}`)).json() as Promise<Answer>;

async function statement(day: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${BANK_TOKEN}` };
  const response = await fetch(`${bank.url}/statements?account=000123456789&day=${day}`, { headers });
  return response.status === 200 ? response.text() : null;
}

/** Signed decimal text of a balance. */
function balance(xml: string, code: string): string {
  const match = new RegExp(`<Cd>${code}</Cd>[\\s\\S]*?<Amt[^>]*>([^<]*)</Amt>\\s*<CdtDbtInd>(\\w+)<`).exec(xml);
  assert.ok(match, `${code} in statement`);
  return `${match[2] === 'DBIT' ? '-' : ''}${match[1]}`;
}
