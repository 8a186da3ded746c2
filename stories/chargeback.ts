/**
 * A cardholder takes the money back through the bank. It is frozen at once and the order says so and waits; with evidence the
 * case is won and the order goes on; accepted it is lost. What a lost case leaves is a debt of the seller, which the next
 * release pays before anything is paid out. Commission and the network's fee go by the marketplace's fee plan, whose terms
 * the seed chooses. Every movement is in the network's report, in the batch and on the bank's statement.
 */
import { CARDHOLDER, type CardScene, cardScene, orderScene } from './card-scene.ts';
import { CARDS, type ChargebackTerms, cents, expect, type Story, type StoryContext, usd } from './story.ts';
import type { DebtView, DisputeView, Money, Page, PaymentView, PayoutView, SellerBalanceView } from './views.ts';

/** What the acquirer charges for a chargeback. */
const FEE = 1500n;
const FEE_BPS = 300n;

const commissionOn = (amount: bigint): bigint => (amount * FEE_BPS + 5000n) / 10_000n;

const termsOf = ({ random }: StoryContext): ChargebackTerms => ({
  commission: random.pick(['kept', 'returned']),
  networkFee: random.pick(['operator', 'seller']),
});

const balanceOf = ({ api, seller }: CardScene): Promise<SellerBalanceView> =>
  api.get<SellerBalanceView>(`/v1/sellers/${seller.id}/balance`);

const payoutsOf = async ({ api, seller }: CardScene): Promise<readonly PayoutView[]> =>
  (await api.get<Page<PayoutView>>(`/v1/payouts?seller=${seller.id}`)).data;

/** The newest payment of the order is disputed at the network; the case as it stands a day later. */
async function raise({ world }: StoryContext, scene: CardScene, payment: PaymentView, reasonCode: string) {
  const { operations } = await scene.api.get<{ operations: readonly { kind: string; networkId: string }[] }>(
    `/v1/payments/${payment.id}`,
  );
  const sale = operations.find(({ kind }) => kind === 'sale');
  await world.acquirer.post('/_sandbox/disputes', { transactionId: sale?.networkId, reasonCode });
  await world.advance(1);
  return find(scene);
}

async function find(scene: CardScene): Promise<DisputeView> {
  const { data } = await scene.api.get<Page<DisputeView>>(`/v1/disputes?order=${scene.order.id}`);
  expect(data.length, 1, 'one case of the order');
  return data[0] as DisputeView;
}

/** An order that is charged back before its goods are there: frozen from what it holds, nothing is refunded meanwhile. */
async function chargedBack(context: StoryContext, scene: CardScene, terms: ChargebackTerms): Promise<DisputeView> {
  const { tell, world } = context;
  const payment = await scene.pay(CARDS.visa);
  await world.advance(2);
  const opened = await raise(context, scene, payment, '13.1');
  expect([opened.state, opened.amount, opened.money.fees], ['chargeback', scene.total, usd(FEE)], 'case');
  const order = await scene.reload();
  expect(order.held.value, '0', 'frozen');
  expect(
    order.frozen?.map(({ dispute, amount, reason }) => [dispute, amount, reason.title]),
    [[opened.id, scene.total, 'Goods or services not received']],
    'the order says what is frozen, and why',
  );
  tell.step({ who: 'network', what: 'takes the money back; it is frozen from the order', amount: scene.total });
  const levied = terms.networkFee === 'seller' ? FEE : 0n;
  const balance = await balanceOf(scene);
  expect(
    [balance.held, balance.available, balance.frozen, balance.debt],
    [usd(0), usd(0), scene.total, usd(levied)],
    'the seller sees it',
  );
  expect(opened.money.levied, usd(levied), 'the network’s fee');
  tell.step({ who: 'Causeway', what: `the network’s fee is the ${terms.networkFee}’s`, amount: usd(FEE) });
  const refund = await scene.api.send<{ code: string }>('POST', `/v1/payments/${payment.id}/refunds`, {
    body: { amount: scene.total, reason: 'asked for as well' },
    key: `refund-during-dispute-${scene.order.id}`,
  });
  expect([refund.status, refund.body.code], [409, 'dispute_open'], 'no refund while the case is open');
  tell.step({ who: 'Causeway', what: 'refuses a refund while the case is open' });
  return opened;
}

export const chargebackLost: Story = {
  name: 'chargeback-lost',
  title:
    'Chargebacks are accepted, before release and after payout: the debt is paid by the next release, the rest paid out',
  run: async (context) => {
    const { world, tell } = context;
    const terms = termsOf(context);
    const first = await cardScene(context, 5000, 90_000, terms);
    const dispute = await chargedBack(context, first, terms);
    await accept(context, first, dispute);
    expect([(await first.reload()).state, (await first.reload()).fee], ['refunded', usd(0)], 'the order has ended');

    const second = await orderScene(context, first, usd(2 * context.random.integer(5000, 40_000)));
    const levied = terms.networkFee === 'seller' ? FEE : 0n;
    const lost = await lostAfterPayout(context, second, levied);
    const returned = terms.commission === 'returned' ? commissionOn(cents(second.total)) : 0n;
    expect(lost.money.feeReturned, usd(returned), `commission ${terms.commission}`);
    const owed = cents(second.total) - returned + levied;
    expect(await debtsOf(second), [owed.toString(), '0'], 'what the seller owes');
    expect((await balanceOf(second)).payable, usd(0), 'nothing to pay out');
    tell.step({ who: 'seller', what: `owes what is lost; the commission is ${terms.commission}`, amount: usd(owed) });

    const third = await orderScene(context, first, usd(cents(second.total) + 20_000n));
    await third.pay(CARDS.mastercard);
    const before = (await payoutsOf(third)).length;
    await third.finish();
    const net = cents(third.total) - commissionOn(cents(third.total));
    expect(await debtsOf(second), ['0', owed.toString()], 'recovered');
    const payouts = await payoutsOf(third);
    expect([payouts.length, payouts[0]?.amount], [before + 1, usd(net - owed)], 'only the rest is paid out');
    tell.step({ who: 'Causeway', what: 'takes the debt from the release first', amount: usd(owed) });
    tell.step({ who: 'Causeway', what: 'pays out what is left', amount: usd(net - owed) });
    await world.advance(8);
    return { expectedBreaks: 0, trace: third.order.id };
  },
};

async function accept({ world, tell }: StoryContext, scene: CardScene, dispute: DisputeView): Promise<DisputeView> {
  await scene.api.post(`/v1/disputes/${dispute.id}/accept`);
  tell.step({ who: 'marketplace', what: 'accepts the chargeback', amount: dispute.amount });
  await world.advance(1);
  const ended = await find(scene);
  expect(ended.state, 'accepted', 'outcome');
  return ended;
}

/** Released, paid to the bank, then charged back: what an empty balance cannot bear stands against the seller. */
async function lostAfterPayout(context: StoryContext, scene: CardScene, levied: bigint): Promise<DisputeView> {
  const payment = await scene.pay(CARDS.visa);
  await scene.finish();
  const [payout] = await payoutsOf(scene);
  const net = cents(scene.total) - commissionOn(cents(scene.total));
  expect([payout?.state, payout?.amount], ['paid', usd(net - levied)], 'paid out, less what was owed before');
  context.tell.step({ who: 'bank', what: 'has paid the seller', amount: usd(net - levied) });
  const opened = await raise(context, scene, payment, '13.3');
  const balance = await balanceOf(scene);
  expect(
    [balance.frozen, balance.debt],
    [scene.total, usd(cents(scene.total) + levied)],
    'nothing was there to freeze',
  );
  return accept(context, scene, opened);
}

/** What is still owed for an order, and what was recovered. */
async function debtsOf({ api, order }: CardScene): Promise<readonly [left: string, recovered: string]> {
  const all = (await api.get<Page<DebtView>>('/v1/debts')).data;
  const data = all.filter((debt) => debt.order === order.id);
  const sum = (amounts: readonly Money[]): string =>
    amounts.reduce((total, each) => total + cents(each), 0n).toString();
  return [sum(data.map(({ left }) => left)), sum(data.map(({ recovered }) => recovered.seller))];
}

export const chargebackWon: Story = {
  name: 'chargeback-won',
  title: 'A chargeback is answered with evidence and won: the money is back, the order goes on to its release',
  run: async (context) => {
    const { world, tell } = context;
    const terms = termsOf(context);
    const scene = await cardScene(context, 5000, 90_000, terms);
    const dispute = await chargedBack(context, scene, terms);
    const content = Buffer.from('Delivered 4 December, signed by the buyer').toString('base64');
    await scene.api.post(`/v1/disputes/${dispute.id}/evidence`, {
      documents: [{ name: 'delivery.txt', mediaType: 'text/plain', content }],
    });
    await scene.api.post(`/v1/disputes/${dispute.id}/challenge`);
    tell.step({ who: 'marketplace', what: 'sends the proof of delivery, once', amount: dispute.amount });
    await world.advance(3);
    await win(context, scene, dispute);
    const levied = terms.networkFee === 'seller' ? FEE : 0n;
    expect((await balanceOf(scene)).debt, usd(levied), 'the network keeps its fee');
    await scene.finish();
    const net = cents(scene.total) - commissionOn(cents(scene.total));
    const [payout] = await payoutsOf(scene);
    expect(
      [payout?.state, payout?.amount],
      ['paid', usd(net - levied)],
      'paid out, less the fee if it is the seller’s',
    );
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};

async function win({ world, tell }: StoryContext, scene: CardScene, dispute: DisputeView): Promise<void> {
  await world.acquirer.post(`/_sandbox/disputes/${dispute.networkId}/advance`, { to: 'WON' });
  await world.advance(1);
  expect((await find(scene)).state, 'won', 'outcome');
  const order = await scene.reload();
  expect([order.held, order.frozen?.length], [scene.total, 0], 'the money is back under protection');
  tell.step({ who: 'issuer', what: 'decides for the seller; the money is back', amount: scene.total });
}

export const chargebackAnsweredByProof: Story = {
  name: 'chargeback-answered-by-proof',
  title: 'A cardholder who was authenticated denies the payment: the proof of it is the answer, sent by itself',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context, 150_000, 400_000);
    const payment = await scene.pay(CARDS.visa, { cardholder: CARDHOLDER });
    expect(payment.authentication?.liabilityShift, true, 'authenticated without a challenge');
    tell.step({ who: 'issuer', what: 'confirms the cardholder; fraud is its risk from here', amount: scene.total });
    const opened = await raise(context, scene, payment, '10.4');
    expect([opened.state, opened.turn, opened.liabilityShift], ['represented', 'theirs', true], 'answered by itself');
    const { documents, answers } = await scene.api.get<{
      documents: readonly { name: string }[];
      answers: readonly { automatic: boolean; state: string }[];
    }>(`/v1/disputes/${opened.id}`);
    expect(
      [documents.map(({ name }) => name), answers.map(({ automatic, state }) => [automatic, state])],
      [['authentication.txt'], [[true, 'taken']]],
      'the proof is the evidence',
    );
    tell.step({ who: 'Causeway', what: 'answers the fraud chargeback with the proof', amount: opened.amount });
    await win(context, scene, opened);
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
