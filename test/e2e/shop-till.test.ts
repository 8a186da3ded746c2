/**
 * A till and a shop's page in a browser, 390 pixels wide: a code to scan that a decoder reads, the payment, a refund, the result in Japanese;
 * the page that an entry code opens. The hub is in memory.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import {
  type Body,
  PAY,
  paid,
  REFUND,
  S,
  STORE_CODE,
  startShops,
  type TestShops,
  U,
  yen,
} from '../../sandbox/shops/test-shops.ts';
import { launchBrowser, NO_BROWSER } from './browser.ts';
import { look, openPhone } from './phone-page.ts';

const SKIP = { skip: NO_BROWSER };
const ORDER_CODE = 'HTTPS://HUB.EXAMPLE/MPM/3/0001016281101040001XYZ';

let world: TestShops;
let browser: Browser;

before(async () => {
  if (NO_BROWSER !== false) return;
  [world, browser] = await Promise.all([startShops(), launchBrowser()]);
});
after(async () => {
  if (NO_BROWSER !== false) return;
  await browser.close();
  await world.close();
});

const open = (path: string): Promise<Page> => openPhone(browser, world.url + path);

async function tellPaid(): Promise<void> {
  const { body } = await world.admin('GET', 'transactions');
  const [{ paymentRequestId } = {}] = body.transactions as Body[];
  const told = { acquirerId: 'SBXACQJP00000001', paymentRequestId, paymentResult: S, ...paid('hpy-1') };
  await world.call('tokyo', 'notifyPayment', told);
}

test(
  'a clerk types an amount, shows a code that a phone can read, sees it paid and gives a part back',
  SKIP,
  async () => {
    const codeDetails = [{ codeValueType: 'QRCODE', codeValue: ORDER_CODE, displayType: 'TEXT' }];
    world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-1', orderCodeForm: { codeDetails } }));
    const page = await open('/');
    await look(page, '1-shops');
    await page.getByRole('link', { name: '浅草茶舗' }).click();
    await page.getByLabel('Amount in JPY').fill('39.80');
    await page.getByRole('button', { name: 'Show a code to scan' }).click();
    await page.getByRole('alert').getByText('not an amount in JPY').waitFor();
    await page.getByLabel('Amount in JPY').fill('3980');
    await look(page, '2-till');
    await page.getByRole('button', { name: 'Show a code to scan' }).click();
    await page.getByRole('status').getByText('Waiting for the payer').waitFor();
    await look(page, '3-code');
    assert.deepEqual(await decoded(page), [ORDER_CODE]);
    await tellPaid();
    // The till looks again by itself.
    await page.getByRole('status').getByText('Paid', { exact: true }).waitFor({ timeout: 15_000 });
    await look(page, '4-paid');
    world.hub.answerWith(REFUND, () => ({ result: S, refundId: 'hrf-1', settlementAmount: yen('980') }));
    await page.getByLabel('Amount in JPY').fill('980');
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByText('JPY 980', { exact: true }).waitFor();
    await page.getByRole('link', { name: '日本語' }).click();
    await page.getByRole('status').getByText('支払い完了').waitFor();
    await look(page, '5-japanese');
    await page.getByRole('link', { name: 'Back to the till' }).click();
    await look(page, '6-list');
  },
);

test('the printed codes of a shop, and the page that a phone opens from one', SKIP, async () => {
  world.hub.answerWith(STORE_CODE, () => ({ result: S, codeValue: '00020101021126160012shop.example6304ABCD' }));
  const printed = await open('/shop/kuala-lumpur/jalan-alor-satay/printed');
  await look(printed, '7-printed');
  world.hub.answerWith(PAY, () => ({ result: U, paymentId: 'hpy-2', paymentUrl: `${world.url}/?wallet` }));
  const entry = await open('/entry/paris/marais-parfums?wallet=TNG');
  await look(entry, '8-entry');
  await entry.getByLabel('Amount in EUR').fill('12.50');
  await entry.getByRole('button', { name: 'Pay' }).click();
  await entry.waitForURL(/\?wallet$/);
});

async function decoded(page: Page): Promise<readonly string[]> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const picture = await page.locator('.qr').screenshot();
  return (await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'] })).map(({ text }) => text);
}
