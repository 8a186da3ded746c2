import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { seededRandom } from '../../src/base/random.ts';
import { cast, expect, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import type { Page as List, OrderView, PayoutView, PostingView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { launchBrowser, NO_BROWSER, widthsOf } from './browser.ts';

describe('the console in a browser', { skip: NO_BROWSER }, () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let order: OrderView;
  let site: string;
  const wrong: string[] = [];
  let people: Awaited<ReturnType<typeof cast>>;
  before(async () => {
    world = await startWorld();
    site = world.addresses.api;
    people = await cast(
      { world, random: seededRandom(5), tell: textTeller() },
      { feeBps: 200, account: '4401778812', schedule: 'daily' },
    );
    order = await people.api.post<OrderView>('/v1/orders', {
      seller: people.seller.id,
      buyer: people.buyer.id,
      reference: 'PO-E2E-1',
      description: 'Browser order',
      total: usd(120_000),
      instalments: [
        { amount: usd(36_000), due: 'now' },
        { amount: usd(84_000), due: 'before_shipment' },
      ],
      shipBy: { daysAfterFirstPayment: 30 },
    });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => wrong.push(error.message));
  });
  after(async () => {
    await browser?.close();
    await world?.end();
  });
  const state = async () => (await people.api.get<OrderView>(`/v1/orders/${order.id}`)).state;
  const act = async (label: string, fields: Record<string, string> = {}): Promise<void> => {
    await page.getByRole('button', { name: label }).first().click();
    const dialog = page.getByRole('dialog');
    for (const [field, value] of Object.entries(fields)) await dialog.getByLabel(new RegExp(`^${field}`)).fill(value);
    await dialog.getByRole('button', { name: label, exact: true }).last().click();
    await page.getByText('Done. The order').first().waitFor({ timeout: 15_000 });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  };
  const pay = async (label: string): Promise<void> => {
    await page.getByRole('button', { name: label }).click();
    const card = page.frameLocator('iframe');
    await card.locator('[autocomplete=cc-number]').fill('4112344112344113');
    await card.locator('[autocomplete=cc-exp]').fill('12/31');
    await card.locator('[autocomplete=cc-csc]').fill('111');
    await card.getByRole('button').first().click();
    await page.getByText('Done. The order').first().waitFor({ timeout: 20_000 });
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  };

  test('a wrong key is refused in words, a right one opens the page asked for', async () => {
    await page.goto(`${site}/console/orders/${order.id}`);
    await page.getByLabel('API key').fill('sk_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not known').first().waitFor();
    await page.getByLabel('API key').fill(world.operatorKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'PO-E2E-1' }).waitFor();
  });

  test('an order is followed to its release by the buttons it shows; the card goes into the vault’s frame only', async () => {
    await pay('Pay deposit');
    await pay('Pay balance');
    expect(await state(), 'paid', 'after both payments');
    await act('Ship', { Carrier: 'DHL', 'Tracking number': 'JD0146' });
    await act('Confirm receipt');
    await act('Release to seller');
    expect(await state(), 'released', 'after the release');
  });

  test('the numbers on the page are the API’s', async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'PO-E2E-1' }).waitFor();
    const { data } = await people.api.get<List<PostingView>>(`/v1/orders/${order.id}/postings`);
    const text = await page.locator('main').innerText();
    assert.equal(data.length, 4);
    for (const { amount } of data) {
      const shown = `${Number(amount.value.slice(0, -2)).toLocaleString('en-US')}.${amount.value.slice(-2)}`;
      assert.ok(text.includes(shown), `${shown} is not on the page`);
    }
  });

  test('filters live in the URL and survive a reload and a step back', async () => {
    await page.goto(`${site}/console/orders?state=awaiting_payment`);
    await page.getByText('PO-2026-0417').first().waitFor();
    await page.goto(`${site}/console/orders?state=released&q=E2E`);
    await page.getByText('PO-E2E-1').first().waitFor();
    await page.reload();
    await page.getByText('PO-E2E-1').first().waitFor();
    await page.goBack();
    await page.getByText('PO-2026-0417').first().waitFor();
    assert.match(page.url(), /state=awaiting_payment/);
  });

  test('the payout of the daily run arrives on its page', async () => {
    await world.advance(8);
    const { data } = await people.api.get<List<PayoutView>>(`/v1/payouts?seller=${people.seller.id}`);
    expect(data[0]?.state, 'paid', 'payout');
    await page.goto(`${site}/console/payouts/${data[0]?.id}`);
    await page.getByText('1,176.00').first().waitFor();
  });

  test('nothing overflows at phone width, and no page threw', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['orders', `orders/${order.id}`, 'payouts', 'sellers', 'ledger', 'reconciliation']) {
      await page.goto(`${site}/console/${path}`);
      await page.waitForLoadState('networkidle');
      const { wide, view } = await widthsOf(page);
      assert.ok(wide <= view, `${path} is ${wide} wide in ${view}`);
    }
    assert.deepEqual(wrong, []);
  });
});
