/** The bank with a clock, as processes: files, bookings, returns, transfers, statements. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Instant, instant, MS_PER_DAY, msOf } from '../../src/base/clock.ts';
import { type StartedNetwork, startNetwork, startWeek, temporaryFolder } from '../base/start-network.ts';
import { addWorkingDays, dayOfMs, nextWorking, timeOfDay } from '../base/working-days.ts';
import { creditFile } from './test-file.ts';

const folder = temporaryFolder();
const ACCOUNT = '000123456789';
const TOKEN = 'bank-secret';
const XSD = new URL('../../../shared/data/iso20022/xsd/camt.053.001.08.xsd', import.meta.url);
let clock: StartedNetwork;
let bank: StartedNetwork;

const startBank = () => startNetwork('bank', folder.path, { CLOCK_URL: clock.url, BANK_TOKEN: TOKEN });

before(async () => {
  clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  bank = await startBank();
});

after(async () => {
  await Promise.all([clock, bank].map((network) => network?.end('SIGTERM')));
  folder.remove();
});

const FILE = creditFile([
  { account: '11110001', cents: 12_500, id: 'PO1' },
  { account: '990003', cents: 7_501, id: 'PO2' },
  { account: '990002', cents: 300, id: 'PO3', code: '32' },
]);

test('a file is taken once per name, booked at the next working 14:00Z, and its returns come two working days later', async () => {
  const sent = await send('PAYOUT-1.ach', FILE);
  assert.equal(sent.status, 202);
  assert.deepEqual(await send('PAYOUT-1.ach', FILE), sent, 'same name, same bytes: same receipt');
  assert.equal((await send('PAYOUT-1.ach', creditFile([{ account: '1', cents: 1, id: 'X' }]))).status, 409);
  const invalid = await send('BAD.ach', FILE.replace('0000012500', '0000012501'));
  assert.deepEqual([invalid.status, invalid.body.code], [422, 'totals']);
  assert.equal((await get('/files/BAD.ach')).status, 404);

  const start = msOf(await now());
  const bookedMs = nextWorking(start, timeOfDay(14));
  const returnedMs = addWorkingDays(bookedMs, 2, timeOfDay(14));
  await advanceTo(bookedMs);
  const booked = await (await get('/files/PAYOUT-1.ach')).json();
  assert.deepEqual(booked, {
    name: 'PAYOUT-1.ach',
    receipt: sent.body.receipt,
    state: 'booked',
    bookedOn: dayOfMs(bookedMs),
  });
  assert.equal((await get(`/returns?day=${dayOfMs(bookedMs)}`)).status, 404);
  await advanceTo(returnedMs + timeOfDay(10));

  const statement = await (await get(`/statements?account=${ACCOUNT}&day=${dayOfMs(bookedMs)}`)).text();
  assert.match(statement, /<PmtInfId>FILE0001<\/PmtInfId>\s*<NbOfTxs>3<\/NbOfTxs>/);
  assert.match(statement, /<Amt Ccy="USD">203.01<\/Amt>\s*<CdtDbtInd>DBIT/);
  const returns = await (await get(`/returns?day=${dayOfMs(returnedMs)}`)).text();
  checkReturnFile(returns);
  const later = await (await get(`/statements?account=${ACCOUNT}&day=${dayOfMs(returnedMs)}`)).text();
  assert.match(later, /<InstrId>PO2<\/InstrId>\s*<ClrSysRef>021000020000002<\/ClrSysRef>/);
  assert.match(later, /<Prtry>R03<\/Prtry>\s*<\/Rsn>\s*<AddtlInf>NO ACCOUNT/);
  const { accounts, returns: count } = (await (await get('/_sandbox/totals')).json()) as {
    accounts: { balance: string }[];
    returns: number;
  };
  assert.deepEqual([accounts[0]?.balance, count], ['-12500', 2]);
});

/** Positions by the rules, read independently of the code that writes them. */
function checkReturnFile(text: string): void {
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.every((line) => line.length === 94) && lines.length % 10 === 0);
  const entries = lines.filter((line) => line.startsWith('6'));
  const addenda = lines.filter((line) => line.startsWith('7'));
  assert.deepEqual(
    entries.map((line) => [line.slice(1, 3), line.slice(29, 39), line.slice(39, 54).trim()]),
    [
      ['21', '0000007501', 'PO2'],
      ['31', '0000000300', 'PO3'],
    ],
  );
  assert.deepEqual(
    addenda.map((line) => [line.slice(1, 3), line.slice(3, 6), line.slice(6, 21), line.slice(27, 35)]),
    [
      ['99', 'R03', '021000020000002', '02100002'],
      ['99', 'R02', '021000020000003', '02100002'],
    ],
  );
  for (const [index, line] of entries.entries()) assert.equal(line.slice(79), addenda[index]?.slice(79));
  const control = lines.find((line) => /^9(?!9{93})/.test(line)) ?? '';
  assert.equal(control.slice(13, 21), '00000004');
  assert.equal(control.slice(21, 31), '0004200004');
  assert.equal(control.slice(43, 55), '000000007801');
}

test('a transfer is booked once per end-to-end id; other facts under the same id are refused', async () => {
  const transfer = {
    account: ACCOUNT,
    amount: '5000',
    currency: 'USD',
    endToEndId: '13700000001',
    debtorName: 'ACQUIRER',
    text: 'x',
  };
  assert.equal((await post('/_interbank/credits', transfer)).status, 201);
  assert.equal((await post('/_interbank/credits', transfer)).status, 200);
  assert.equal((await post('/_interbank/credits', { ...transfer, amount: '5001' })).status, 409);
  assert.equal((await post('/_interbank/debits', transfer)).status, 409);
  assert.equal((await post('/_interbank/credits', { ...transfer, account: '1' })).status, 422);
  const { lines } = (await (await get('/_sandbox/lines')).json()) as { lines: { endToEndId: string | null }[] };
  assert.equal(lines.filter((line) => line.endToEndId === '13700000001').length, 1);
});

test('another currency is an account of its own with statements of its own', async () => {
  await post('/_sandbox/deposits', deposit('EUR', 'D1', `A & B <Ltd>\u0000`));
  const day = dayOfMs(msOf(await now()));
  await advanceTo(msOf(await now()) + MS_PER_DAY);
  const response = await get(`/statements?account=${ACCOUNT}&currency=EUR&day=${day}`);
  const text = await response.text();
  assert.match(text, /<Nm>A &amp; B &lt;Ltd&gt;<\/Nm>/);
  assert.match(response.headers.get('content-disposition') ?? '', /camt053_000123456789_EUR_/);
});

test('after downtime the missing days are issued in order, and a kill loses nothing', async () => {
  await post('/_sandbox/deposits', deposit('USD', 'D2', 'BUYER'));
  await bank.end('SIGKILL');
  const start = msOf(await now());
  // The clock would wait ten seconds for the dead bank: its registration goes, and comes back with the restart.
  await fetch(`${clock.url}/participants/bank`, { method: 'DELETE' });
  await advanceTo(start + 5 * MS_PER_DAY);
  bank = await startBank();
  await advanceTo(msOf(await now()) + 1_000);
  const days = [1, 2, 3, 4].map((offset) => dayOfMs(start + offset * MS_PER_DAY));
  const statements = await Promise.all(
    days.map(async (day) => (await get(`/statements?account=${ACCOUNT}&day=${day}`)).text()),
  );
  const balances = statements.flatMap((xml) =>
    [...xml.matchAll(/<Cd>(?:OPBD|CLBD)<[\s\S]*?<Amt[^>]*>([^<]+)</g)].map((match) => match[1]),
  );
  assert.equal(balances.length, 8);
  assert.equal(
    new Set(balances.slice(1)).size,
    1,
    `closing of a day is the opening of the next: ${balances.join(' ')}`,
  );
});

test('an ordered fault on a file acts as its kind says', async () => {
  const file = creditFile([{ account: '11110001', cents: 100, id: 'PO9' }], { reference: 'FILE0009' });
  await post('/_sandbox/faults', { kind: 'drop_after', operation: 'files', count: 1 });
  await assert.rejects(send('LOST.ach', file));
  assert.equal((await get('/files/LOST.ach')).status, 200);
  await post('/_sandbox/faults', { kind: 'drop_before', operation: 'files', count: 1 });
  await assert.rejects(send('NEVER.ach', file));
  assert.equal((await get('/files/NEVER.ach')).status, 404);
  assert.equal((await fetch(`${bank.url}/files/LOST.ach`)).status, 401, 'no token, no file');
});

const noXsd = existsSync(XSD) ? false : 'camt.053.001.08.xsd is not here';
test('every statement is valid camt.053.001.08', { skip: noXsd }, async () => {
  const { validateXML } = await import('xmllint-wasm');
  const xml: { fileName: string; contents: string }[] = [];
  const end = msOf(await now());
  for (let ms = end - 20 * MS_PER_DAY; ms < end; ms += MS_PER_DAY) {
    for (const currency of ['USD', 'EUR']) {
      const response = await get(`/statements?account=${ACCOUNT}&currency=${currency}&day=${dayOfMs(ms)}`);
      if (response.status === 200)
        xml.push({ fileName: `${dayOfMs(ms)}-${currency}.xml`, contents: await response.text() });
    }
  }
  assert.ok(xml.length >= 8, `${xml.length} statements`);
  const result = await validateXML({ xml, schema: readFileSync(XSD, 'utf8') });
  assert.deepEqual(result.errors, []);
  assert.equal(result.valid, true);
  const first = xml[0]?.contents ?? '';
  const wrong = await validateXML({ xml: first.replace('<CdtDbtInd>', '<Wrong>'), schema: readFileSync(XSD, 'utf8') });
  assert.equal(wrong.valid, false, 'the validator itself can say no');
});

const deposit = (currency: string, endToEndId: string, debtorName: string) => ({
  account: ACCOUNT,
  amount: '2500',
  currency,
  endToEndId,
  debtorName,
  text: 'A deposit',
});

const authorization = { authorization: `Bearer ${TOKEN}` };
const get = (path: string): Promise<Response> => fetch(`${bank.url}${path}`, { headers: authorization });
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${bank.url}${path}`, { method: 'POST', body: JSON.stringify(body) });

async function send(name: string, body: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { ...authorization, 'x-file-name': name };
  const response = await fetch(`${bank.url}/files`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const now = async (): Promise<Instant> => ((await (await fetch(`${clock.url}/now`)).json()) as { now: Instant }).now;

async function advanceTo(ms: number): Promise<void> {
  const response = await fetch(`${clock.url}/advance`, { method: 'POST', body: JSON.stringify({ to: instant(ms) }) });
  assert.equal(response.status, 200, await response.text());
}
