/** Codes against the samples of the standards and, where they are there, the outside collection of codes. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CURRENCIES, type Currency } from '../../base/currency.ts';
import { money } from '../../base/money.ts';
import { must } from '../../base/result.ts';
import { applicationOf, type BerObject, readConsumerCode } from './consumer-code.ts';
import { crcOf } from './crc.ts';
import { readGeneralPayload, writeGeneralPayload } from './general-payload.ts';
import { jpqrAccount, jpqrDeviations } from './jpqr.ts';
import { type MerchantCode, readMerchantCode } from './merchant-code.ts';
import { readPaymentCode, writePaymentCode } from './payment-code.ts';
import { type NewMerchantCode, writeMerchantCode } from './write-merchant-code.ts';

/** EMV QRCPS-MPM v1.1, annex: the sample with Chinese text and objects out of order. */
const SAMPLE =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A';
const OUTSIDE = join(import.meta.dirname, '../../../../shared/data/emvco-qr');
const NO_OUTSIDE = existsSync(OUTSIDE) ? false : 'the outside collection of codes is not here';

const rows = <Row>(file: string): readonly Row[] =>
  readFileSync(join(OUTSIDE, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const refusalOf = (text: string): string => {
  const read = readMerchantCode(text);
  return read.ok ? 'read' : read.error.code;
};

const TOKYO: NewMerchantCode = {
  dynamic: true,
  accounts: [jpqrAccount({ numbers: ['1234567890123', '0001', '000002', '000003'] })],
  categoryCode: '5812',
  currency: 'JPY',
  amount: money(3980n, 'JPY'),
  country: 'JP',
  name: 'SUSHI ASAKUSA',
  city: 'TOKYO',
  additional: { '05': 'R7K2M0', '07': 'T1' },
  local: { language: 'ja', name: '浅草すし', city: '東京' },
};

describe('merchant-presented codes', () => {
  test('the sample of the standard, with what it says', () => {
    const code = must(readMerchantCode(SAMPLE));
    assert.deepEqual(
      [code.dynamic, code.currency, code.amount, code.country, code.name, code.city],
      [true, 'CNY', money(2372n, 'CNY'), 'CN', 'BEST TRANSPORT', 'BEIJING'],
    );
    assert.deepEqual(code.local, { language: 'ZH', name: '最佳运输', city: '北京' });
    assert.deepEqual(
      code.accounts.map(({ id, guid }) => [id, guid]),
      [
        ['29', 'D15600000000'],
        ['31', 'D15600000001'],
        ['91', 'A011223344998877'],
      ],
    );
    assert.deepEqual(code.additional, { '03': '1234', '06': '***', '07': 'A6008667', '09': 'ME' });
    assert.deepEqual(code.deviations, []);
  });

  test('refused with why: cut, checksum missing, wrong or in lower case', () => {
    for (let length = 0; length < [...SAMPLE].length; length += 1)
      assert.notEqual(refusalOf([...SAMPLE].slice(0, length).join('')), 'read', `cut after ${length} characters`);
    assert.equal(refusalOf(SAMPLE.replace('A13A', 'a13a')), 'code_crc_wrong');
    assert.equal(refusalOf(SAMPLE.replace('23.72', '13.72')), 'code_crc_wrong');
    assert.equal(refusalOf(SAMPLE.slice(0, -8)), 'code_crc_missing');
    const cut = readMerchantCode('00020101021153031235');
    assert.ok(!cut.ok && cut.error.facts?.offset === 19);
  });

  test('written, it reads as it was meant; the Japanese profile holds', () => {
    const text = must(writeMerchantCode(TOKYO));
    const code = must(readMerchantCode(text));
    assert.deepEqual([code.amount, code.name, code.local?.name], [TOKYO.amount, 'SUSHI ASAKUSA', '浅草すし']);
    assert.deepEqual([code.deviations, jpqrDeviations(code)], [[], []]);
    const still = must(
      readMerchantCode(must(writeMerchantCode({ ...TOKYO, dynamic: false, amount: undefined as never }))),
    );
    assert.deepEqual([still.dynamic, still.amount], [false, null]);
  });

  test('nothing is written that the standard does not allow, and the object at fault is named', () => {
    const wrong: readonly (readonly [Partial<NewMerchantCode>, string])[] = [
      [{ name: 'A NAME THAT IS FAR TOO LONG FOR IT' }, '59'],
      [{ name: '' }, '59'],
      [{ city: 'LLANFAIRPWLLGWYNGYLL' }, '60'],
      [{ categoryCode: '581' }, '52'],
      [{ country: 'Japan' }, '58'],
      [{ amount: money(0n, 'JPY') }, '54'],
      [{ amount: money(5n, 'USD') }, '54'],
      [{ additional: { '05': 'x'.repeat(26) } }, '62.05'],
      [{ accounts: [] }, '02-51'],
      [{ accounts: [{ id: '26', guid: 'x'.repeat(33), objects: [] }] }, '26.00'],
      [{ local: { language: 'japanese', name: 'x' } }, '64.00'],
    ];
    for (const [change, object] of wrong) {
      const written = writeMerchantCode({ ...TOKYO, ...change });
      assert.ok(!written.ok, `${object} was written`);
      assert.equal(written.error.facts?.object, object);
    }
  });

  test('any code that is written is read back to the same, and any changed character is noticed', () => {
    const latin = (most: number) => fc.stringMatching(new RegExp(`^[A-Z][A-Z0-9 ]{0,${most - 1}}$`));
    const text = (most: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: most });
    const codes = fc.record({
      dynamic: fc.boolean(),
      guid: text(32),
      name: latin(25),
      city: latin(15),
      cents: fc.bigInt({ min: 1n, max: 9_999_999n }),
      currency: fc.constantFrom(...(Object.keys(CURRENCIES) as Currency[])),
      reference: text(25),
      local: fc
        .string({ unit: 'binary', minLength: 1, maxLength: 25 })
        .filter((each) => each.isWellFormed() && [...each].length <= 25),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(codes, ({ dynamic, guid, name, city, cents, currency, reference, local, at }) => {
        const written = must(
          writeMerchantCode({
            ...TOKYO,
            ...{ dynamic, name, city, currency, amount: money(cents, currency) },
            accounts: [{ id: '26', guid, objects: [] }],
            additional: { '05': reference },
            local: { language: 'ja', name: local },
          }),
        );
        const code: MerchantCode = must(readMerchantCode(written));
        assert.deepEqual(
          [
            code.dynamic,
            code.name,
            code.city,
            code.amount,
            code.additional['05'],
            code.local?.name,
            code.accounts[0]?.guid,
          ],
          [dynamic, name, city, money(cents, currency), reference, local, guid],
        );
        const characters = [...written];
        const place = at % characters.length;
        characters[place] = characters[place] === '7' ? '8' : '7';
        assert.notEqual(refusalOf(characters.join('')), 'read');
      }),
      { numRuns: 300 },
    );
  });

  test('the outside collection: valid ones have no deviation, deviating ones are read and told', {
    skip: NO_OUTSIDE,
  }, () => {
    interface Case {
      readonly id: string;
      readonly qr: string;
      readonly tlv: readonly (readonly [string, string])[];
      readonly base_deviations: readonly string[];
    }
    for (const { id, qr, tlv } of rows<Case>('mpm-valid-strict')) {
      const code = must(readMerchantCode(qr));
      assert.deepEqual([id, code.deviations], [id, []]);
      assert.deepEqual(
        code.objects.map((object) => [object.id, object.value]),
        tlv.map(([tag, value]) => [tag, value]),
        id,
      );
    }
    for (const { id, qr, base_deviations } of rows<Case>('mpm-crcok-deviating')) {
      const told = must(readMerchantCode(qr)).deviations;
      assert.ok(told.length >= 1, `${id}: ${base_deviations.join('; ')}`);
    }
  });

  test('the outside collection: invalid ones are refused for what is wrong', { skip: NO_OUTSIDE }, () => {
    const why = { tlv: ['code_malformed', 'code_crc_missing'], crc: ['code_crc_wrong'] } as const;
    for (const { id, qr, kind } of rows<{ id: string; qr: string; kind: string }>('mpm-invalid')) {
      const codes: readonly string[] = kind === 'tlv' ? why.tlv : why.crc;
      assert.ok(codes.includes(refusalOf(qr)), `${id} is ${refusalOf(qr)}`);
    }
    for (const { name, qr, base_verdict } of rows<{ name: string; qr: string; base_verdict: string }>(
      'mpm-named-errors',
    )) {
      const read = readMerchantCode(qr);
      if (base_verdict === 'malformed') assert.ok(!read.ok, name);
      if (base_verdict === 'reject') assert.ok(!read.ok || read.value.deviations.length > 0, name);
      if (base_verdict === 'accept') assert.deepEqual(read.ok ? read.value.deviations : read.error, [], name);
    }
  });
});

test('the checksum keeps its zeros', () => {
  assert.equal(crcOf('123456789'), '29B1');
  const short = Array.from({ length: 3000 }, (_, number) => crcOf(String(number))).filter((crc) => crc.startsWith('0'));
  assert.ok(short.length > 0 && short.every((crc) => crc.length === 4));
});

describe('payment codes', () => {
  test('the main form and the old ones; anything else says why', () => {
    const code = must(readPaymentCode('251001020123456789012345'));
    assert.deepEqual(code, { form: 'standard', issuer: '251001', business: '02', number: '0123456789012345' });
    assert.equal(writePaymentCode('251001', '0123456789012345'), '251001020123456789012345');
    assert.throws(() => writePaymentCode('311001', '0123456789012345'), RangeError);
    const refused = (text: string) => {
      const read = readPaymentCode(text);
      return read.ok ? read.value.form : read.error.detail;
    };
    assert.match(refused('25100102012345678901234A'), /digits only/);
    assert.match(refused('2810010201234567'), /17 to 32 digits, not 16/);
    assert.match(refused('2510010201234567890123'), /22 digits are not in use/);
    assert.match(refused('251001030123456789012345'), /business 03/);
    assert.match(refused('991001020123456789012345'), /starts with 25 to 30/);
  });

  test('the outside collection', { skip: NO_OUTSIDE }, () => {
    const cases = rows<{ id: string; kind: string; value: string; valid: boolean }>('alipayplus-codes');
    for (const { id, value, valid } of cases.filter(
      ({ kind }) => kind.includes('payment code') || kind.includes('legacy'),
    ))
      assert.equal(readPaymentCode(value).ok, valid, id);
  });
});

test('the general payload of a link, both ways', { skip: NO_OUTSIDE }, () => {
  interface Sample {
    readonly id: string;
    readonly value: string;
    readonly expect: { readonly GPLD: readonly (readonly [string, string | readonly (readonly [string, string])[]])[] };
  }
  const sample = rows<Sample>('alipayplus-codes').find(({ id }) => id === 'aplus-mpm-1') as Sample;
  const read = must(readGeneralPayload(sample.value));
  assert.deepEqual(
    [
      ['PLVS', read.version],
      ...read.services.map(({ id, objects }) => [id, objects.map((each) => [each.id, each.value])]),
    ],
    sample.expect.GPLD,
  );
  assert.equal(writeGeneralPayload(read), sample.value);
  for (const broken of [`${sample.value.slice(0, -4)}`, 'https://x.test/MPM/3/', sample.value.replace('/3/', '/4/')])
    assert.ok(!readGeneralPayload(broken).ok, broken);
});

test('consumer-presented codes', { skip: NO_OUTSIDE }, () => {
  type Tree = readonly (readonly [string, string | Tree])[];
  const tree = (objects: readonly BerObject[]): Tree =>
    objects.map((object) =>
      'objects' in object
        ? [object.tag, tree(object.objects)]
        : [object.tag, Buffer.from(object.value).toString('hex').toUpperCase()],
    );
  for (const { id, payload, valid, ber } of rows<{ id: string; payload: string; valid: boolean; ber: Tree }>('cpm')) {
    const read = readConsumerCode(payload);
    assert.equal(read.ok, valid, id);
    if (read.ok) assert.deepEqual([tree(read.value), applicationOf(read.value) !== null], [ber, true], id);
  }
  assert.ok(!readConsumerCode('AAAA').ok);
});
