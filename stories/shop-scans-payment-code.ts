/**
 * The phone shows a code, the till scans it. The code is good once and for a minute: a second charge to it is refused, and so is one that
 * comes too late. Above an amount of their own choosing people are asked for their PIN; until then the till waits.
 */
import {
  amountFor,
  balanceOf,
  charge,
  confirm,
  lastPaymentOf,
  paidByCode,
  paymentsOf,
  showCode,
  soldAt,
  TILLS,
  traveller,
} from './hub-scene.ts';
import { cents, expect, type Story } from './story.ts';

export const shopScansPaymentCode: Story = {
  name: 'shop-scans-payment-code',
  title: 'A till charges the code of a foreign phone; a second use and a late one are refused',
  run: async (context) => {
    const { world, tell, random } = context;
    const till = random.pick(TILLS);
    const person = await traveller(context, till);
    const before = await balanceOf(world, person);
    const amount = amountFor(context, till, 8);

    const code = await showCode(world, person);
    expect(/^28\d{22}$/.test(code), true, 'twenty-four digits');
    const paid = await charge(world, till, amount, code);
    expect([paid.state, paid.settlementAmount], ['paid', amount], 'paid at once, and the shop gets all of it');
    const { charge: charged, state } = await lastPaymentOf(world, person);
    expect([state, String(before - (await balanceOf(world, person)))], ['paid', charged], 'the balance');
    const taken = { value: charged, currency: person.currency };
    tell.step({ who: till.merchantId, what: `charges the code of ${person.name}, ${person.walletName}`, amount });
    tell.step({ who: person.walletName, what: 'debits at home', amount: taken });

    const again = await charge(world, till, amount, code);
    expect([again.state, again.resultCode], ['failed', 'INVALID_CODE'], 'a code is used once');
    const late = await showCode(world, person);
    await world.advance(0, 61 / 3600);
    const tooLate = await charge(world, till, amount, late);
    expect([tooLate.state, tooLate.resultCode], ['failed', 'EXPIRED_CODE'], 'a code is good for a minute');
    expect((await paymentsOf(world, person)).length, 1, 'the wallet heard of neither');
    tell.step({ who: 'Causeway', what: 'refuses a second charge to the code, and one to a code from a minute ago' });

    const careful = await traveller(context, till, { pinAbove: '1' });
    const asked = await charge(world, till, amount, await showCode(world, careful));
    expect(asked.state, 'waiting', 'the wallet asks for the PIN');
    await confirm(world, careful, (await lastPaymentOf(world, careful)).paymentId);
    await world.advance(0, 5 / 3600);
    const told = (await soldAt(world, till)).find(({ id }) => id === asked.id);
    expect(told?.state, 'paid', 'the till after the PIN');
    tell.step({ who: careful.name, what: `confirms with the PIN; the till is told`, amount });

    const last = amountFor(context, till, 3);
    await paidByCode(world, { till, person, amount: last });
    const sold = (await soldAt(world, till)).filter((each) => each.state === 'paid');
    const total = sold.reduce((sum, each) => sum + cents(each.amount), 0n);
    expect(total, 2n * cents(amount) + cents(last), 'what the shop has sold');
    return { expectedBreaks: 0 };
  },
};
