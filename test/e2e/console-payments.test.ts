/** Card payments in the console, in a real browser: every move, a challenge, declines, and what nobody knows yet. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { seededRandom } from '../../src/base/random.ts';
import { CARDS, type Cast, cast, expect, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import type { Money, OrderView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { fillCard, launchBrowser, NO_BROWSER, shown, signIn, widthsOf } from './browser.ts';

interface Paid {
  readonly id: string;
  readonly state: string;
  readonly authorized: Money;
  readonly capturable: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly captures: readonly { readonly amount: Money; readonly returned: Money; readonly left: Money }[];
  readonly authentication: { readonly state: string; readonly liabilityShift: boolean } | null;
  readonly decline: { readonly code: string; readonly class?: string } | null;
}

type Made = OrderView & { readonly reference: string };

describe('card payments in the console', { skip: NO_BROWSER }, () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let people: Cast;
  const wrong: string[] = [];
  const seen: string[] = [];
  before(async () => {
    world = await startWorld();
    const context = { world, random: seededRandom(7), tell: textTeller() };
    people = await cast(context, { feeBps: 200, account: '4401778812', schedule: 'manual' });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => wrong.push(error.message));
    await signIn(page, `${world.addresses.api}/console/orders`, world.operatorKey);
  });
  after(async () => {
    await browser?.close();
    await world?.end();
  });

  const newOrder = async (reference: string, cents: number): Promise<Made> =>
    people.api.post<Made>('/v1/orders', {
      seller: people.seller.id,
      buyer: people.buyer.id,
      reference,
      description: 'Browser order',
      total: usd(cents),
      instalments: [{ amount: usd(cents), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 30 },
    });
  const open = async ({ id, reference }: Made): Promise<void> => {
    seen.push(id);
    await page.goto(`${world.addresses.api}/console/orders/${id}`);
    await page.getByRole('heading', { name: reference }).waitFor();
  };
  const paymentsOf = async ({ id }: OrderView): Promise<readonly Paid[]> =>
    (await people.api.get<{ data: Paid[] }>(`/v1/orders/${id}/payments`)).data;
  const paymentOf = async (order: OrderView): Promise<Paid> => (await paymentsOf(order))[0] as Paid;
  const card = () => page.locator('article.payment');
  /** Opens a move's dialog, fills it, sends it, and closes it once it is done. */
  const act = async (
    label: string,
    fields: Record<string, string> = {},
    boxes: readonly string[] = [],
  ): Promise<void> => {
    await card().getByRole('button', { name: label, exact: true }).click();
    const dialog = page.getByRole('dialog');
    for (const [field, value] of Object.entries(fields)) await dialog.getByLabel(new RegExp(`^${field}`)).fill(value);
    for (const box of boxes) await dialog.getByLabel(box).check();
    await dialog.getByRole('button', { name: label, exact: true }).click();
    await dialog.getByText('Done. The order').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
  };
  /** The payment's card shows these figures of the API under these names. */
  const holds = async (figures: Record<string, Money>): Promise<void> => {
    for (const [name, money] of Object.entries(figures)) {
      const fact = card().locator('dl.facts > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
      await fact
        .getByText(shown(money))
        .waitFor({ timeout: 5000 })
        .catch(() => assert.fail(`${name} ${shown(money)}`));
    }
  };

  test('an estimate is authorized, raised, captured in parts, its rest given back, and refunded, all from the page', async () => {
    const order = await newOrder('PO-PARTS', 90_000);
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Capture/)
      .selectOption('manual');
    await page
      .getByRole('dialog')
      .getByLabel(/^An estimate/)
      .check();
    await fillCard(page, CARDS.visa);
    await page.getByText('Done. The order').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await card().getByText('4 d 23 h left').or(card().getByText('6 d 23 h left')).waitFor();
    const authorized = await paymentOf(order);
    expect([authorized.state, authorized.authorized], ['authorized', usd(90_000)], 'authorized');
    await holds({ Authorized: authorized.authorized, 'Left to capture': authorized.capturable });

    await act('Raise the authorization', { 'New total': '950' });
    await act('Capture a part of instalment 1', { Amount: '300' });
    await act('Capture a part of instalment 1', { Amount: '200.50' });
    const parts = await paymentOf(order);
    expect([parts.state, parts.authorized, parts.captured], ['part_captured', usd(95_000), usd(50_050)], 'in parts');
    await holds({ Authorized: parts.authorized, Captured: parts.captured, 'Left to capture': parts.capturable });

    await act('Give back the rest');
    const whole = await paymentOf(order);
    expect([whole.state, whole.authorized, whole.captures.length], ['captured', usd(50_050), 2], 'the rest given back');
    await act('Refund instalment 1', { Amount: '250', Reason: 'damaged' });
    const refunded = await paymentOf(order);
    expect(refunded.refunded, usd(25_000), 'refunded');
    await holds({ Refunded: refunded.refunded, Captured: refunded.captured });
    const captures = await card().getByRole('table', { name: 'Captures' }).innerText();
    for (const { amount, returned, left } of refunded.captures)
      for (const money of [amount, returned, left]) assert.ok(captures.includes(shown(money)), shown(money));
    const operations = await card().getByRole('table', { name: 'Operations' }).innerText();
    for (const words of ['Authorization', 'Increment to', 'Capture', 'Reversal to', 'Refund'])
      assert.ok(operations.includes(words), words);
  });

  test('what exceeds the authorization is refused in the dialog before it is sent; a last part gives the rest back', async () => {
    const order = await newOrder('PO-LAST', 50_000);
    await people.api.post(`/v1/orders/${order.id}/payments`, {
      instalment: 1,
      token: await world.tokenize(people.marketplace.id, CARDS.visa),
      capture: 'manual',
    });
    await open(order);
    await card().getByRole('button', { name: 'Capture a part of instalment 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Amount/).fill('500.01');
    await page.keyboard.press('Enter');
    await dialog.getByText('At most USD 500.00').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await act('Capture a part of instalment 1', { Amount: '120' }, ['The last capture: give the rest back']);
    const payment = await paymentOf(order);
    expect([payment.state, payment.captured, payment.capturable], ['captured', usd(12_000), usd(0)], 'the last part');
  });

  test('a large payment goes over the issuer’s page and comes back paid, with the liability shown', async () => {
    const order = await newOrder('PO-CHALLENGE', 250_000);
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await fillCard(page, CARDS.mastercard);
    await page.getByRole('dialog').getByRole('button', { name: 'Open the issuer’s page' }).waitFor();
    expect((await paymentOf(order)).state, 'authenticating', 'nothing is charged yet');
    await page.reload();
    await card().getByText('With the cardholder').waitFor();
    await card().getByRole('button', { name: 'Ask whether it is confirmed' }).click();
    await card().getByText('The issuer has not decided yet.').waitFor();
    await card().getByRole('button', { name: 'Open the issuer’s page' }).click();
    await page.locator('#code').fill('123456');
    await page.getByRole('button', { name: 'Confirm payment' }).click();
    await page.getByRole('heading', { name: 'PO-CHALLENGE' }).waitFor();
    await card().getByText('The cardholder was authenticated').waitFor();
    await card().getByText('the issuer', { exact: true }).waitFor();
    const payment = await paymentOf(order);
    expect([payment.state, payment.authentication?.liabilityShift], ['captured', true], 'charged with proof');
    assert.equal(new URL(page.url()).search, '', 'coming back leaves nothing in the address');
  });

  test('a challenge that the cardholder cancels is a decline in plain words, and nothing was charged', async () => {
    const order = await newOrder('PO-CANCELED', 260_000);
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await fillCard(page, CARDS.mastercard);
    await page.getByRole('dialog').getByRole('button', { name: 'Open the issuer’s page' }).click();
    await page.getByRole('button', { name: 'Cancel and go back to the merchant' }).click();
    await card().getByText('Declined: the issuer did not confirm the cardholder').waitFor();
    await card().getByText('The issuer did not confirm the cardholder (not authenticated, or canceled)').waitFor();
    await card().getByText('Nothing was charged.').waitFor();
    expect((await paymentOf(order)).captured, usd(0), 'nothing was charged');
  });

  test('a decline says its code and what it means for another try', async () => {
    const order = await newOrder('PO-DECLINED', 52_100);
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await fillCard(page, CARDS.visa);
    await page.getByRole('dialog').getByText('Declined:').waitFor();
    await page.keyboard.press('Escape');
    await card().getByText('INSUFFICIENT_FUNDS').first().waitFor();
    await card().getByText('The same card may work later, another one now.').waitFor();
    expect((await paymentOf(order)).decline?.class, 'soft', 'class of the decline');
  });

  test('an issuer that asks for the cardholder after a decline gets one, under the same payment', async () => {
    const order = await newOrder('PO-STEP-UP', 12_365);
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await fillCard(page, '2221000000000009');
    await page.getByRole('dialog').getByRole('button', { name: 'Open the issuer’s page' }).click();
    await page.locator('#code').fill('123456');
    await page.getByRole('button', { name: 'Confirm payment' }).click();
    await card().getByText('Captured', { exact: true }).first().waitFor();
    await card().getByText('then tried once more with the cardholder').waitFor();
    const found = (await paymentsOf(order)).map(({ state, captured }) => [state, captured]);
    expect(found, [['captured', usd(12_365)]], 'one payment, charged once');
  });

  test('an answer that was lost is “checking with the bank”, never failed, and is found by itself', async () => {
    const order = await newOrder('PO-CHECKING', 40_000);
    await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'any', count: 1 });
    await world.acquirer.post('/_sandbox/faults', { kind: 'drop_after', operation: 'payments', count: 1 });
    await open(order);
    await page.getByRole('button', { name: 'Pay' }).click();
    await fillCard(page, CARDS.visa);
    await page.getByRole('dialog').getByText('We are checking with the bank').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await card().getByText('We are checking with the bank').waitFor();
    await card().getByText('Checking with the bank', { exact: true }).waitFor();
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /failed|declined/i);
    await world.advance(0, 1);
    await card().getByText('Captured', { exact: true }).first().waitFor();
    expect(
      (await paymentsOf(order)).map(({ state }) => state),
      ['captured'],
      'charged once',
    );
  });

  test('nothing overflows at phone width, and no page threw', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const order of new Set(seen)) {
      await page.goto(`${world.addresses.api}/console/orders/${order}`);
      await page.waitForLoadState('networkidle');
      const { wide, view } = await widthsOf(page);
      assert.ok(wide <= view, `${order} is ${wide} wide in ${view}`);
    }
    assert.deepEqual(wrong, []);
  });
});
