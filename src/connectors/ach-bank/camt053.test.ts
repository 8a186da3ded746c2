import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Money, money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { readCamt053 } from './camt053.ts';

const FOLDER = new URL('../../../../shared/data/iso20022/', import.meta.url);
const INDEX = new URL('index.tsv', FOLDER);
const skip = existsSync(INDEX) ? false : 'the ISO 20022 samples are absent';
const rows = skip
  ? []
  : readFileSync(INDEX, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));

/** Valid by schema, but specimens whose balances do not fit their entries. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'genkgo__camt__test__data__camt053.v2.all-balance-types.xml':
    /closing EUR 4.04, but opening and entries give EUR 9.86/,
  'genkgo__camt__test__data__camt053.v2.minimal.ultimate.xml': /balances in two currencies/,
  'genkgo__camt__test__data__camt053.v2.with-party-ids.xml': /balances in two currencies/,
  'genkgo__camt__test__data__camt053.v8.xml': /balances in two currencies/,
  'moov-io__iso20022__test__testdata__statement_1.xml': /OPBD or PRCD is missing/,
  'svapnil__iso20022.js__test__assets__goldman_sachs__camt_053_us_v2_sample.xml': /entry 8: in EUR, statement in USD/,
};

for (const [file = '', message = '', verdict] of rows) {
  if (!message.startsWith('camt.05')) continue;
  test(`${message} ${verdict} ${file.slice(8)}`, { skip }, () => {
    const bytes = readFileSync(new URL(file, FOLDER));
    const refusal = REFUSED[file.slice(8)];
    try {
      const statements = readCamt053(bytes);
      assert.ok(message.startsWith('camt.053'), 'only camt.053 is read');
      assert.equal(refusal, undefined);
      for (const statement of statements) assert.equal(closingOf(statement), statement.closing.amount);
    } catch (error) {
      assert.ok(error instanceof MalformedFile, String(error));
      assert.ok(error.message.length > 10);
      if (message.startsWith('camt.053') && verdict === 'valid') assert.match(error.message, refusal ?? /^never$/);
    }
  });
}

const closingOf = ({ opening, lines }: ReturnType<typeof readCamt053>[number]): bigint =>
  lines.reduce(
    (all, { amount, direction }) => all + (direction === 'credit' ? amount.amount : -amount.amount),
    opening.amount,
  );

const decimal = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
const amt = ({ amount, currency }: Money): string => {
  const size = amount < 0n ? -amount : amount;
  return `<Amt Ccy="${currency}">${decimal(size)}</Amt><CdtDbtInd>${amount < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
};
const usd = (cents: bigint): Money => money(cents, 'USD');
const bal = (code: string, cents: bigint): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amt(usd(cents))}<Dt><Dt>2026-11-24</Dt></Dt></Bal>`;
const ntry = (cents: bigint, details = '', reference = 'B1', status = '<Sts><Cd>BOOK</Cd></Sts>'): string =>
  `<Ntry>${amt(usd(cents))}${status}<BookgDt><Dt>2026-11-24</Dt></BookgDt><ValDt><Dt>2026-11-25</Dt></ValDt>` +
  `<AcctSvcrRef>${reference}</AcctSvcrRef><BkTxCd/>${details}</Ntry>`;

interface Parts {
  readonly entries?: string;
  readonly opening?: bigint;
  readonly closing?: bigint;
  readonly version?: string;
}
const document = ({ entries = '', opening = 0n, closing = 0n, version = '08' }: Parts): Uint8Array =>
  new TextEncoder().encode(
    `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt><Stmt>` +
      `<Id>S1</Id><Acct><Id><Othr><Id>000123456789</Id></Othr></Id></Acct>${bal('OPBD', opening)}${bal('CLBD', closing)}` +
      `${entries}</Stmt></BkToCstmrStmt></Document>`,
  );

test('a payout file’s debit, a return and the acquirer’s credit', () => {
  const batch = '<NtryDtls><Btch><PmtInfId>0000001A</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>';
  const returned =
    '<NtryDtls><TxDtls><Refs><InstrId>PAYOUT1</InstrId><ClrSysRef>021000020000001</ClrSysRef></Refs>' +
    '<RltdPties><Dbtr><Pty><Nm>Ming &amp; Co</Nm></Pty></Dbtr></RltdPties>' +
    '<RtrInf><Rsn><Prtry>R03</Prtry></Rsn><AddtlInf>NO ACCOUNT</AddtlInf></RtrInf></TxDtls></NtryDtls>';
  const funded =
    '<NtryDtls><TxDtls><Refs><EndToEndId>13730215506</EndToEndId></Refs><RltdPties><Dbtr><Nm>JPM SANDBOX ACQUIRER</Nm></Dbtr></RltdPties>' +
    '<RmtInf><Ustrd>SETTLEMENT</Ustrd><Ustrd>00123</Ustrd></RmtInf></TxDtls></NtryDtls>';
  const entries = ntry(-20_003n, batch, 'B1') + ntry(10_001n, returned, 'B2') + ntry(9_786n, funded, 'B3');
  const [statement] = readCamt053(document({ entries, opening: -500n, closing: -716n }));
  const line = { bookedOn: '2026-11-24', valueOn: '2026-11-25' };
  assert.deepEqual(statement, {
    statementId: 'S1',
    account: '000123456789',
    currency: 'USD',
    day: '2026-11-24',
    opening: usd(-500n),
    closing: usd(-716n),
    lines: [
      {
        ...line,
        bankReference: 'B1',
        direction: 'debit',
        amount: usd(20_003n),
        paymentInformationId: '0000001A',
        text: '',
      },
      {
        ...line,
        bankReference: 'B2',
        direction: 'credit',
        amount: usd(10_001n),
        instructionId: 'PAYOUT1',
        clearingReference: '021000020000001',
        returnReason: 'R03',
        counterparty: 'Ming & Co',
        text: 'NO ACCOUNT',
      },
      {
        ...line,
        bankReference: 'B3',
        direction: 'credit',
        amount: usd(9_786n),
        endToEndId: '13730215506',
        counterparty: 'JPM SANDBOX ACQUIRER',
        text: 'SETTLEMENT 00123',
      },
    ],
  });
});

const tx = (cents: bigint, id: string): string =>
  `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>${amt(usd(cents))}</TxDtls>`;

test('several transactions that add up become lines of their own', () => {
  const details = `<NtryDtls>${tx(700n, 'E1')}${tx(400n, 'E2')}${tx(-100n, 'E3')}</NtryDtls>`;
  const [statement] = readCamt053(document({ entries: ntry(1_000n, details), closing: 1_000n }));
  assert.deepEqual(
    statement?.lines.map(({ bankReference, direction, amount, endToEndId }) => [
      bankReference,
      direction,
      amount.amount,
      endToEndId,
    ]),
    [
      ['B1/1', 'credit', 700n, 'E1'],
      ['B1/2', 'credit', 400n, 'E2'],
      ['B1/3', 'debit', 100n, 'E3'],
    ],
  );
});

test('several transactions that do not add up stay one line without their references', () => {
  const details = `<NtryDtls>${tx(700n, 'E1')}${tx(200n, 'E2')}</NtryDtls>`;
  const [statement] = readCamt053(document({ entries: ntry(1_000n, details), closing: 1_000n }));
  assert.deepEqual(
    statement?.lines.map(({ bankReference, amount, endToEndId }) => [bankReference, amount.amount, endToEndId]),
    [['B1', 1_000n, undefined]],
  );
});

test('pending and informational entries are not lines; 001.02 has its status as a plain code', () => {
  const entries =
    ntry(5n, '', 'P', '<Sts>PDNG</Sts>') + ntry(7n, '', 'I', '<Sts>INFO</Sts>') + ntry(9n, '', 'B', '<Sts>BOOK</Sts>');
  const [statement] = readCamt053(document({ entries, closing: 9n, version: '02' }));
  assert.deepEqual(
    statement?.lines.map(({ bankReference }) => bankReference),
    ['B'],
  );
});

const withRef = (cents: bigint, entryReference: string): string =>
  ntry(cents).replace('<Ntry>', `<Ntry><NtryRef>${entryReference}</NtryRef>`);

test('references: the bank’s own, told apart by the entry’s when repeated, else the place in the statement', () => {
  const references = (entries: string, closing: bigint) =>
    readCamt053(document({ entries, closing }))[0]?.lines.map(({ bankReference }) => bankReference);
  const bare = (entry: string): string => entry.replace(/<AcctSvcrRef>.*<\/AcctSvcrRef>/, '');
  assert.deepEqual(references(ntry(1n, '', 'A') + ntry(2n, '', 'B'), 3n), ['A', 'B']);
  assert.deepEqual(references(withRef(1n, 'N1') + withRef(2n, 'N2') + ntry(3n, '', 'B2'), 6n), [
    'B1/N1',
    'B1/N2',
    'B2',
  ]);
  assert.deepEqual(references(withRef(1n, 'N') + withRef(2n, 'N'), 3n), ['S1#1', 'S1#2']);
  assert.deepEqual(references(bare(withRef(1n, 'N1')) + bare(ntry(2n)), 3n), ['N1', 'S1#2']);
});

const plain = new TextDecoder().decode(document({ entries: ntry(100n), closing: 100n }));
const replaced = (what: string | RegExp, by: string): Uint8Array => {
  const text = plain.replace(what, by);
  assert.notEqual(text, plain);
  return new TextEncoder().encode(text);
};
const BAD: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['does not add up', document({ entries: ntry(100n), closing: 101n }), /closing USD 1.01, .* give USD 1.00/],
  [
    'one reference twice',
    document({ entries: ntry(1n) + ntry(2n) + ntry(3n, '', 'S1#1'), closing: 6n }),
    /reference S1#1 twice/,
  ],
  ['another version', document({ version: '06' }), /001.06 is not supported/],
  ['another message', replaced('camt.053', 'camt.054'), /another namespace/],
  [
    'three decimals',
    replaced('1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>', '1.005</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>'),
    /"1.005"/,
  ],
  [
    'a signed amount',
    replaced('>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>', '>-1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>'),
    /"-1.00"/,
  ],
  ['a huge amount', replaced(/>1.00<\/Amt>/g, '>99999999999999999999.00</Amt>'), /not an exact amount/],
  [
    'an entry in another currency',
    replaced('<Ntry><Amt Ccy="USD">', '<Ntry><Amt Ccy="EUR">'),
    /in EUR, statement in USD/,
  ],
  ['no direction', replaced('<CdtDbtInd>CRDT</CdtDbtInd><Sts>', '<Sts>'), /CdtDbtInd is missing/],
  ['no opening', replaced('OPBD', 'OPAV'), /OPBD or PRCD is missing/],
  ['no closing', replaced('CLBD', 'CLAV'), /CLBD is missing/],
  ['no such day', replaced('<BookgDt><Dt>2026-11-24', '<BookgDt><Dt>2026-02-30'), /not a day/],
  ['no account', replaced(/<Acct>.*<\/Acct>/, ''), /Acct\/Id is missing/],
  ['no statement', replaced(/<Stmt>.*<\/Stmt>/, ''), /no BkToCstmrStmt/],
  ['cut in the middle', new TextEncoder().encode(plain.slice(0, 400)), /XML/],
  ['a document type', replaced('<Document', '<!DOCTYPE x [<!ENTITY e "1">]><Document'), /document type/],
  ['Latin-1 bytes', Uint8Array.of(...new TextEncoder().encode(plain), 0xe9), /UTF-8/],
];
for (const [name, bytes, message] of BAD) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => readCamt053(bytes),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  });
}

test('opening + entries = closing, whatever the entries', () => {
  const cents = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
  fc.assert(
    fc.property(cents, fc.array(cents, { maxLength: 20 }), (opening, moves) => {
      const closing = moves.reduce((all, move) => all + move, opening);
      const entries = moves.map((move, index) => ntry(move, '', `B${index}`)).join('');
      const [statement] = readCamt053(document({ entries, opening, closing }));
      assert.equal(statement?.closing.amount, closing);
      assert.equal(statement?.lines.length, moves.length);
      assert.throws(() => readCamt053(document({ entries, opening, closing: closing + 1n })), MalformedFile);
    }),
  );
});

test('any bytes: a statement or a MalformedFile', () => {
  const position = fc.integer({ min: 0, max: plain.length });
  fc.assert(
    fc.property(position, position, fc.string({ maxLength: 5 }), (from, to, inserted) => {
      const text = plain.slice(0, Math.min(from, to)) + inserted + plain.slice(Math.max(from, to));
      try {
        readCamt053(new TextEncoder().encode(text));
      } catch (error) {
        assert.ok(error instanceof MalformedFile, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
