import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Day } from '../../base/clock.ts';
import type { UsBankAccount } from '../ports/bank-rail.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { NetworkFault } from '../ports/network-http.ts';
import { createAchBank } from './index.ts';
import { answer, entry, request, SETTINGS, type TestBank, testBank } from './test-bank.ts';

const connect = (bank: TestBank) => createAchBank({ http: bank, settings: SETTINGS });
const offline = connect(testBank([]));
const DAY = '2026-11-24' as Day;
const FILE = { name: '0000001A.ach', bytes: new TextEncoder().encode('x') };

test('a credit file is named by its reference', () => {
  const file = offline.buildCreditFile(request([entry(1)]));
  assert.equal(file.name, '0000001A.ach');
  assert.deepEqual(file.traces, ['021000020000001']);
  assert.equal(new TextDecoder().decode(file.bytes).slice(86, 94), '0000001A');
});

const ACCOUNTS: readonly (readonly [Partial<Record<keyof UsBankAccount, string>>, string])[] = [
  [{}, 'ok'],
  [{ country: 'CA' }, 'unsupported_country'],
  [{ routingNumber: '021000022' }, 'invalid_routing_number'],
  [{ routingNumber: '000000000' }, 'invalid_routing_number'],
  [{ accountNumber: '' }, 'invalid_account_number'],
  [{ accountNumber: '123456789012345678' }, 'invalid_account_number'],
  [{ accountNumber: '12 34' }, 'invalid_account_number'],
  [{ accountNumber: '---' }, 'invalid_account_number'],
  [{ holderName: '深圳市' }, 'invalid_holder_name'],
  [{ holderName: ' ' }, 'invalid_holder_name'],
  [{ holderName: 'Øresund' }, 'ok'],
];
for (const [changes, expected] of ACCOUNTS) {
  test(`account ${JSON.stringify(changes)}: ${expected}`, () => {
    const result = offline.validateAccount({ ...entry(1).account, ...changes } as UsBankAccount);
    assert.equal(result.ok ? 'ok' : result.error.code, expected);
  });
}

test('a file is posted with its name and the bank’s token', async () => {
  const bank = testBank([answer(202, { receipt: 'r-1', name: FILE.name })]);
  assert.deepEqual(await connect(bank).submitFile(FILE), { outcome: 'accepted', receipt: 'r-1' });
  assert.deepEqual(bank.requests, [
    {
      method: 'POST',
      url: 'http://bank.test/files',
      headers: { authorization: 'Bearer bank-token', 'content-type': 'text/plain', 'x-file-name': FILE.name },
      body: FILE.bytes,
      timeoutMs: 777,
      purpose: 'submit_file',
      reference: FILE.name,
    },
  ]);
});

const SUBMIT = [
  [answer(202, { receipt: 'r' }), { outcome: 'accepted', receipt: 'r' }],
  [answer(202, { receipt: 'r', name: 'OTHER.ach' }), { outcome: 'unknown', cause: 'answer_of_another_file' }],
  [answer(202, '{"receipt":'), { outcome: 'unknown', cause: 'malformed_answer' }],
  [answer(202, {}), { outcome: 'unknown', cause: 'malformed_answer' }],
  [
    answer(422, { code: 'entry_hash', message: 'line 5' }),
    { outcome: 'rejected', code: 'entry_hash', message: 'line 5' },
  ],
  [answer(422, '<html>'), { outcome: 'unknown', cause: 'malformed_answer' }],
  [answer(409, { code: 'conflict' }), { outcome: 'unknown', cause: 'file_name_taken' }],
  [answer(401, ''), { outcome: 'unknown', cause: 'http_401' }],
  [answer(503, ''), { outcome: 'unknown', cause: 'http_503' }],
  [new NetworkFault('timeout', 'maybe'), { outcome: 'unknown', cause: 'timeout' }],
  [new NetworkFault('refused', 'no'), { outcome: 'unknown', cause: 'not_reached' }],
] as const;
for (const [reply, expected] of SUBMIT) {
  test(`submit: ${reply instanceof Error ? reply.message : `HTTP ${reply.status}`} is ${expected.outcome}`, async () => {
    assert.deepEqual(await connect(testBank([reply])).submitFile(FILE), expected);
  });
}

const INQUIRY = [
  [answer(200, { name: FILE.name, receipt: 'r', state: 'received' }), { outcome: 'accepted', receipt: 'r' }],
  [
    answer(200, { name: FILE.name, receipt: 'r', state: 'booked', bookedOn: '2026-11-23' }),
    { outcome: 'accepted', receipt: 'r' },
  ],
  [answer(404, { code: 'not_found' }), { outcome: 'not_found' }],
  [answer(404, ''), { outcome: 'not_found' }],
  [answer(404, '<html>nginx</html>'), { outcome: 'unknown', cause: 'http_404' }],
  [answer(500, ''), { outcome: 'unknown', cause: 'http_500' }],
  [new NetworkFault('timeout', 'maybe'), { outcome: 'unknown', cause: 'timeout' }],
] as const;
for (const [reply, expected] of INQUIRY) {
  test(`inquiry: ${reply instanceof Error ? reply.message : `HTTP ${reply.status}`} is ${expected.outcome}`, async () => {
    const bank = testBank([reply]);
    assert.deepEqual(await connect(bank).inquireFile(FILE.name), expected);
    assert.equal(bank.requests[0]?.url, 'http://bank.test/files/0000001A.ach');
  });
}

test('statements and returns: bytes, null before they are issued, a fault for the rest', async () => {
  const bank = testBank([
    answer(200, '<xml/>'),
    answer(404, ''),
    answer(200, '101'),
    answer(404, ''),
    answer(502, ''),
    new NetworkFault('cut', 'maybe'),
  ]);
  const rail = connect(bank);
  assert.equal((await rail.fetchStatement(DAY))?.name, 'camt053_000123456789_2026-11-24.xml');
  assert.equal(await rail.fetchStatement(DAY), null);
  assert.equal((await rail.fetchReturns(DAY))?.name, 'returns_2026-11-24.ach');
  assert.equal(await rail.fetchReturns(DAY), null);
  await assert.rejects(rail.fetchReturns(DAY), NetworkFault);
  await assert.rejects(rail.fetchStatement(DAY), NetworkFault);
  assert.equal(bank.requests[0]?.url, 'http://bank.test/statements?account=000123456789&day=2026-11-24');
  assert.equal(bank.requests[2]?.url, 'http://bank.test/returns?day=2026-11-24');
});

test('bugs are thrown, not called unknown', async () => {
  await assert.rejects(connect(testBank([new TypeError('bug')])).submitFile(FILE), TypeError);
});

test('a statement of another account is refused', () => {
  const bal = (code: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${DAY}</Dt></Dt></Bal>`;
  const statement = (account: string): string =>
    `<Stmt><Id>S</Id><Acct><Id><Othr><Id>${account}</Id></Othr></Id></Acct>${bal('OPBD')}${bal('CLBD')}</Stmt>`;
  const file = (...accounts: readonly string[]): Uint8Array =>
    new TextEncoder().encode(
      `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>${accounts.map(statement).join('')}</BkToCstmrStmt></Document>`,
    );
  assert.equal(offline.parseStatement(file('000123456789')).lines.length, 0);
  assert.throws(() => offline.parseStatement(file('000123456780')), MalformedFile);
  assert.throws(() => offline.parseStatement(file('000123456789', '000123456789')), MalformedFile);
});

test('settings that fit no file are named, all at once', () => {
  const settings = {
    ...SETTINGS,
    odfi8: '123',
    companyName: '公司',
    account: { ...SETTINGS.account, routing: '021000022' },
  };
  assert.throws(() => createAchBank({ http: testBank([]), settings }), /account.routing, odfi8, companyName$/);
});
