/** Wallets and shop payments in the console, in a real browser: the matrix, the list, one payment. Figures are the API's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Money } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { launchBrowser, NO_BROWSER, signIn, widthsOf } from './browser.ts';

const SHOP = { acquirerId: 'SBXACQJP00000001', merchantId: 'asakusa-tea' };

describe('wallets and shop payments in the console', { skip: NO_BROWSER }, () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let console: string;
  let paid: string;
  const wrong: string[] = [];
  before(async () => {
    world = await startWorld();
    console = `${world.addresses.api}/console`;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => wrong.push(error.message));
    await signIn(page, `${console}/shop-payments`, world.operatorKey);
  });
  after(async () => {
    await browser?.close();
    await world?.end();
  });

  const main = (): Promise<string> => page.locator('main').innerText();
  const charge = async (): Promise<string> => {
    const phone = { walletId: 'tng', account: 'demo' };
    const { code } = await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', phone);
    const taken = await world.shops.post<{ paymentId: string }>('/_sandbox/payments', {
      ...{ ...SHOP, scenario: 'payment_code', paymentCode: code, amount: { currency: 'JPY', value: '3980' } },
    });
    return taken.paymentId;
  };

  test('before anybody has paid the list says so', async () => {
    await page.getByText('No wallet has paid in a shop yet.').waitFor();
  });

  test('a payment is in the list with what each side owes or gets; states filter it in the URL', async () => {
    paid = await charge();
    const { payTo } = await world.operator.get<{ payTo: Money }>(`/v1/hub-payments/${paid}`);
    await page.reload();
    const row = page.getByRole('row', { name: /浅草茶舗/ });
    await row.waitFor();
    const text = await row.innerText();
    for (const words of ['Paid', 'Touch', 'JPY 3,980', `MYR ${Number(payTo.value) / 100}`])
      assert.ok(text.includes(words), `${words}: ${text}`);
    await page.getByLabel('Refused', { exact: true }).check({ force: true });
    await page.getByText('No payment is like that.').waitFor();
    assert.match(page.url(), /state=failed/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row.waitFor();
  });

  test('one payment says its rates, what happened, what went back and what was posted', async () => {
    await world.shops.post('/_sandbox/refunds', { ...SHOP, payment: paid, amount: '980', reason: 'one cup broke' });
    await page.getByRole('link', { name: /浅草茶舗/ }).click();
    await page.getByText('Refunded: we owe the wallet').waitFor();
    const text = await main();
    for (const words of [
      'Of it our fee',
      'Priced, and with the wallet',
      'The acquirer knows',
      'one cup broke',
      'hub.paid',
    ])
      assert.ok(text.includes(words), `${words}: ${text}`);
    const { wide, view } = await widthsOf(page);
    assert.ok(wide <= view, `${wide} in ${view}`);
  });

  test('the keyboard leads to the matrix, which says where each wallet works and how many do', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('heading', { name: 'Wallets' }).waitFor();
    const matrix = page.getByRole('table', { name: 'Wallets by market' });
    await matrix.waitFor();
    const { live, markets } = await world.operator.get<{ live: Record<string, number>; markets: string[] }>(
      '/v1/coverage',
    );
    const counts = await matrix.locator('tfoot td').allInnerTexts();
    assert.deepEqual(
      counts.map(Number),
      markets.map((market) => live[market]),
    );
    assert.match(await matrix.getByRole('row', { name: /Hipay/ }).innerText(), /pilot/);
    await world.operator.post('/v1/wallets/tng/markets', { markets: { JP: 'paused' } });
    await page.reload();
    const row = matrix.getByRole('row', { name: /Touch/ });
    await row.getByText('paused').waitFor();
    for (const width of [1280, 1279, 1101, 1100, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const { wide, view } = await widthsOf(page);
      assert.ok(wide <= view, `${wide} in ${view}`);
    }
    await row.getByRole('link').click();
    await page.getByText('of the wallet tng').waitFor();
  });

  test('a marketplace’s key sees neither page, and nothing threw on the way', async () => {
    const made = await world.operator.post<{ apiKey: { secret: string } }>('/v1/marketplaces', {
      ...{ name: 'M', feePlan: { percentBps: 100 }, payoutSchedule: 'manual' },
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, `${console}/wallets`, made.apiKey.secret);
    await page.getByText('For the operator').waitFor();
    assert.deepEqual(wrong, []);
  });
});
