/**
 * Goods come back in three parts while the market moves. Each part is paid back at the rate of the payment, a share of what the others have
 * left, so the last takes what rounding kept; a new payment of the same amount costs what the market says now.
 */
import {
  amountFor,
  balanceOf,
  eventsOf,
  lastPaymentOf,
  paidByCode,
  refund,
  type ShopPayment,
  TILLS,
  traveller,
} from './hub-scene.ts';
import { cents, expect, type Story, type StoryContext, show } from './story.ts';

export const refundAtOldRate: Story = {
  name: 'refund-at-old-rate',
  title: 'Partial refunds at the payment’s own rate while the market moves; the last takes the remainder',
  run: async (context) => {
    const { world, tell, random } = context;
    const till = random.pick(TILLS);
    const person = await traveller(context, till);
    const before = await balanceOf(world, person);
    const amount = amountFor(context, till, 15);
    const paid = await paidByCode(world, { till, person, amount });
    const owed = BigInt((await lastPaymentOf(world, person)).payTo);
    const home = (value: bigint) => ({ value: String(value), currency: person.currency });
    tell.step({ who: person.name, what: `pays ${show(home(owed))} with ${person.walletName}`, amount });

    const parts = [cents(amount) / 3n, cents(amount) / 7n];
    let [left, owedLeft] = [cents(amount), owed];
    for (const part of parts) {
      await moveMarket(context, person.currency);
      const share = (owedLeft * part) / left;
      await giveBack(paid, part, share);
      [left, owedLeft] = [left - part, owedLeft - share];
    }
    await moveMarket(context, person.currency);
    await giveBack(paid, left, owedLeft);
    expect(await balanceOf(world, person), before, 'all of it came back, to the last unit');

    await paidByCode(world, { till, person, amount });
    const now = BigInt((await lastPaymentOf(world, person)).payTo);
    expect(now > owed, true, 'the same amount costs more today');
    tell.step({ who: person.name, what: `pays the same again: ${show(home(now))} at today’s rate`, amount });
    return { expectedBreaks: 0 };

    async function giveBack(of: ShopPayment, part: bigint, expected: bigint): Promise<void> {
      const start = await balanceOf(world, person);
      const back = await refund(world, till, of, part);
      expect([back.state, back.amount, back.settlementAmount], ['refunded', String(part), String(part)], 'refund');
      const credited = (await balanceOf(world, person)) - start;
      expect(credited, expected, 'at the rate of the payment');
      const last = (await eventsOf(world, 'hub.refunded')).at(-1);
      expect(last?.data.payBack, home(expected), 'in the journal too');
      tell.step({
        who: till.merchantId,
        what: `refunds; ${show(home(credited))} come back`,
        amount: { ...amount, value: String(part) },
      });
    }
  },
};

/** Dearer for the person by three to nine percent, whatever it was. */
async function moveMarket({ world, random }: StoryContext, currency: string): Promise<void> {
  const { rates } = await world.fx.get<{ rates: Readonly<Record<string, string>> }>('/rates?base=USD');
  const [whole = '0', part = ''] = (rates[currency] ?? '1').split('.');
  const moved = ((BigInt(whole + part.padEnd(8, '0')) * BigInt(random.integer(103, 109))) / 100n)
    .toString()
    .padStart(9, '0');
  await world.fx.post('/_sandbox/rates', { currency, rate: `${moved.slice(0, -8)}.${moved.slice(-8)}` });
  await world.advance(0, 0.1);
}
