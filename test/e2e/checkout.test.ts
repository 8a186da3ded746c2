/**
 * The buyer's checkout in a browser, against a whole world: every state on a phone and some on a desk, reloads and second tabs
 * in each, and the acquirer's own books for how often the card was charged.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { scanBytes } from '../support/card-scan.ts';
import { type Buyer, checkoutScene, DESKTOP, NO_BROWSER, type Scene } from './checkout-scene.ts';

const VISA = '4112344112344113';
/** The sandbox's issuer asks its holder. */
const CHALLENGED = '5112345112345114';
/** The same, and declines an amount that ends in 65 without proof of it. */
const WANTS_PROOF = '2221000000000009';

describe('the checkout in a browser', { skip: NO_BROWSER }, () => {
  let scene: Scene;
  before(async () => {
    scene = await checkoutScene();
  });
  after(() => scene?.end());

  /** A second tab of the same browser, and a browser that has only the link, show the same. */
  const elsewhere = async (buyer: Buyer, link: { url: string }, heading: string | RegExp): Promise<void> => {
    const tab = await buyer.context.newPage();
    await tab.goto(link.url);
    await tab.getByRole('heading', { name: heading }).waitFor();
    await tab.close();
  };
  const fault = (kind: string, more: object = {}) =>
    scene.world.acquirer.post('/_sandbox/faults', { kind, operation: 'payments', count: 1, ...more });
  const confirm = async ({ page }: Buyer, code = '123456'): Promise<void> => {
    await page.getByLabel('One-time code').fill(code);
    await page.getByRole('button', { name: 'Confirm payment' }).click();
  };

  test('the first start has a link for the sample order', async () => {
    const { world } = scene;
    const { data } = await world.operator.get<{ data: { id: string }[] }>('/v1/orders?q=PO-2026-0417');
    const links = await world.operator.get<{ data: { state: string; instalment: number }[] }>(
      `/v1/orders/${data[0]?.id}/checkout-links`,
    );
    assert.deepEqual(
      links.data.map(({ state, instalment }) => [state, instalment]),
      [['active', 1]],
    );
  });

  test('paid: seller, goods, amount and plan are shown, a double press charges once, the receipt stays', async () => {
    const order = await scene.order(36_000, 84_000);
    const link = await scene.link(order, { returnUrl: 'https://harbor.example/orders/7' });
    const buyer = await scene.buyer(DESKTOP);
    const { page } = buyer;
    await buyer.open(link);
    await buyer.sees('Pay by card');
    const words = await page.locator('main').innerText();
    for (const word of [scene.people.seller.name, 'China', 'Portable speakers', '$360.00', '$840.00', '$1,200.00'])
      assert.ok(words.includes(word), word);
    assert.match(
      words,
      /does not get it when you pay\. It is released 2 days after you confirm .* 60 days after shipment\./,
    );
    await buyer.enter(VISA);
    await page.getByRole('button', { name: 'Pay $360.00' }).dblclick();
    await buyer.sees('$360.00 paid');
    await page.reload();
    await buyer.sees('$360.00 paid');
    await elsewhere(buyer, link, '$360.00 paid');
    const [payment, ...others] = await scene.payments(order);
    assert.deepEqual([payment?.state, others.length], ['captured', 0]);
    const receipt = await page.locator('dl').innerText();
    for (const word of ['PO-CHECKOUT-1', 'Visa ending in 4113', '$360.00 USD']) assert.ok(receipt.includes(word), word);
    assert.equal(
      await page.getByRole('link', { name: /^Back to/ }).getAttribute('href'),
      'https://harbor.example/orders/7',
    );
    await page.getByText('The balance of $840.00 is due before shipment').waitFor();
    const origins = new Set(buyer.requests.map((request) => new URL(request.url()).origin));
    assert.deepEqual(
      origins,
      new Set([new URL(link.url).origin, scene.world.addresses.vault.replace('127.0.0.1', 'localhost')]),
    );
    const own = buyer.requests.filter((request) => request.url().startsWith(new URL(link.url).origin));
    assert.deepEqual(scanBytes(Buffer.from(own.map((request) => request.postData() ?? '').join('\n')), 'requests'), []);
    const { headers } = await fetch(link.url);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    await buyer.context.close();
  });

  test('by keyboard: Enter in the form pays; a form with something missing says what', async () => {
    const buyer = await scene.buyer(DESKTOP);
    await buyer.open(await scene.link(await scene.order(1_000)));
    await buyer.page.getByRole('button', { name: 'Pay $10.00' }).click();
    await buyer.page.frameLocator('iframe').getByText('Enter the card number.').waitFor();
    await buyer.enter(VISA);
    await buyer.page.keyboard.press('Enter');
    await buyer.sees('$10.00 paid');
    await buyer.context.close();
  });

  test('declined: what to do stands there, also after a reload; then another card', async () => {
    const order = await scene.order(30_300);
    const link = await scene.link(order);
    const buyer = await scene.buyer();
    await buyer.open(link);
    await buyer.pay(VISA);
    const notice = buyer.page.getByRole('alert');
    await notice.filter({ hasText: 'Visa ending in 4113 was not charged' }).waitFor();
    await buyer.page.reload();
    await notice.filter({ hasText: 'Use another card, or call the number on the back' }).waitFor();
    await buyer.sees('Pay by card');
    await buyer.pay('4111111111111111');
    await buyer.sees('$303.00 paid');
    await buyer.page.getByText('Visa ending in 1111').waitFor();
    assert.deepEqual(
      (await scene.payments(order)).map(({ state }) => state),
      ['declined', 'captured'],
    );
    await buyer.context.close();
  });

  test('an issuer that wants proof gets it within the attempt, and the same card is charged', async () => {
    const order = await scene.order(4_465);
    const buyer = await scene.buyer();
    await buyer.open(await scene.link(order));
    await buyer.pay(WANTS_PROOF);
    await confirm(buyer);
    await buyer.sees('$44.65 paid');
    assert.deepEqual(
      (await scene.payments(order)).map(({ state }) => state),
      ['captured'],
    );
    await buyer.context.close();
  });

  test('a challenge: left and found again, given up, passed; the way back shows no token', async () => {
    const order = await scene.order(360_000);
    const link = await scene.link(order);
    const buyer = await scene.buyer();
    const { page } = buyer;
    await buyer.open(link);
    await buyer.pay(CHALLENGED);
    await page.getByRole('button', { name: 'Cancel and go back to the merchant' }).click();
    await page.getByRole('alert').filter({ hasText: 'was not confirmed with your bank' }).waitFor();
    assert.equal(page.url(), link.url);
    await buyer.sees('Pay by card');
    await buyer.pay(CHALLENGED);
    await page.getByLabel('One-time code').waitFor();
    await buyer.open(link);
    await buyer.sees('Your bank asks you to confirm');
    await page.reload();
    await buyer.sees('Your bank asks you to confirm');
    await elsewhere(buyer, link, 'Your bank asks you to confirm');
    await page.getByRole('button', { name: 'Continue to your bank' }).click();
    await confirm(buyer, '000000');
    await confirm(buyer);
    await buyer.sees('$3,600.00 paid');
    await page.reload();
    await buyer.sees('$3,600.00 paid');
    const atIssuer = buyer.requests.filter((request) => request.url().startsWith(scene.world.addresses.acquirer));
    const token = link.url.split('/').at(-1) as string;
    assert.ok(atIssuer.length > 0);
    for (const request of atIssuer) {
      const said = `${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`;
      assert.equal(said.includes(token), false);
    }
    assert.deepEqual(
      (await scene.payments(order)).map(({ state }) => state),
      ['declined', 'captured'],
    );
    await buyer.context.close();
  });

  test('the answer is lost after the acquirer has acted: checking, never failed, in every tab; then paid, once', async () => {
    const order = await scene.order(5_000);
    const link = await scene.link(order, { expiresIn: 1800 });
    const buyer = await scene.buyer();
    await fault('drop_after');
    await fault('notify_drop');
    await buyer.open(link);
    await buyer.pay(VISA);
    const checking = 'We are checking with the bank';
    await buyer.sees(checking);
    await buyer.page.getByText('You have not been charged twice, and you need not do anything.').waitFor();
    await buyer.page.reload();
    await buyer.sees(checking);
    await elsewhere(buyer, link, checking);
    assert.equal(await buyer.page.getByRole('button').count(), 0, 'nothing to press');
    // The link ends meanwhile; the word of the bank is told all the same, without a reload.
    await scene.world.advance(0, 1);
    await buyer.sees('$50.00 paid');
    await buyer.page.reload();
    await buyer.sees('$50.00 paid');
    assert.deepEqual(
      (await scene.payments(order)).map(({ state }) => state),
      ['captured'],
    );
    await buyer.context.close();
  });

  test('a slow bank: first paying, then checking, then paid, all by itself', async () => {
    const order = await scene.order(9_000);
    const buyer = await scene.buyer();
    await fault('delay', { delayMs: 10_500 });
    await fault('notify_drop');
    await buyer.open(await scene.link(order));
    await buyer.pay(VISA);
    await buyer.page.getByText('Please keep this page open.').waitFor();
    assert.equal(await buyer.page.getByRole('button', { name: 'Paying…' }).isDisabled(), true);
    await buyer.sees('We are checking with the bank');
    await buyer.sees('$90.00 paid');
    assert.equal((await scene.payments(order)).length, 1);
    await buyer.context.close();
  });

  test('the request never arrived: checking, and then the buyer may pay again', async () => {
    const order = await scene.order(6_000);
    const buyer = await scene.buyer();
    await fault('drop_before');
    await buyer.open(await scene.link(order));
    await buyer.pay(VISA);
    await buyer.sees('We are checking with the bank');
    await scene.world.advance(0, 1);
    await buyer.page.getByText('The payment did not reach the bank. Please try again.').waitFor();
    await buyer.pay(VISA);
    await buyer.sees('$60.00 paid');
    assert.deepEqual(
      (await scene.payments(order)).map(({ state }) => state),
      ['declined', 'captured'],
    );
    await buyer.context.close();
  });

  test('our own server is out of reach while the button is pressed: sent again, charged once', async () => {
    const order = await scene.order(7_000);
    const buyer = await scene.buyer();
    await buyer.open(await scene.link(order));
    let lost = 0;
    await buyer.page.route('**/pay', async (route) => {
      lost += 1;
      if (lost === 1) return route.abort();
      if (lost === 2) {
        // It arrives, and its answer is lost.
        await route.fetch();
        return route.abort();
      }
      return route.continue();
    });
    await buyer.pay(VISA);
    await buyer.page.getByText('We keep trying, and you will not be charged twice.').waitFor();
    await buyer.sees('$70.00 paid');
    assert.equal(lost, 3);
    assert.equal((await scene.payments(order)).length, 1);
    await buyer.context.close();
  });

  test('two tabs with a card in each: one is charged, the other hears of it', async () => {
    const order = await scene.order(8_000);
    const link = await scene.link(order);
    const [one, two] = [await scene.buyer(), await scene.buyer()];
    for (const buyer of [one, two]) {
      await buyer.open(link);
      await buyer.enter(VISA);
    }
    await Promise.all([one, two].map(({ page }) => page.getByRole('button', { name: 'Pay $80.00' }).click()));
    await Promise.all([one.sees('$80.00 paid'), two.sees('$80.00 paid')]);
    assert.equal((await scene.payments(order)).length, 1);
    await one.context.close();
    await two.context.close();
  });

  test('ended, taken back, canceled, not due, paid otherwise, unknown: each has a page of its own', async () => {
    const { api } = scene.people;
    const order = await scene.order(30_000, 70_000);
    const [revoked, balance, deposit] = [
      await scene.link(order),
      await scene.link(order, { instalment: 2 }),
      await scene.link(order),
    ];
    const [late, canceled] = [await scene.order(100), await scene.order(100)];
    const [expired, gone] = [await scene.link(late, { expiresIn: 60 }), await scene.link(canceled)];
    await api.post(`/v1/checkout-links/${revoked.id}/revoke`);
    await api.post(`/v1/orders/${canceled.id}/cancel`, { reason: 'sold out' });
    const buyer = await scene.buyer();
    const shows = async (link: { url: string }, heading: string): Promise<void> => {
      await buyer.page.goto(link.url);
      await buyer.sees(heading);
      assert.equal(await buyer.page.locator('iframe').count(), 0);
      await buyer.page.reload();
      await buyer.sees(heading);
    };
    await shows(revoked, 'This link is no longer valid');
    await shows(balance, 'The deposit comes first');
    await shows(gone, 'This order was canceled');
    await shows({ url: `${deposit.url.slice(0, -3)}xyz` }, 'We do not know this link');
    await shows({ url: deposit.url.replace(/[^/]*$/, 'return') }, 'Open your payment link again');
    const token = await scene.world.tokenize(scene.people.marketplace.id, VISA);
    await api.post(`/v1/orders/${order.id}/payments`, { instalment: 1, token });
    await shows(deposit, 'This is already paid');
    await buyer.open(balance);
    await buyer.sees('Pay by card');
    await scene.world.advance(0, 1);
    await shows(expired, 'This link has expired');
    await buyer.context.close();
  });
});
