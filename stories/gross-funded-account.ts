/**
 * An account with gross funding: the acquirer pays every batch in full and debits its fees on the third of the next month. Until
 * then they are owed, day by day; each debit is explained by the bill it names, and every payment shows what it cost.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, postingsOf, type Story, show, usd } from './story.ts';
import type { AccountView, LineView, Money, Page } from './views.ts';

export const grossFundedAccount: Story = {
  name: 'gross-funded-account',
  title:
    'An acquirer that pays in full and bills its fees apart: the debit at the month’s end is explained, bill by bill',
  env: { SANDBOX_ACQUIRER_FUNDING: 'gross' },
  run: async (context) => {
    const { world, tell } = context;
    const scene = await cardScene(context);
    const { operator } = world;
    const payment = await scene.pay(CARDS.visa);
    tell.step({ who: 'buyer', what: 'pays', amount: scene.total });
    const refund = usd(cents(scene.total) / 4n);
    await scene.api.post(`/v1/payments/${payment.id}/refunds`, { amount: refund, reason: 'one box was damaged' });
    tell.step({ who: 'marketplace', what: 'refunds a quarter', amount: refund });
    await world.advance(1);

    const owed = async (): Promise<string> => {
      const { data } = await operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
      return data.find(({ name }) => name === 'network_fees')?.balance.value ?? '0';
    };
    const costs = await costsOf(scene.api.get, payment.id);
    expect(await owed(), String(costs), 'fees that are billed and not debited');
    const [settled] = (await postingsOf(scene.api, scene.order, 'network_fee.assessed_apart')).slice(0, 1);
    expect(settled?.credit.name, 'network_fees', 'what the payment cost is owed apart');
    tell.step({ who: 'acquirer', what: 'bills its fees apart', amount: usd(costs) });

    await scene.finish();
    await world.advance(await daysToFourth(world.now));
    const lines = await operator.get<Page<LineView>>('/v1/reconciliation/lines?state=explained&limit=100');
    const debits = lines.data.filter(({ explainedAs }) => explainedAs === 'network_fees');
    const debited = debits.reduce((sum, { amount }) => sum + cents(amount), 0n);
    expect(String(debited), String(costs), 'what the bank debited');
    expect(await owed(), '0', 'fees still owed');
    tell.step({ who: 'bank', what: `debits ${debits.length} bills on the third of the month`, amount: usd(debited) });
    const batches = lines.data.filter(({ explainedAs }) => explainedAs === 'settlement');
    const paid = batches.reduce((sum, { amount }) => sum + cents(amount), 0n);
    expect(String(paid), String(cents(scene.total) - cents(refund)), 'batches are paid in full');
    tell.text(`the batches came to ${show(usd(paid))}: sales less refunds, no fees`);
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};

async function costsOf(get: <Answer>(path: string) => Promise<Answer>, payment: string): Promise<bigint> {
  const { costs } = await get<{ costs: readonly { kind: string; amount: Money }[] }>(`/v1/payments/${payment}`);
  return costs.reduce((sum, { kind, amount }) => (kind === 'returned' ? sum - cents(amount) : sum + cents(amount)), 0n);
}

/** Bills are debited on the third, or the next working day: four days later all are on a statement. */
async function daysToFourth(now: () => Promise<string>): Promise<number> {
  const today = new Date(await now());
  const third = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 3);
  return Math.ceil((third - today.getTime()) / 86_400_000) + 4;
}
