/**
 * A traveller's phone in a browser, 390 pixels wide: a printed code in Tokyo, the amount, the PIN, the result in Japanese; a code of one's
 * own that a decoder reads; what goes wrong, told honestly. The hub is in memory.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import {
  byCode,
  CODE_PATH,
  codeOf,
  payRequest,
  S,
  SCAN_PATH,
  startWallets,
  type TestWallets,
  tokyoOrder,
} from '../../sandbox/wallets/test-wallets.ts';
import { instant } from '../../src/base/clock.ts';
import { launchBrowser, NO_BROWSER } from './browser.ts';
import { look, openPhone } from './phone-page.ts';

const SKIP = { skip: NO_BROWSER };
/** JPY, Tokyo, checksum right; the merchant's own template is nobody's. */
const PRINTED = '00020101021126160012shop.example5204549953033925802JP5904Asak6005Tokyo6304';

let world: TestWallets;
let browser: Browser;

before(async () => {
  if (NO_BROWSER !== false) return;
  [world, browser] = await Promise.all([startWallets(), launchBrowser()]);
});
after(async () => {
  if (NO_BROWSER !== false) return;
  await browser.close();
  await world.close();
});

const phone = (path: string): Promise<Page> => openPhone(browser, world.url + path);

function answerPrinted(): void {
  const { order } = { order: tokyoOrder() };
  world.hub.answerWith(SCAN_PATH, () => ({ result: S, codeType: 'STORE_CODE', order, orderCurrency: 'JPY' }));
  world.hub.answerWith(SCAN_PATH, ({ paymentAmount }) => ({
    ...payRequest({ paymentAmount }),
    ...{ result: S, codeType: 'STORE_CODE', order: tokyoOrder() },
    paymentPromoInfo: {
      paymentPromoDetails: [
        {
          ...{ promoId: 'p1', promoName: 'Autumn in Tokyo', promoType: 'DISCOUNT', fundedBy: 'WALLET' },
          savingsAmount: { currency: 'MYR', value: '300' },
        },
      ],
    },
  }));
}

test('a printed code in Tokyo: amount, both currencies, rate and fee, PIN, result in Japanese', SKIP, async () => {
  answerPrinted();
  const page = await phone('/phone/tng/demo');
  await look(page, '1-home');
  await page.getByLabel('Scan a code of a shop').fill(PRINTED + crc(PRINTED));
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'How much?' }).waitFor();
  await page.getByLabel('Amount in JPY').fill('39.80');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('alert').getByText('not an amount in JPY').waitFor();
  await page.getByLabel('Amount in JPY').fill('3980');
  await look(page, '2-amount');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Confirm your payment' }).waitFor();
  const text = await page.locator('main').innerText();
  for (const shown of ['浅草茶舗', 'Asakusa Tea House', 'JPY 3,980', 'MYR 120.36', '1 JPY = 0.0302412 MYR', 'MYR 1.19'])
    assert.ok(text.includes(shown), `${shown} is not in ${text}`);
  assert.match(text, /Autumn in Tokyo, from Touch 'n Go eWallet\s+− MYR 3.00/);
  assert.match(text, /\*\*\* \*\*\* \d{4}/);
  await page.getByLabel('PIN').fill('111111');
  await page.getByRole('button', { name: 'Pay MYR 117.36' }).click();
  await page.getByRole('alert').getByText('2 tries are left').waitFor();
  await look(page, '3-confirm');
  await page.getByLabel('PIN').fill('246810');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor();
  await look(page, '4-paid');
  await page.getByRole('link', { name: '日本語' }).click();
  await page.getByRole('status').getByText('支払い完了').waitFor();
  assert.equal(await page.getByRole('status').locator('xpath=..').getAttribute('lang'), 'ja');
  await look(page, '5-japanese');
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Back to Touch' }).click();
  await page.getByText('MYR 2,882.64').waitFor();
  await look(page, '6-home-after');
});

test('a code of one’s own is read by a decoder from the screen', SKIP, async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const codeValue = '281666020123456789012345';
  const codeExpiryTime = instant(world.nowMs() + 60_000);
  world.hub.answerWith(CODE_PATH, () => ({ result: S, paymentCodes: [{ codeValue, codeExpiryTime }] }));
  const page = await phone('/phone/kakaopay/demo');
  await page.getByRole('button', { name: 'Show my code' }).click();
  await page.getByRole('heading', { name: 'Your code' }).waitFor();
  await look(page, '7-code');
  const read = await readBarcodes(new Uint8Array(await page.screenshot({ scale: 'device' })), {
    formats: ['QRCode', 'Code128'],
  });
  assert.deepEqual(read.map(({ text, format }) => `${format} ${text}`).sort(), [
    `Code128 ${codeValue}`,
    `QRCode ${codeValue}`,
  ]);
  const wallet = world.wallets.list.find('kakaopay');
  const asked = payRequest({
    ...byCode(codeValue),
    ...{ pspId: wallet?.pspId, payToAmount: { currency: 'KRW', value: '36900' } },
  });
  assert.equal(codeOf(await world.call('kakaopay', 'pay', asked)), 'SUCCESS');
  await page.reload();
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor();
  world.hub.answerWith(CODE_PATH, () => ({
    result: S,
    paymentCodes: [{ codeValue: '281666020123456789012346', codeExpiryTime }],
  }));
  await page.goto(`${world.url}/phone/kakaopay/demo`);
  await page.getByRole('button', { name: 'Show my code' }).click();
  await page.getByRole('heading', { name: 'Your code' }).waitFor();
  await world.advance(60_000);
  await page.reload();
  await page.getByRole('alert').getByText('not good any more').waitFor();
});

test(
  'what cannot be paid is told: a damaged code, a hub that is away, an empty purse, a frozen account',
  SKIP,
  async () => {
    const page = await phone('/phone/gcash/demo');
    const scan = async (code: string): Promise<void> => {
      await page.getByLabel('Scan a code of a shop').fill(code);
      await page.getByRole('button', { name: 'Go on' }).click();
    };
    await scan(`${PRINTED}0000`);
    await page.getByRole('alert').getByText('checksum of the code is wrong').waitFor();
    await scan(PRINTED.slice(0, 30));
    await page.getByRole('alert').getByText('cut off or damaged').waitFor();
    await look(page, '8-damaged');
    world.hub.answerWith(SCAN_PATH, () => 'hang up');
    await scan('https://qr.example.com/281666040001/x');
    await page.getByRole('alert').getByText('did not answer').waitFor();
    world.hub.answerWith(SCAN_PATH, () => ({ result: S, actionForm: { redirectUrl: 'https://shop.example/till' } }));
    await scan('https://shop.example/table/4');
    assert.equal(
      await page.getByRole('link', { name: 'Open the shop’s page' }).getAttribute('href'),
      'https://shop.example/till',
    );
    await world.admin('POST', 'users', { walletId: 'gcash', account: 'demo', balance: '1', status: 'active' });
    const pspId = world.wallets.list.find('gcash')?.pspId;
    const request = payRequest({ pspId, payToAmount: { currency: 'PHP', value: '150000' } });
    world.hub.answerWith(SCAN_PATH, () => ({ ...request, result: S, codeType: 'ORDER_CODE' }));
    await page.goto(`${world.url}/phone/gcash/demo`);
    await scan('https://qr.example.com/281666040001/y');
    await page.getByLabel('PIN').fill('246810');
    await page.keyboard.press('Enter');
    await page.getByText('The balance is not enough. Nothing was taken').waitFor();
    await page.getByText('Not charged').waitFor();
    await look(page, '9-not-paid');
    await world.admin('POST', 'users', { walletId: 'gcash', account: 'demo', status: 'frozen' });
    await page.goto(`${world.url}/phone/gcash/demo`);
    await page.getByText('This account is frozen').waitFor();
    await look(await phone('/phone'), '10-wallets');
    assert.equal((await page.goto(`${world.url}/phone/gcash/nobody`))?.status(), 404);
  },
);

/** CRC-16/CCITT-FALSE, as printed codes carry it. */
function crc(text: string): string {
  let value = 0xffff;
  for (const byte of Buffer.from(text))
    for (let bit = 7; bit >= 0; bit -= 1) {
      const top = ((value >> 15) & 1) ^ ((byte >> bit) & 1);
      value = ((value << 1) & 0xffff) ^ (top * 0x1021);
    }
  return value.toString(16).toUpperCase().padStart(4, '0');
}
