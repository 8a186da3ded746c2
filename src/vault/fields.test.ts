/** The hosted fields in a real browser, framed by a shop of another origin: keyboard, words, states, tokens, whom they hear. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { scanBytes } from '../../test/support/card-scan.ts';
import { AGREEMENT, BUYER, MARKETPLACE, NEXT_YEAR, SECRET, type TestVault, testVault, VISA } from './test-vault.ts';

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const skip = executablePath === undefined ? 'no Chromium; CHROMIUM_PATH names one' : false;

/** A checkout that shows the frame and keeps every message it gets. */
const CHECKOUT = `<!doctype html><title>Shop</title><iframe id="frame" title="Card" style="width:420px;height:340px"></iframe>
<script>
  window.got = [];
  window.heights = [];
  addEventListener('message', ({ data, origin }) => {
    if (data.type === 'causeway.size') window.heights.push(data.height);
    else window.got.push({ data, origin });
  });
  document.getElementById('frame').src = new URLSearchParams(location.search).get('frame');
</script>`;

interface Message {
  readonly data: Readonly<Record<string, unknown>>;
  readonly origin: string;
}

describe('hosted fields', { skip }, () => {
  let browser: Browser;
  let page: Page;
  let vault: TestVault;
  let vaultOrigin: string;
  const shops: Server[] = [];
  let shopOrigin: string;
  /** Listed like the shop, and not listed. */
  let partnerOrigin: string;
  let strangerOrigin: string;

  async function openShop(): Promise<string> {
    const shop = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(CHECKOUT),
    );
    shops.push(shop);
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  }

  before(async () => {
    [shopOrigin, partnerOrigin, strangerOrigin] = [await openShop(), await openShop(), await openShop()];
    vault = testVault({ frameAncestors: [shopOrigin, partnerOrigin] });
    await vault.app.listen({ port: 0, host: '127.0.0.1' });
    vaultOrigin = `http://127.0.0.1:${(vault.app.server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await vault?.app.close();
    for (const shop of shops) {
      shop.closeAllConnections();
      shop.close();
    }
  });

  async function open(path: string, more: Record<string, string>): Promise<FrameLocator> {
    const query = new URLSearchParams({ parent: shopOrigin, ...more });
    await page.goto(`${shopOrigin}/?${new URLSearchParams({ frame: `${vaultOrigin}${path}?${query}` })}`);
    const frame = page.frameLocator('#frame');
    await frame.getByRole('button').waitFor();
    return frame;
  }
  /** A checkout of one origin that shows the card form as if it were another's. */
  const checkoutOf = (origin: string, parent: string): string => {
    const frame = `${vaultOrigin}/fields?${new URLSearchParams({ marketplace: MARKETPLACE, parent })}`;
    return `${origin}/?${new URLSearchParams({ frame })}`;
  };
  const toFrame = (type: string) =>
    page.evaluate((message) => {
      const { document } = globalThis as unknown as {
        document: { getElementById(id: string): { contentWindow: { postMessage(data: unknown, to: string): void } } };
      };
      document.getElementById('frame').contentWindow.postMessage({ type: message }, '*');
    }, type);
  const messages = (): Promise<Message[]> => page.evaluate(() => (globalThis as unknown as { got: Message[] }).got);
  const lastState = async (type: string): Promise<Record<string, unknown> | undefined> =>
    (await messages()).findLast(({ data }) => data.type === type)?.data;
  const waitFor = (type: string) =>
    page.waitForFunction(
      (wanted) => (globalThis as unknown as { got: Message[] }).got.some(({ data }) => data.type === wanted),
      type,
    );

  /** Messages travel by themselves: the state that says all is well may come a moment after the last key. */
  const waitUntilComplete = () =>
    page.waitForFunction(() => (globalThis as unknown as { got: Message[] }).got.at(-1)?.data.complete === true);

  test('by keyboard alone a card becomes a token; the shop hears states, brand and token, never a digit of it', async () => {
    const frame = await open('/fields', { marketplace: MARKETPLACE });
    await frame.getByLabel('Card number').focus();
    await page.keyboard.type(VISA);
    assert.equal(await frame.getByLabel('Card number').inputValue(), '4111 1111 1111 1111');
    await page.keyboard.press('Tab');
    await page.keyboard.type(`12${NEXT_YEAR % 100}`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('123');
    await waitUntilComplete();
    assert.deepEqual(await lastState('causeway.card-state'), {
      type: 'causeway.card-state',
      complete: true,
      brand: 'visa',
      fields: { number: 'valid', expiry: 'valid', cvv: 'valid' },
    });
    await page.keyboard.press('Enter');
    await waitFor('causeway.card-token');
    const all = await messages();
    assert.ok(all.every(({ origin }) => origin === vaultOrigin));
    const made = all.findLast(({ data }) => data.type === 'causeway.card-token')?.data;
    assert.deepEqual(Object.keys(made ?? {}).sort(), ['brand', 'stored', 'token', 'type']);
    const row = vault.store.cards.get(String(made?.token));
    assert.deepEqual([row?.brand, row?.last4, row?.singleUse], ['visa', '1111', true]);
    const heard = JSON.stringify(all).replaceAll(String(made?.token), '').replaceAll(vaultOrigin, '');
    assert.deepEqual(scanBytes(Buffer.from(heard), 'messages'), []);
    assert.equal(/\d/.test(heard), false, 'no digit at all');
    assert.equal(await frame.getByRole('status').textContent(), 'Card ending in 1111 is ready.');
  });

  test('what is wrong stands beside the field in words, tied to it, and goes when it is right', async () => {
    const frame = await open('/fields', { marketplace: MARKETPLACE });
    const number = frame.getByLabel('Card number');
    await frame.getByRole('button', { name: 'Use this card' }).click();
    assert.equal(await frame.locator('#number-error').textContent(), 'Enter the card number.');
    assert.equal(await frame.locator('#expiry-error').textContent(), 'Enter month and year, such as 08 / 30.');
    assert.equal(await number.getAttribute('aria-invalid'), 'true');
    assert.match((await number.getAttribute('aria-describedby')) ?? '', /number-error/);
    assert.equal(await frame.locator('#number-error').getAttribute('role'), 'alert');
    assert.equal(
      await number.evaluate((element) => element === element.ownerDocument.activeElement),
      true,
      'focus is on the first',
    );
    await number.fill('4111111111111112');
    await number.blur();
    assert.equal(
      await frame.locator('#number-error').textContent(),
      'Check the card number: one of its digits is wrong.',
    );
    await number.fill(VISA);
    assert.equal(await frame.locator('#number-error').textContent(), '');
    assert.equal(await number.getAttribute('aria-invalid'), 'false');
    assert.equal(await frame.locator('#number-hint').textContent(), 'Visa');
    await frame.getByLabel('Expiry').fill('01/20');
    await frame.getByLabel('Expiry').blur();
    assert.equal(await frame.locator('#expiry-error').textContent(), 'This card has expired. Use another card.');
    for (const [label, hint] of [
      ['Card number', 'cc-number'],
      ['Expiry', 'cc-exp'],
      ['Security code', 'cc-csc'],
    ] as const) {
      assert.equal(await frame.getByLabel(label).getAttribute('autocomplete'), hint);
      assert.equal(await frame.getByLabel(label).getAttribute('inputmode'), 'numeric');
    }
  });

  test("the vault's own word is shown when it refuses what the page let pass", async () => {
    const frame = await open('/fields', { marketplace: MARKETPLACE });
    await page.route('**/v1/tokens', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'invalid_card',
          errors: [{ pointer: '/card/expiryYear', code: 'expired', detail: 'Words of the vault.' }],
        }),
      }),
    );
    await frame.getByLabel('Card number').fill(VISA);
    await frame.getByLabel('Expiry').fill(`12/${NEXT_YEAR}`);
    await frame.getByLabel('Security code').fill('123');
    await frame.getByRole('button').click();
    await frame.locator('#expiry-error', { hasText: 'Words of the vault.' }).waitFor();
    await page.unroute('**/v1/tokens');
    await page.route('**/v1/tokens', (route) => route.abort());
    await frame.getByRole('button').click();
    await frame.getByRole('status').filter({ hasText: 'No connection. Please try again.' }).waitFor();
    await page.unroute('**/v1/tokens');
    await frame.getByRole('button').click();
    await waitFor('causeway.card-token');
  });

  test('a card is kept when the buyer ticks the box, which is there only for a named buyer', async () => {
    const without = await open('/fields', { marketplace: MARKETPLACE });
    assert.equal(await without.getByRole('checkbox').count(), 0);
    for (const tick of [true, false]) {
      const frame = await open('/fields', { marketplace: MARKETPLACE, buyer: BUYER, agreement: AGREEMENT });
      const box = frame.getByLabel('Keep this card for my next purchases');
      assert.equal(await box.isChecked(), false, 'nobody agreed yet');
      if (tick) await box.check();
      await frame.getByLabel('Card number').fill(VISA);
      await frame.getByLabel('Expiry').fill(`12/${NEXT_YEAR}`);
      await frame.getByLabel('Security code').fill('123');
      await frame.getByRole('button').click();
      await waitFor('causeway.card-token');
      const made = await lastState('causeway.card-token');
      assert.equal(made?.stored, tick);
      const row = vault.store.cards.get(String(made?.token));
      assert.deepEqual(
        [row?.singleUse, row?.buyer, row?.agreement],
        tick ? [false, BUYER, AGREEMENT] : [true, null, null],
      );
    }
  });

  test('the parent may submit; a page in between, or the frame itself, is not heard', async () => {
    const frame = await open('/fields', { marketplace: MARKETPLACE });
    const words = frame.locator('#number-error');
    const inner = page.frames().find((each) => each.url().startsWith(vaultOrigin));
    // The frame's own window is another source than its parent.
    await inner?.evaluate(() => {
      (globalThis as unknown as { postMessage(data: unknown, to: string): void }).postMessage(
        { type: 'causeway.submit' },
        '*',
      );
    });
    await page.waitForTimeout(150);
    assert.equal(await words.textContent(), '');
    await toFrame('causeway.something');
    await page.waitForTimeout(100);
    assert.equal(await words.textContent(), '');
    await toFrame('causeway.submit');
    await words.filter({ hasText: 'Enter the card number.' }).waitFor();
  });

  test('a checkout with a button of its own sends the form, hears a refusal, and can make the frame as high as the form', async () => {
    const query = new URLSearchParams({ parent: shopOrigin, marketplace: MARKETPLACE, button: 'parent' });
    await page.goto(`${shopOrigin}/?${new URLSearchParams({ frame: `${vaultOrigin}/fields?${query}` })}`);
    const frame = page.frameLocator('#frame');
    await frame.getByLabel('Card number').fill(VISA);
    assert.equal(await frame.getByRole('button').count(), 0);
    await toFrame('causeway.submit');
    await waitFor('causeway.refused');
    assert.match((await frame.locator('#expiry-error').textContent()) ?? '', /Enter month and year/);
    const [told, high] = await Promise.all([
      page.evaluate(() => (globalThis as unknown as { heights: number[] }).heights.at(-1)),
      frame.locator('body').evaluate((body) => Math.ceil(body.getBoundingClientRect().height)),
    ]);
    assert.equal(told, high);
    await frame.getByLabel('Expiry').fill(`12/${NEXT_YEAR}`);
    await frame.getByLabel('Security code').fill('123');
    await page.keyboard.press('Enter');
    await waitFor('causeway.card-token');
  });

  test('a page of another origin cannot show the form, even when the address names a listed parent', async () => {
    await page.goto(checkoutOf(strangerOrigin, shopOrigin));
    await page.waitForTimeout(300);
    assert.equal(await page.frameLocator('#frame').getByLabel('Card number').count(), 0);
    assert.deepEqual(await messages(), []);
  });

  test('a listed page that the frame was not opened for hears nothing and is not heard', async () => {
    await page.goto(checkoutOf(partnerOrigin, shopOrigin));
    const frame = page.frameLocator('#frame');
    await frame.getByLabel('Card number').fill(VISA);
    await toFrame('causeway.submit');
    await page.waitForTimeout(200);
    assert.deepEqual(await messages(), []);
    assert.equal(await frame.locator('#expiry-error').textContent(), '');
  });

  test("another frame of the shop's origin is not its parent", async () => {
    const frame = await open('/fields', { marketplace: MARKETPLACE });
    await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { body: { insertAdjacentHTML(at: string, html: string): void } };
      };
      const script =
        "parent.document.getElementById('frame').contentWindow.postMessage({ type: 'causeway.submit' }, '*')";
      document.body.insertAdjacentHTML(
        'beforeend',
        `<iframe id="beside" srcdoc="<script>${script}</script>"></iframe>`,
      );
    });
    await page.waitForTimeout(300);
    assert.equal(await frame.locator('#number-error').textContent(), '');
  });

  test('the security code of a stored card is asked again and stays in memory', async () => {
    const card = { number: VISA, expiryMonth: 12, expiryYear: NEXT_YEAR };
    const payload = { marketplace: MARKETPLACE, card, store: true, buyer: BUYER, agreement: AGREEMENT };
    const { token } = (await vault.app.inject({ method: 'POST', url: '/v1/tokens', payload })).json();
    const frame = await open('/fields/cvv', { token });
    await frame.getByLabel('Security code').fill('12');
    await frame.getByRole('button', { name: 'Confirm' }).click();
    assert.equal(await frame.locator('#cvv-error').textContent(), 'The security code has 3 digits.');
    await frame.getByLabel('Security code').fill('123');
    await waitUntilComplete();
    assert.deepEqual(await lastState('causeway.cvv-state'), {
      type: 'causeway.cvv-state',
      complete: true,
      fields: { cvv: 'valid' },
    });
    await frame.getByRole('button').click();
    await waitFor('causeway.cvv-ready');
    assert.deepEqual(await lastState('causeway.cvv-ready'), { type: 'causeway.cvv-ready', token });
    assert.equal(vault.cvvs.take(token)?.cvv, '123');
    const listed = await vault.app.inject({
      url: `/v1/cards?marketplace=${MARKETPLACE}&buyer=${BUYER}`,
      headers: { authorization: `Bearer ${SECRET}` },
    });
    assert.equal(
      listed.json().cards.some((each: { token: string }) => each.token === token),
      true,
    );
  });

  test('on a phone nothing is wider than the screen and everything is large enough for a finger', async () => {
    const phone = await browser.newContext({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    const small = await phone.newPage();
    await small.goto(`${vaultOrigin}/fields?${new URLSearchParams({ marketplace: MARKETPLACE, parent: shopOrigin })}`);
    const sizes = await small.locator('input, button').evaluateAll((all) =>
      all.map((each) => {
        const { height, right } = each.getBoundingClientRect();
        return { height, right };
      }),
    );
    assert.ok(
      sizes.every(({ height, right }) => height >= 44 && right <= 320),
      JSON.stringify(sizes),
    );
    await phone.close();
  });
});
