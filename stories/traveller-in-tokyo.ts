/**
 * A traveller from Kuala Lumpur scans the printed code of a shop in Tokyo and pays ¥3,980 with the wallet from home. The wallet debits, and
 * its word is lost; two questions about it are lost as well. Nobody says paid or failed until the third is answered: then the shop
 * is told, and what the traveller was shown before is what was taken.
 */
import {
  balanceOf,
  confirm,
  digitsOf,
  eventsOf,
  lastPaymentOf,
  namesOf,
  phoneShows,
  soldAt,
  type Till,
  type Traveller,
  traveller,
  type WalletPayment,
} from './hub-scene.ts';
import { expect, type Story, type StoryContext } from './story.ts';
import type { Money } from './views.ts';

const PRICE: Money = { value: '3980', currency: 'JPY' };
const SHOPS = ['asakusa-tea', 'ginza-cameras', 'shibuya-ramen'] as const;

export const travellerInTokyo: Story = {
  name: 'traveller-in-tokyo',
  title: 'A wallet from Kuala Lumpur pays a printed code in Tokyo; its answer is lost, and found by asking',
  run: async (context) => {
    const { world, tell, random } = context;
    const till: Till = { ...TOKYO, merchantId: random.pick(SHOPS) };
    const person = await traveller(context, till, { walletId: 'tng' });
    const before = await balanceOf(world, person);

    tell.chapter('At the counter');
    const payment = await scan(context, till, person);
    const shown = await readBeforePaying(context, person, payment);

    tell.chapter('The word of the wallet is lost');
    await world.wallets.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'notifyPayment', count: 1 });
    await world.wallets.post('/_sandbox/faults', { kind: 'http_503', operation: 'inquiryPayment', count: 2 });
    const debited = await confirm(world, person, payment.paymentId);
    expect([debited.state, debited.charge], ['paid', payment.charge], 'the wallet has debited');
    await world.advance(0, 10 / 3600);
    expect((await soldAt(world, till)).length, 0, 'nobody has told the shop anything');
    expect((await eventsOf(world, 'hub.paid', 'hub_payment.failed')).length, 0, 'and the hub claims no outcome');
    tell.step({ who: 'Causeway', what: 'has asked twice in eight seconds, without an answer; it waits' });

    await world.advance(0, 1 / 60);
    const rungs = await eventsOf(world, 'hub_payment.asked_again');
    expect(
      rungs.map(({ data }) => data.rung),
      [1, 2],
      'two rungs of the ladder before the answer',
    );
    const [sold] = await soldAt(world, till);
    expect(
      [sold?.state, sold?.scenario, sold?.amount, sold?.settlementAmount],
      ['paid', 'store_code', PRICE, PRICE],
      'the shop was told',
    );
    tell.step({ who: 'Causeway', what: 'learns by asking that it is paid, and tells the shop', amount: PRICE });
    const after = await balanceOf(world, person);
    expect(String(before - after), shown, 'what was shown is what was taken');
    const end = await phoneShows(world, person, payment.paymentId);
    expect(digitsOf(end.get('You paid')), shown, 'the page says so too');
    tell.step({ who: 'traveller', what: `has paid ${end.get('You paid')} for ${end.get('Price')}` });
    return { expectedBreaks: 0 };
  },
};

const TOKYO = { acquirer: 'tokyo', acquirerId: 'SBXACQJP00000001', country: 'JP', currency: 'JPY' } as const;

async function scan({ world, tell }: StoryContext, till: Till, person: Traveller): Promise<WalletPayment> {
  const { merchantId, acquirer } = till;
  const { code } = await world.shops.post<{ code: string }>('/_sandbox/printed-codes', {
    ...{ acquirerId: acquirer, merchantId },
  });
  tell.step({ who: merchantId, what: 'has a printed code of the hub on its counter, without an amount' });
  const scanned = { ...namesOf(person), code };
  const first = await world.wallets.post<{ askAmount?: object }>('/_sandbox/scans', scanned);
  expect(first.askAmount === undefined, false, 'the wallet asks for the amount');
  const { payment } = await world.wallets.post<{ payment: WalletPayment }>('/_sandbox/scans', {
    ...scanned,
    ...{ paymentAmount: PRICE, userRequestId: `typed-${person.account}` },
  });
  expect(payment.paymentId, (await lastPaymentOf(world, person)).paymentId, 'the payment in the wallet’s books');
  tell.step({ who: person.name, what: `scans it with ${person.walletName} and types the amount`, amount: PRICE });
  return payment;
}

/** Both amounts, the rate with everything in it and the fee: returns what will be taken. */
async function readBeforePaying(
  { world, tell }: StoryContext,
  person: Traveller,
  payment: WalletPayment,
): Promise<string> {
  const page = await phoneShows(world, person, payment.paymentId);
  const [rate, fee] = [page.get('All-in rate'), page.get('Of which fee')];
  expect(/[A-Za-z]/.test(page.get('Shop') ?? ''), true, 'the shop is named in letters that the traveller reads');
  expect(digitsOf(page.get('Price')), PRICE.value, 'the price in yen');
  expect(digitsOf(page.get('You pay')), payment.charge, 'the price in ringgit');
  expect(/^1 JPY = 0[.,]\d+ MYR$/.test(rate ?? ''), true, `a rate: ${rate}`);
  expect(Number(digitsOf(fee)) > 0, true, `the fee: ${fee}`);
  tell.step({
    who: 'wallet',
    what: `shows ${page.get('Shop')}, ${page.get('Price')} as ${page.get('You pay')}; ${rate}, of it ${fee} fee`,
  });
  return digitsOf(page.get('You pay'));
}
