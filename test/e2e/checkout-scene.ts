/** What the checkout's browser tests share: a world, orders with links, and a buyer with a browser who can be looked at. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { seededRandom } from '../../src/base/random.ts';
import { type Cast, cast, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import type { Page as List, OrderView, PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));
const built = existsSync(join(import.meta.dirname, '../../web/dist/checkout.html'));
/** Why these tests cannot run here, or false. */
export const NO_BROWSER =
  executablePath === undefined ? 'no Chromium on this machine' : built ? false : 'the pages have not been built';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

export interface Link {
  readonly id: string;
  readonly url: string;
}

export interface Scene {
  readonly world: World;
  readonly people: Cast;
  order(...cents: number[]): Promise<OrderView>;
  link(order: OrderView, fields?: object): Promise<Link>;
  payments(order: OrderView): Promise<readonly PaymentView[]>;
  /** A buyer's browser: nothing remembered from others. */
  buyer(viewport?: { width: number; height: number }): Promise<Buyer>;
  end(): Promise<void>;
}

export interface Buyer {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request that any of the buyer's pages has made. */
  readonly requests: readonly Request[];
  open(link: Link): Promise<void>;
  /** Types the card into the vault's frame. */
  enter(number: string): Promise<void>;
  /** Enters a card and presses the button. */
  pay(number: string): Promise<void>;
  /** Waits for the panel with this heading, and holds the page to what is true of every state. */
  sees(heading: string | RegExp): Promise<void>;
}

export async function checkoutScene(): Promise<Scene> {
  const world = await startWorld();
  const browser = await chromium.launch({
    executablePath: executablePath as string,
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  const people = await cast(
    { world, random: seededRandom(11), tell: textTeller() },
    { feeBps: 200, account: '4401778812', schedule: 'daily' },
  );
  let orders = 0;
  return {
    world,
    people,
    order: (...cents) => {
      orders += 1;
      return people.api.post<OrderView>('/v1/orders', {
        seller: people.seller.id,
        buyer: people.buyer.id,
        reference: `PO-CHECKOUT-${orders}`,
        description: 'Portable speakers, 2,000 pieces',
        total: usd(cents.reduce((sum, each) => sum + each, 0)),
        instalments: cents.map((each, index) => ({ amount: usd(each), due: index === 0 ? 'now' : 'before_shipment' })),
        shipBy: { daysAfterFirstPayment: 30 },
      });
    },
    link: ({ id }, fields = {}) => people.api.post<Link>(`/v1/orders/${id}/checkout-links`, fields),
    payments: async ({ id }) => (await people.api.get<List<PaymentView>>(`/v1/orders/${id}/payments`)).data,
    buyer: (viewport = PHONE) => openBuyer(browser, viewport),
    end: async () => {
      await browser.close();
      await world.end();
    },
  };
}

async function openBuyer(browser: Browser, viewport: { width: number; height: number }): Promise<Buyer> {
  const touch = viewport.width < 600 ? { hasTouch: true, isMobile: true } : {};
  const context = await browser.newContext({ viewport, locale: 'en-US', ...touch });
  context.setDefaultTimeout(25_000);
  const page = await context.newPage();
  const requests: Request[] = [];
  const wrong: string[] = [];
  context.on('request', (request) => requests.push(request));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) wrong.push(message.text());
  });
  const enter = async (number: string): Promise<void> => {
    const card = page.frameLocator('iframe');
    await card.getByLabel('Card number').fill(number);
    await card.getByLabel('Expiry').fill('12/31');
    await card.getByLabel('Security code').fill('111');
  };
  return {
    page,
    context,
    requests,
    open: async ({ url }) => {
      await page.goto(url);
    },
    enter,
    pay: async (number) => {
      await enter(number);
      await page.getByRole('button', { name: /^Pay / }).click();
    },
    sees: async (heading) => {
      await page.getByRole('heading', { name: heading }).waitFor();
      await holdsUp(page);
      assert.deepEqual(wrong, []);
    },
  };
}

/** True of every state: no word of failure, nothing wider than the screen, words that can be read, a language and a title. */
async function holdsUp(page: Page): Promise<void> {
  const found = (await page.evaluate(`(${inPage})()`)) as Found;
  assert.ok(found.wide <= found.view, `${found.wide} wide in ${found.view}`);
  assert.deepEqual(found.pale, [], 'text with a contrast below 4.5 (WCAG 2.2 AA, 1.4.3)');
  assert.deepEqual(found.low, [], 'things to press that are lower than 44 pixels');
  assert.deepEqual(found.unnamed, [], 'sections and frames without a name');
  assert.match(found.language, /^en/);
  assert.ok(found.title.length > 7, found.title);
  assert.equal(/\bfail/i.test(found.text), false, 'a word of failure');
}

interface Found {
  readonly wide: number;
  readonly view: number;
  readonly pale: readonly string[];
  readonly low: readonly string[];
  readonly unnamed: readonly string[];
  readonly language: string;
  readonly title: string;
  readonly text: string;
}

// Runs in the page.
const inPage = `() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if ((channels(color)[3] ?? 1) === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (element) => {
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length > 0);
  const texts = shown('#checkout *').filter(hasText);
  const named = (each) => each.title || document.getElementById(each.getAttribute('aria-labelledby') ?? '')?.textContent;
  return {
    wide: document.documentElement.scrollWidth,
    view: innerWidth,
    pale: texts.filter((each) => contrast(each) < 4.5).map((each) => each.textContent),
    low: shown('button, a').filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.textContent),
    unnamed: shown('section, iframe').filter((each) => !named(each)).map((each) => each.className),
    language: document.documentElement.lang,
    title: document.title,
    text: document.body.innerText,
  };
}`;
