/** A page on a phone, 390 pixels wide, and what every page of a phone or a till must keep. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { widthsOf } from './browser.ts';

export async function openPhone(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

const dirOfShots = process.env.SHOTS;

/**
 * Nothing is cut off or too small to hit, everything that can be filled in has a name, and there is one heading. With SHOTS=folder the page
 * is kept there as `name`.png.
 */
export async function look(page: Page, name: string): Promise<void> {
  const { wide, view } = await widthsOf(page);
  assert.ok(wide <= view, `${await page.title()}: ${wide} wide in ${view}`);
  for (const target of await page.locator('button, a, input, textarea').all()) {
    const box = await target.boundingBox();
    assert.ok(box === null || box.height >= 44, `${await target.innerText()} is ${box?.height} pixels high`);
  }
  for (const field of await page.locator('input:not([type=hidden]), textarea').all())
    assert.equal(await page.locator(`label[for="${await field.getAttribute('id')}"]`).count(), 1);
  assert.equal(await page.locator('h1').count(), 1);
  if (dirOfShots !== undefined) await page.screenshot({ path: `${dirOfShots}/${name}.png`, fullPage: true });
}
