/**
 * A shop takes a sale back. On its day it is canceled: as if it had never been, and in no file. After a quarter past midnight of the
 * next day in UTC+8 it is cleared, so it can only be refunded, and both are in the files of their days.
 */
import { comparedFile } from './clearing-files.ts';
import { Refused } from './client.ts';
import {
  amountFor,
  balanceOf,
  cancel,
  lastPaymentOf,
  paidByCode,
  refund,
  TILLS,
  traveller,
  untilMorning,
} from './hub-scene.ts';
import { cents, expect, type Story, type StoryContext } from './story.ts';

export const cancelBeforeCutoff: Story = {
  name: 'cancel-before-cutoff',
  title: 'A sale is canceled on its day: everything goes back, and no file has heard of it',
  run: async (context) => {
    const { world, tell } = context;
    const { till, person, before, paid } = await soldTo(context);
    const day = dayEast8(await world.now());
    const canceled = await cancel(world, till, paid);
    expect(canceled.state, 'canceled', 'the sale at the till');
    tell.step({ who: till.merchantId, what: 'cancels the sale', amount: paid.amount });
    expect(await balanceOf(world, person), before, 'the balance is what it was');
    expect((await lastPaymentOf(world, person)).resultCode, 'ORDER_IS_CLOSED', 'in the wallet’s books');
    tell.step({ who: person.walletName, what: 'gives everything back' });
    await untilCleared(context, day);
    const file = await comparedFile(context, till, day);
    expect([file.lines, file.total, file.differences], [0, '0', []], 'the file of the day');
    tell.step({ who: 'Causeway', what: 'closes the day; the shop’s file is empty' });
    await untilMorning(world);
    return { expectedBreaks: 0 };
  },
};

export const afterCutoffBecomesRefund: Story = {
  name: 'after-cutoff-becomes-refund',
  title: 'A sale can not be canceled after its day: it is refunded, and both are in the files',
  run: async (context) => {
    const { world, tell } = context;
    const { till, person, before, paid } = await soldTo(context);
    const day = dayEast8(await world.now());
    await untilCleared(context, day);
    expect(await codeOf(cancel(world, till, paid)), 'CANCEL_WINDOW_EXCEED', 'a cancel after the day');
    tell.step({ who: 'Causeway', what: 'refuses to cancel: the day is over' });
    const refundDay = dayEast8(await world.now());
    const back = await refund(world, till, paid);
    expect(
      [back.state, back.amount, back.settlementAmount],
      ['refunded', paid.amount.value, paid.amount.value],
      'refund',
    );
    expect(await balanceOf(world, person), before, 'the balance is what it was');
    tell.step({ who: till.merchantId, what: 'refunds instead', amount: paid.amount });
    await untilCleared(context, refundDay);
    const [sale, refunded] = [await comparedFile(context, till, day), await comparedFile(context, till, refundDay)];
    const total = cents(paid.amount);
    expect([sale.lines, sale.total, sale.differences], [1, String(total), []], 'the file of the day of the sale');
    expect([refunded.lines, refunded.total], [1, String(-total)], 'the file of the day of the refund');
    expect(refunded.differences, [], 'differences');
    tell.step({ who: 'Causeway', what: 'has the sale in one file and the refund in the next' });
    return { expectedBreaks: 0 };
  },
};

async function soldTo(context: StoryContext) {
  const { world, tell, random } = context;
  const till = random.pick(TILLS);
  const person = await traveller(context, till);
  const before = await balanceOf(world, person);
  const amount = amountFor(context, till, 20);
  const paid = await paidByCode(world, { till, person, amount });
  const taken = before - (await balanceOf(world, person));
  tell.step({ who: person.name, what: `pays with ${person.walletName} (${person.currency} ${taken})`, amount });
  return { till, person, before, paid };
}

/** The morning after the day, at half past eight in UTC+8, when its files have been made. */
async function untilCleared({ world }: StoryContext, day: string): Promise<void> {
  while (dayEast8(await world.now()) <= day) await untilMorning(world);
}

const dayEast8 = (at: string): string => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return 'done';
  } catch (error) {
    return error instanceof Refused ? (String(error.problem.message).split(':')[0] ?? '') : String(error);
  }
}
