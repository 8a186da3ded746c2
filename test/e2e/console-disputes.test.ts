/** Disputes in the console, in a real browser: the list, a case, evidence, challenge and accept. Figures are the API's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { seededRandom } from '../../src/base/random.ts';
import { CARDS, type Cast, cast, expect, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import type { Page as List, Money, OrderView, PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { launchBrowser, NO_BROWSER, shown, signIn, widthsOf } from './browser.ts';

interface Dispute {
  readonly id: string;
  readonly state: string;
  readonly turn: string | null;
  readonly networkId: string;
  readonly amount: Money;
  readonly respondBy: string | null;
  readonly money: {
    readonly taken: Money;
    readonly fees: Money;
    readonly cover: Readonly<Record<'held' | 'reserve' | 'seller' | 'debt', Money>> | null;
  };
}

describe('disputes in the console', { skip: NO_BROWSER }, () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let people: Cast;
  let console: string;
  let received: OrderView;
  let fraud: OrderView;
  const wrong: string[] = [];
  before(async () => {
    world = await startWorld();
    console = `${world.addresses.api}/console`;
    const context = { world, random: seededRandom(9), tell: textTeller() };
    people = await cast(context, { feeBps: 200, account: '4401778812', schedule: 'manual' });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => wrong.push(error.message));
    await signIn(page, `${console}/disputes`, world.operatorKey);
  });
  after(async () => {
    await browser?.close();
    await world?.end();
  });

  const raise = async (reference: string, cents: number, reasonCode: string): Promise<OrderView> => {
    const order = await people.api.post<OrderView>('/v1/orders', {
      seller: people.seller.id,
      buyer: people.buyer.id,
      reference,
      description: 'Disputed order',
      total: usd(cents),
      instalments: [{ amount: usd(cents), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 30 },
    });
    const paid = await people.api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
      instalment: 1,
      token: await world.tokenize(people.marketplace.id, CARDS.visa),
      capture: 'automatic',
    });
    const { operations } = await people.api.get<{ operations: { networkId: string }[] }>(`/v1/payments/${paid.id}`);
    await world.acquirer.post('/_sandbox/disputes', { transactionId: operations[0]?.networkId, reasonCode });
    return order;
  };
  const disputeOf = async ({ id }: OrderView): Promise<Dispute> =>
    (await people.api.get<List<Dispute>>(`/v1/disputes?order=${id}`)).data[0] as Dispute;
  const openCase = async (order: OrderView, title: string): Promise<void> => {
    await page.goto(`${console}/disputes/${(await disputeOf(order)).id}`);
    await page.getByRole('heading', { name: title }).waitFor();
  };
  const figures = async (): Promise<Record<string, string>> => {
    const strip = page.locator('.money-strip .figure');
    const all = await strip.allInnerTexts();
    return Object.fromEntries(all.map((text) => text.split('\n')).map(([name = '', amount = '']) => [name, amount]));
  };

  test('without disputes the list says so', async () => {
    await page.getByText('No payer has disputed a payment.').waitFor();
  });

  test('the list shows amount, order, reason and the time left; states filter it in the URL', async () => {
    received = await raise('PO-RECEIVED', 60_000, '13.1');
    fraud = await raise('PO-FRAUD', 33_300, '10.4');
    await world.advance(1);
    await page.reload();
    const row = page.getByRole('row', { name: /PO-RECEIVED/ });
    await row.waitFor();
    const { amount } = await disputeOf(received);
    for (const words of [
      'Goods or services not received',
      'Chargeback',
      shown(amount),
      people.seller.name,
      'd 23 h left',
    ])
      assert.ok((await row.innerText()).includes(words), `${words}: ${await row.innerText()}`);
    await page.getByLabel('Won', { exact: true }).check({ force: true });
    await page.getByText('No dispute is in such a state.').waitFor();
    await page.getByLabel('Chargeback', { exact: true }).check({ force: true });
    await row.waitFor();
    assert.match(page.url(), /state=won,chargeback/);
    await page.reload();
    await row.waitFor();
  });

  test('the keyboard alone leads from the orders to a case', async () => {
    await page.goto(`${console}/orders`);
    await page.getByText('PO-FRAUD').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('heading', { name: 'Disputes' }).waitFor();
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('It is our turn to answer.').waitFor();
  });

  test('a case says in plain words what is claimed, who bears it, and what it did to the money', async () => {
    await openCase(fraud, 'Fraud, card absent');
    // The timeline is fetched by itself, after the case.
    await page.getByText('Opened: chargeback').waitFor();
    const text = await page.locator('main').innerText();
    for (const words of [
      'The cardholder says that they did not make this payment.',
      'The seller’s: the cardholder was not authenticated',
      '10.4',
      'Opened: chargeback',
    ])
      assert.ok(text.includes(words), words);
    const { money } = await disputeOf(fraud);
    assert.ok(money.cover !== null);
    assert.deepEqual(await figures(), {
      Taken: `USD ${shown(money.taken)}`,
      'Network fees': `USD ${shown(money.fees)}`,
      'From the order': `USD ${shown(money.cover.held)}`,
      'From the reserve': `USD ${shown(money.cover.reserve)}`,
      'From the balance': `USD ${shown(money.cover.seller)}`,
      Debt: `USD ${shown(money.cover.debt)}`,
    });
    const { data } = await people.api.get<{ data: { title: string }[] }>(
      `/v1/disputes/${(await disputeOf(fraud)).id}/timeline`,
    );
    const titles = await page.locator('.entry-title > span:not(.amount)').allInnerTexts();
    assert.deepEqual(
      titles.map((title) => title.replace(/^\w+, \w+:\s+/, '')),
      data.map(({ title }) => title),
    );
  });

  test('evidence is added in the dialog, which names what is wrong; the challenge is confirmed and sent once', async () => {
    await openCase(received, 'Goods or services not received');
    assert.equal(await page.getByRole('button', { name: 'Challenge' }).count(), 0, 'not without evidence');
    const hand = async (name: string, content: string): Promise<void> => {
      await page
        .getByRole('dialog')
        .locator('input[type=file]')
        .setInputFiles({
          name,
          mimeType: 'application/octet-stream',
          buffer: Buffer.from(content),
        });
      await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
    };
    await page.getByRole('button', { name: 'Add evidence' }).click();
    await hand('letter.docx', 'x');
    await page.getByText('letter.docx is not a PDF, PNG, JPEG or text file.').waitFor();
    await hand('scan.pdf', 'this is no PDF');
    await page.getByText('is not application/pdf').waitFor();
    await hand('delivery.txt', 'Delivered and signed for');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('table', { name: 'Evidence' }).getByText('delivery.txt').waitFor();

    await page.getByRole('button', { name: 'Challenge' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('delivery.txt').waitFor();
    assert.equal((await disputeOf(received)).state, 'chargeback', 'nothing is sent before it is confirmed');
    await dialog.getByRole('button', { name: 'Send the challenge' }).click();
    await dialog.getByText('the bank took it').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('It is the bank’s turn.').waitFor();
    const challenged = await disputeOf(received);
    expect([challenged.state, challenged.turn], ['represented', 'theirs'], 'challenged');
    assert.equal(await page.getByRole('group', { name: 'Next moves' }).count(), 0, 'nothing can be done now');
  });

  test('won: the money is back, on the case and on its order', async () => {
    const { id, networkId } = await disputeOf(received);
    await world.acquirer.post(`/_sandbox/disputes/${networkId}/advance`, { to: 'WON' });
    await world.advance(1);
    await page.goto(`${console}/disputes/${id}`);
    await page.getByText('Won. The money is back').waitFor();
    const { money } = await disputeOf(received);
    assert.equal((await figures()).Taken, `USD ${shown(money.taken)}`);
    await page.getByRole('link', { name: 'PO-RECEIVED' }).click();
    await page.getByRole('heading', { name: 'PO-RECEIVED' }).waitFor();
    assert.equal(await page.getByText('A dispute is open.').count(), 0);
    const { held } = await people.api.get<OrderView>(`/v1/orders/${received.id}`);
    assert.equal((await figures()).Held, `USD ${shown(held)}`);
  });

  test('an order with an open dispute says so and leads to it; accepting asks first, and the network closes it', async () => {
    await page.goto(`${console}/orders/${fraud.id}`);
    await page.getByText('A dispute is open.').waitFor();
    const order = await people.api.get<OrderView & { disputed: Money }>(`/v1/orders/${fraud.id}`);
    assert.equal((await figures()).Disputed, `USD ${shown(order.disputed)}`);
    assert.equal(await page.getByRole('button', { name: /Refund/ }).count(), 0, 'no refund while it is open');
    await page.getByRole('table', { name: 'Disputes' }).getByRole('link', { name: 'Fraud, card absent' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await disputeOf(fraud)).turn, 'ours', 'nothing was accepted');
    await page.getByRole('button', { name: 'Accept' }).click();
    await dialog.getByRole('button', { name: 'Accept: it is lost' }).click();
    await dialog.getByText('the bank took it').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await world.advance(0, 1);
    await page.reload();
    await page.getByText('Accepted. The money stays with the cardholder.').waitFor();
    assert.equal((await disputeOf(fraud)).state, 'accepted');
  });

  test('nothing overflows at phone width, and no page threw', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const ids = [(await disputeOf(received)).id, (await disputeOf(fraud)).id];
    for (const path of ['disputes', ...ids.map((id) => `disputes/${id}`), `orders/${fraud.id}`, 'disputes/dsp_0']) {
      await page.goto(`${console}/${path}`);
      await page.waitForLoadState('networkidle');
      const { wide, view } = await widthsOf(page);
      assert.ok(wide <= view, `${path} is ${wide} wide in ${view}`);
    }
    assert.deepEqual(wrong, []);
  });
});
