/** Acquirers and shops as data, and a clearing file beside the books. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { temporaryFolder } from '../base/start-network.ts';
import { openStore } from '../base/store.ts';
import { openAcquirerList, readAcquirer, readShop } from './acquirer.ts';
import { compareLines, readPart } from './clearing-file.ts';
import { nationalCode } from './national-code.ts';
import { SHOPS_SCHEMA } from './schema.ts';
import { type Body, PAY, paid, REFUND, S, startShops, yen } from './test-shops.ts';

const world = await startShops();
after(() => world.close());

const JP = world.shops.list.find('tokyo');
assert.ok(JP !== null);

test('every acquirer of the list has shops, and each id, slug and prefix is one acquirer', () => {
  const { list } = world.shops;
  const all = list.all();
  assert.deepEqual(
    all.map(({ country }) => country),
    ['JP', 'KR', 'SG', 'FR', 'MY'],
  );
  for (const each of all) assert.ok(list.shops(each).length >= 2, each.slug);
  for (const named of [
    all.map(({ acquirerId }) => acquirerId),
    all.map(({ slug }) => slug),
    all.flatMap(({ codePrefixes }) => codePrefixes),
  ])
    assert.equal(new Set(named).size, 5);
  assert.equal(list.find(JP.acquirerId), list.find('tokyo'));
});

test('what is wrong with an acquirer or a shop is said by its field', () => {
  const why = (changes: Body): string => {
    const read = readAcquirer({ ...JP, ...changes });
    return read.ok ? 'fine' : read.error.detail;
  };
  assert.equal(why({}), 'fine');
  assert.match(why({ acquirerId: 'x' }), /^acquirerId/);
  assert.match(why({ currencies: [] }), /^currencies/);
  assert.match(why({ country: 'ZZ' }), /^country/);
  assert.match(why({ codePrefixes: ['https://a.example/1'] }), /^codePrefixes/);
  const shop = { merchantId: 'kiosk', name: 'Kiosk', mcc: '5499', city: 'Tokyo' };
  const whyShop = (changes: Body): string => {
    const read = readShop(JP, { ...shop, ...changes });
    return read.ok ? 'fine' : read.error.detail;
  };
  assert.equal(whyShop({}), 'fine');
  assert.match(whyShop({ name: '売店' }), /^name must have/);
  assert.match(whyShop({ currency: 'EUR' }), /^currency must be one of JPY/);
});

test('a thousand shops are added at once, all or none, and are there after a restart', async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'shops.sqlite');
  const first = openStore(file, SHOPS_SCHEMA);
  const list = openAcquirerList(first);
  const acquirer = list.add({ ...JP, acquirerId: 'SBXACQJP00000002', slug: 'osaka', codePrefixes: [] });
  assert.ok(acquirer.ok);
  const shop = (number: number) => ({
    merchantId: `shop-${number}`,
    name: `Shop ${number}`,
    mcc: '5499',
    city: 'Osaka',
  });
  const many = Array.from({ length: 1_000 }, (_, number) => shop(number));
  assert.ok(list.addShops(acquirer.value, many).ok);
  const again = list.addShops(acquirer.value, [shop(1_000), shop(7)]);
  assert.equal(again.ok ? '' : again.error.code, 'shop_exists');
  first.close();
  const second = openStore(file, SHOPS_SCHEMA);
  const reopened = openAcquirerList(second);
  const osaka = reopened.find('osaka');
  assert.equal(osaka === null ? 0 : reopened.shops(osaka).length, 1_000);
  second.close();
  rmSync(folder.path, { recursive: true });
  assert.equal((await world.admin('POST', 'acquirers', { ...JP })).status, 409);
});

test('a national code is one of EMVCo with a right checksum, without the hub’s template', () => {
  const kl = world.shops.list.find('kuala-lumpur');
  const satay = kl === null ? null : world.shops.list.shop(kl, 'jalan-alor-satay');
  assert.ok(kl !== null && satay !== null);
  const code = nationalCode(kl, satay, 'my.com.paynet.duitnow');
  assert.match(
    code,
    /^00020101021128450021my\.com\.paynet\.duitnow0116jalan-alor-satay5204581453034585802MY5916Jalan Alor Satay6012Kuala Lumpur6304[0-9A-F]{4}$/,
  );
  assert.equal(bitwiseChecksum(code.slice(0, -4)), code.slice(-4));
});

const HEADER =
  'transactionType,transactionId,originalTransactionId,transactionRequestId,originalTransactionRequestId,transactionTime,orderAmountValue,orderAmountCurrency,transactionAmountValue,transactionAmountCurrency';
const row = (type: string, requestId: string, order: string, settlement: string): string =>
  `${type},x,,${requestId},,2026-01-05T17:00:00+08:00,${order},JPY,${settlement},JPY`;
const fileOf = (rows: readonly string[], total: number, count = rows.length): string =>
  ['totalCount,netTotalAmountValue,netTotalAmountCurrency', `${count},${total},JPY`, '', HEADER, ...rows, ''].join(
    '\r\n',
  );

test('a clearing file is read by its header and beside the books it says what differs', async () => {
  const sell = async (paymentRequestId: string, value: string): Promise<void> => {
    world.hub.answerWith(PAY, () => ({ result: S, ...paid(`hpy-${paymentRequestId}`, value) }));
    const order = {
      acquirerId: 'tokyo',
      merchantId: 'asakusa-tea',
      amount: yen(value),
      scenario: 'order_code',
      paymentRequestId,
    };
    assert.equal((await world.admin('POST', 'payments', order)).body.state, 'paid');
  };
  for (const [requestId, value] of [
    ['a', '1000'],
    ['b', '2000'],
    ['c', '3000'],
  ] as const)
    await sell(requestId, value);
  world.hub.answerWith(REFUND, () => ({
    result: S,
    refundId: 'hrf-1',
    settlementAmount: yen('400'),
    refundTime: '2026-01-05T18:00:00+08:00',
  }));
  await world.admin('POST', 'refunds', { acquirerId: 'tokyo', payment: 'a', amount: '400', refundRequestId: 'ra' });
  const name = `transactionItems_${JP.acquirerId}_JPY_20260105A_AG1_000.csv`;
  const compare = async (content: unknown): Promise<Body> =>
    (await world.admin('POST', 'clearing-file', { acquirerId: 'tokyo', name, content })).body;
  const [a, b, c] = [
    row('PAYMENT', 'a', '1000', '1000'),
    row('PAYMENT', 'b', '2000', '2000'),
    row('PAYMENT', 'c', '3000', '3000'),
  ];
  const ra = row('REFUND', 'ra', '-400', '-400');
  const right = await compare([fileOf([a, b], 3_000), fileOf([c, ra], 2_600)]);
  assert.deepEqual(right, { day: '2026-01-05', currency: 'JPY', lines: 4, total: '5600', differences: [] });
  const wrong = await compare(
    fileOf([a, a, row('PAYMENT', 'b', '2000', '1999'), row('PAYMENT', 'z', '5', '5'), ra], 9, 4),
  );
  const found = (wrong.differences as Body[]).map(({ kind, requestId, file, books }) => [kind, requestId, file, books]);
  assert.deepEqual(found, [
    ['count_differs', null, '4', '5'],
    ['total_differs', null, '9', '3604'],
    ['twice_in_file', 'a', '1000', null],
    ['settlement_differs', 'b', '1999', '2000'],
    ['not_in_books', 'z', '5', null],
    ['not_in_file', 'c', null, '3000'],
  ]);
  const empty = await compare(fileOf([], 0));
  assert.equal((empty.differences as Body[]).length, 4);
  assert.equal((await compare('nonsense')).error, 'invalid_file');
});

test('quoted names, cells of formulas and lines that are none', () => {
  const text = fileOf(['PAYMENT,"x,""1""",,\'-a,,2026-01-05T17:00:00+08:00,5,JPY,5,JPY'], 5);
  const read = readPart(text);
  assert.ok(typeof read !== 'string');
  assert.equal(read.lines[0]?.requestId, '-a');
  assert.match(String(readPart(fileOf(['PAYMENT,x'], 0))), /cannot be read/);
  assert.deepEqual(compareLines(read.lines, read.lines), []);
});

function bitwiseChecksum(text: string): string {
  let value = 0xffff;
  for (const byte of Buffer.from(text))
    for (let bit = 7; bit >= 0; bit -= 1) {
      const top = ((value >> 15) & 1) ^ ((byte >> bit) & 1);
      value = ((value << 1) & 0xffff) ^ (top * 0x1021);
    }
  return value.toString(16).toUpperCase().padStart(4, '0');
}
