/** What the browser tests share: the system's Chromium, signing in, paying with a card, and what a page must keep. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = BROWSERS.find((path) => existsSync(path));
const built = existsSync(join(import.meta.dirname, '../../web/dist/index.html'));
/** Why there can be no test in a browser; false when there can. */
export const NO_BROWSER =
  executablePath === undefined ? 'no Chromium on this machine' : built ? false : 'the pages have not been built';
const ARGS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath as string, args: ARGS });

/** Signs in at the page asked for; it is shown afterwards. */
export async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('API key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Fills the vault's frame of the dialog that is open, and sends it. */
export async function fillCard(page: Page, number: string, cvv = '111'): Promise<void> {
  const card = page.frameLocator('iframe');
  await card.locator('[autocomplete=cc-number]').fill(number);
  await card.locator('[autocomplete=cc-exp]').fill('12/31');
  await card.locator('[autocomplete=cc-csc]').fill(cvv);
  await card.getByRole('button').first().click();
}

interface Widths {
  readonly wide: number;
  readonly view: number;
}

/** How wide the page is, or what is cut off inside a panel or strip, which hide what overflows; and how wide the window. */
export async function widthsOf(page: Page): Promise<Widths> {
  const parts = `[document.documentElement, ...document.querySelectorAll('.panel, .money-strip, [role=dialog]')]`;
  const wide = `Math.max(...${parts}.map((part) => part.getBoundingClientRect().left + part.scrollWidth))`;
  return (await page.evaluate(`({ wide: Math.floor(${wide}), view: innerWidth })`)) as Widths;
}

/** `1,234.56` of minor units with two decimals, as the console writes amounts. */
export const shown = ({ value }: { readonly value: string }): string =>
  `${Number(value.slice(0, -2) || '0').toLocaleString('en-US')}.${value.padStart(2, '0').slice(-2)}`;
