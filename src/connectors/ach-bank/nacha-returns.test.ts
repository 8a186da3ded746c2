import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { parseReturnFile } from './nacha-returns.ts';
import { RETURN_CODES, returnReasonText } from './return-codes.ts';

const FOLDER = new URL('../../../../shared/data/nacha/', import.meta.url);
const skip = existsSync(new URL('return-codes.tsv', FOLDER)) ? false : 'the NACHA vectors are absent';

const CONTROL = { code: '21', amount: '0000010001', reason: 'R03', addendaType: '99', trace: '021000020000001' };

/** A return file as the standard lays it out, written out by hand: one entry, one addenda. */
function returnFile(changes: Partial<typeof CONTROL> = {}, withAddenda = true): Uint8Array {
  const { code, amount, reason, addendaType, trace } = { ...CONTROL, ...changes };
  const debit = Number(code[1]) > 4;
  const total = (side: boolean): string => (side ? amount : '0').padStart(12, '0');
  const count = withAddenda ? 2 : 1;
  const lines = [
    '101 02100002112345678902611240905A094101CAUSEWAY               SANDBOX BANK                   ',
    '5200CAUSEWAY                            1234567890CCDPAYOUT    261122261124   1021000020000001',
    `6${code}121042882744-5678-99      ${amount}PAYOUT1        MING TRADING CO         1121042880000001`,
    ...(withAddenda ? [`7${addendaType}${reason}${trace}      02100002${'NO ACCOUNT'.padEnd(44)}121042880000001`] : []),
    `8200${String(count).padStart(6, '0')}0012104288${total(debit)}${total(!debit)}1234567890${' '.repeat(25)}021000020000001`,
    `9000001000001${String(count).padStart(8, '0')}0012104288${total(debit)}${total(!debit)}${' '.repeat(39)}`,
  ];
  while (lines.length < 10) lines.push('9'.repeat(94));
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

test('a returned credit: trace, reason, amount and our reference', () => {
  assert.deepEqual(parseReturnFile(returnFile()), [
    {
      trace: '021000020000001',
      reason: 'R03',
      reasonText: 'No Account/Unable to Locate Account',
      amount: money(10_001n, 'USD'),
      reference: 'PAYOUT1',
    },
  ]);
});

test('a notification of change carries no money and is no return', () => {
  assert.deepEqual(parseReturnFile(returnFile({ addendaType: '98', amount: '0000000000', reason: 'C01' })), []);
});

test('an unknown reason passes through', () => {
  assert.equal(parseReturnFile(returnFile({ reason: 'R99' }))[0]?.reasonText, 'Return reason R99');
});

test('refused: money that is not a returned credit of ours', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(
      () => parseReturnFile(bytes),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  refused(returnFile({}, false), /line 3: entry without a return addenda/);
  refused(returnFile({ addendaType: '98', reason: 'C01' }), /without a return addenda/);
  refused(returnFile({ code: '26' }), /line 3: transaction code 26/);
  refused(returnFile({ reason: 'X03' }), /line 4: "X03"/);
  refused(returnFile({ reason: 'R68' }), /between banks/);
  refused(returnFile({ trace: '02100002000000 ' }), /line 4: .*trace/);
});

test('a return file from outside', { skip }, () => {
  const bytes = readFileSync(new URL('ach/test__issues__testdata__issue1620_return.ach', FOLDER));
  const text = new TextDecoder().decode(bytes).replace('6220620000199999999999', '6210620000199999999999');
  assert.throws(() => parseReturnFile(bytes), /transaction code 22/);
  assert.deepEqual(parseReturnFile(new TextEncoder().encode(text)), [
    {
      trace: '062000010000001',
      reason: 'R03',
      reasonText: 'No Account/Unable to Locate Account',
      amount: money(1n, 'USD'),
      reference: '',
    },
  ]);
});

test('returns between banks from outside are refused', { skip }, () => {
  for (const name of ['examples__testdata__dishonored-return.ach', 'examples__testdata__contested-return.ach']) {
    assert.throws(() => parseReturnFile(readFileSync(new URL(`ach/${name}`, FOLDER))), MalformedFile);
  }
});

test('the table is the collected one, code by code', { skip }, () => {
  const rows = readFileSync(new URL('return-codes.tsv', FOLDER), 'utf8').trim().split('\n').slice(1);
  assert.equal(Object.keys(RETURN_CODES).length, rows.length);
  for (const row of rows) {
    const [code = '', title] = row.split('\t');
    assert.equal(returnReasonText(code), title);
  }
});
