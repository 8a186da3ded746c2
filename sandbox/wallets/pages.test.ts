/** Amounts, rates, colours and codes as the phone shows and reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDayUtc8, timeText, yearStartUtc8 } from '../base/alipay-time.ts';
import { amountText, rateText, typedAmount } from '../base/money-text.ts';
import { escaped, inkOn } from '../base/page-frame.ts';
import { wordsOfCountry } from '../base/result-words.ts';
import { openStore } from '../base/store.ts';
import { lookAtCode } from './merchant-codes.ts';
import { WALLETS_SCHEMA } from './schema.ts';
import { openWalletList } from './wallet.ts';

const wallets = openWalletList(openStore(':memory:', WALLETS_SCHEMA)).all();

test('every wallet of the list is there, and its name can be read on its colour', () => {
  assert.equal(wallets.length, 38);
  assert.equal(new Set(wallets.map(({ pspId }) => pspId)).size, 38);
  for (const { colour, walletId } of wallets) assert.ok(contrast(colour, inkOn(colour)) >= 4.5, walletId);
});

test('amounts have the currency’s decimals and the separators of the wallet’s country', () => {
  assert.equal(amountText(3_980n, 'JPY', 'it-IT'), 'JPY 3980');
  assert.equal(amountText(1_234_567n, 'JPY', 'it-IT'), 'JPY 1.234.567');
  assert.equal(amountText(12_036n, 'MYR', 'ms-MY'), 'MYR 120.36');
  assert.equal(amountText(5n, 'EUR', 'de-AT'), 'EUR 0,05');
  // Beyond what a float can hold.
  assert.equal(amountText(900_719_925_474_099_312n, 'KRW', 'en-SG'), 'KRW 900,719,925,474,099,312');
});

test('a rate is per whole unit, whatever the decimals of both currencies', () => {
  const rate = (of: [bigint, 'JPY' | 'EUR'], costs: [bigint, 'MYR' | 'KRW' | 'KWD']): string =>
    rateText({ of, costs }, 'en-SG');
  assert.equal(rate([3_980n, 'JPY'], [12_036n, 'MYR']), '1 JPY = 0.0302412 MYR');
  assert.equal(rate([1_000n, 'EUR'], [16_000n, 'KRW']), '1 EUR = 1,600 KRW');
  assert.equal(rate([10_000n, 'JPY'], [20_500n, 'KWD']), '1 JPY = 0.00205 KWD');
});

test('what a person types is an amount of the currency or nothing', () => {
  assert.equal(typedAmount('3980', 'JPY'), 3_980n);
  assert.equal(typedAmount('12,5', 'EUR'), 1_250n);
  assert.equal(typedAmount(' 12.50 ', 'EUR'), 1_250n);
  for (const text of ['', '0', '12.50', '-1', '1e3', '1,000', 'abc'])
    assert.equal(typedAmount(text, 'JPY'), null, text);
  assert.equal(typedAmount('1.234', 'EUR'), null);
});

test('codes of shops: links and whole EMVCo codes pass, anything else is told', () => {
  const good = '00020101021126160012shop.example5204549953033925802JP5904Asak6005Tokyo63042B74';
  const seen = lookAtCode(good.slice(0, -4) + rightEnd(good.slice(0, -4)));
  assert.deepEqual(seen, { ok: true, value: { kind: 'emv', name: 'Asak' } });
  const why = (text: string): string => {
    const looked = lookAtCode(text);
    return looked.ok ? looked.value.kind : looked.error.detail;
  };
  assert.equal(why('HTTPS://QR.EXAMPLE/MPM/3/AAAA'), 'link');
  assert.match(why(`${good.slice(0, -4)}0000`), /checksum of the code is wrong/);
  assert.match(why(good.slice(0, 30)), /cut off/);
  assert.match(why('000201'), /no checksum/);
  assert.match(why('hello'), /not a code of a shop/);
  assert.match(why(`https://a.example/${'a'.repeat(600)}`), /longer than 512/);
});

test('days, years and times are those of UTC+8', () => {
  const at = Date.parse('2026-12-31T15:59:59Z');
  assert.equal(timeText(at), '2026-12-31T23:59:59+08:00');
  assert.equal(nextDayUtc8(at), Date.parse('2026-12-31T16:00:00Z'));
  assert.equal(yearStartUtc8(at), Date.parse('2025-12-31T16:00:00Z'));
  assert.equal(yearStartUtc8(at + 1_000), Date.parse('2026-12-31T16:00:00Z'));
});

test('text of a shop cannot become markup; shops in English need no second language', () => {
  assert.equal(escaped(`<b a="1">'&`), '&lt;b a=&quot;1&quot;&gt;&#39;&amp;');
  assert.equal(wordsOfCountry('SG'), null);
  assert.equal(wordsOfCountry('JP')?.paid, '支払い完了');
});

/** The checksum bit by bit, as the standard draws it. */
function rightEnd(text: string): string {
  let value = 0xffff;
  for (const byte of Buffer.from(text))
    for (let bit = 7; bit >= 0; bit -= 1) {
      const top = ((value >> 15) & 1) ^ ((byte >> bit) & 1);
      value = ((value << 1) & 0xffff) ^ (top * 0x1021);
    }
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function contrast(colour: string, ink: string): number {
  const luminance = (of: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(of.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(colour), luminance(ink)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
