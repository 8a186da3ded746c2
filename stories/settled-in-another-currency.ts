/**
 * Buyers pay in dollars, the acquirer settles in euros at its own rate. The claim leaves in dollars and the money comes in
 * euros, both with the amounts of the file; between them stands the position. Fees are in euros; at the day's end they come home,
 * and the position is brought to mid.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, type Story, show, usd } from './story.ts';
import type { AccountView, AcquirerTotals, Money, Page } from './views.ts';

export const settledInAnotherCurrency: Story = {
  name: 'settled-in-another-currency',
  title: 'Paid in dollars, settled in euros: the claim is closed in its currency, the money is on the euro account',
  env: { SANDBOX_SETTLEMENT_CURRENCY: 'EUR' },
  run: async (context) => {
    const { world, tell, random } = context;
    const scene = await cardScene(context);
    const payment = await scene.pay(CARDS.mastercard);
    tell.step({ who: 'buyer', what: 'pays', amount: scene.total });
    await world.advance(4);
    const balances = async (): Promise<ReadonlyMap<string, string>> => {
      const { data } = await world.operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
      return new Map(data.map(({ name, currency, balance }) => [`${name} ${currency}`, balance.value]));
    };
    const settled = await balances();
    const { costs } = await scene.api.get<{ costs: readonly { amount: Money }[] }>(`/v1/payments/${payment.id}`);
    const cost = costs.reduce((sum, { amount }) => sum + cents(amount), 0n);
    expect(new Set(costs.map(({ amount }) => amount.currency)).size, 1, 'fees are in one currency');
    expect(costs[0]?.amount.currency, 'EUR', 'the one that is settled');
    expect(settled.has('receivable USD') || settled.has('receivable EUR'), false, 'nothing is left of the claim');
    const at = (found: ReadonlyMap<string, string>, account: string): bigint => BigInt(found.get(account) ?? 0);
    const euros = at(settled, 'bank EUR') + cost;
    const { currencies } = await world.acquirer.get<AcquirerTotals>('/_sandbox/totals');
    const paid = currencies.find(({ currency }) => currency === 'EUR')?.settledNet;
    expect(String(euros - cost), paid, 'the euros at the bank are what the acquirer settled');
    // What is left of the fees in euros is from after the last day's end.
    const openEuros = (found: ReadonlyMap<string, string>) => at(found, 'bank EUR') + at(found, 'processing_cost EUR');
    const openDollars = (found: ReadonlyMap<string, string>, back = 0n) =>
      back - cents(scene.total) + at(found, 'processing_cost USD') - at(found, 'fx_unrealised USD');
    expect(at(settled, 'fx_position EUR'), openEuros(settled), 'position in euros');
    expect(at(settled, 'fx_position USD'), openDollars(settled), 'position in dollars');
    expect(at(settled, 'processing_cost USD') > 0n, true, 'the fees have come home');
    const eur = (amount: bigint): Money => ({ value: String(amount), currency: 'EUR' });
    tell.step({ who: 'acquirer', what: `settles ${show(scene.total)} as ${show(eur(euros))}, less its fees` });

    // The refund alone makes a negative batch: the way back.
    const refund = usd(BigInt(random.integer(100, Number(cents(scene.total)))));
    await scene.api.post(`/v1/payments/${payment.id}/refunds`, { amount: refund, reason: 'returned' });
    tell.step({ who: 'marketplace', what: 'refunds', amount: refund });
    await world.advance(5);
    const after = await balances();
    expect(after.has('receivable USD') || after.has('receivable EUR'), false, 'nothing is left of the claim');
    expect(at(after, 'fx_position EUR'), openEuros(after), 'position in euros');
    expect(at(after, 'fx_position USD'), openDollars(after, cents(refund)), 'position in dollars');
    expect(at(after, 'bank EUR') < at(settled, 'bank EUR'), true, 'euros went back at the rate of that day');
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
