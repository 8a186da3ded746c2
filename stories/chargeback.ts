/**
 * A cardholder takes the money back through the bank. It is frozen from the order at once and the order waits; with evidence
 * the case is won and the order goes on, accepted it is lost and the order ends as if refunded. Every movement is in the
 * network's report, in the batch and on the bank's statement.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, expect, type Story, usd } from './story.ts';
import type { Money, Page } from './views.ts';

interface DisputeView {
  readonly id: string;
  readonly state: string;
  readonly networkId: string;
  readonly amount: Money;
  readonly money: { readonly fees: Money };
}

/** What the acquirer charges for a chargeback. */
const FEE = usd(1500);

type Ending = (dispute: DisputeView, scene: Awaited<ReturnType<typeof cardScene>>) => Promise<void>;

const chargeback = (reasonCode: string, ending: Ending, ended: string): Story['run'] => {
  return async (context) => {
    const { world, tell } = context;
    const scene = await cardScene(context);
    const payment = await scene.pay(CARDS.visa);
    await world.advance(2);
    const { operations } = await scene.api.get<{ operations: readonly { networkId: string }[] }>(
      `/v1/payments/${payment.id}`,
    );
    await world.acquirer.post('/_sandbox/disputes', { transactionId: operations[0]?.networkId, reasonCode });
    await world.advance(1);
    const find = async (): Promise<DisputeView> => {
      const { data } = await scene.api.get<Page<DisputeView>>(`/v1/disputes?order=${scene.order.id}`);
      expect(data.length, 1, 'one case of the order');
      return data[0] as DisputeView;
    };
    const opened = await find();
    expect([opened.state, opened.amount, opened.money.fees], ['chargeback', scene.total, FEE], 'case');
    expect((await scene.reload()).held.value, '0', 'frozen');
    tell.step({ who: 'network', what: 'takes the money back; it is frozen from the order', amount: scene.total });
    const refund = await scene.api.send<{ code: string }>('POST', `/v1/payments/${payment.id}/refunds`, {
      body: { amount: scene.total, reason: 'asked for as well' },
      key: 'refund-during-dispute',
    });
    expect([refund.status, refund.body.code], [409, 'dispute_open'], 'no refund while the case is open');
    tell.step({ who: 'Causeway', what: 'refuses a refund while the case is open' });
    await ending(opened, scene);
    await world.advance(1);
    expect((await find()).state, ended, 'outcome');
    return { expectedBreaks: 0, trace: scene.order.id };
  };
};

export const chargebackLost: Story = {
  name: 'chargeback-lost',
  title: 'A chargeback is accepted: the money stays with the cardholder, the order ends',
  run: async (context) => {
    const { world, tell } = context;
    const accepted: Ending = async (dispute, scene) => {
      await scene.api.post(`/v1/disputes/${dispute.id}/accept`);
      tell.step({ who: 'marketplace', what: 'accepts the chargeback', amount: dispute.amount });
    };
    const result = await chargeback('13.1', accepted, 'accepted')(context);
    await world.advance(8);
    return result;
  },
};

export const chargebackWon: Story = {
  name: 'chargeback-won',
  title: 'A chargeback is answered with evidence and won: the money is back, the order goes on to its release',
  run: async (context) => {
    const { world, tell } = context;
    let goOn = async (): Promise<void> => undefined;
    const answered: Ending = async (dispute, scene) => {
      const content = Buffer.from('Delivered 4 December, signed by the buyer').toString('base64');
      await scene.api.post(`/v1/disputes/${dispute.id}/evidence`, {
        documents: [{ name: 'delivery.txt', mediaType: 'text/plain', content }],
      });
      await scene.api.post(`/v1/disputes/${dispute.id}/challenge`);
      tell.step({ who: 'marketplace', what: 'sends the proof of delivery, once', amount: dispute.amount });
      await world.advance(3);
      await world.acquirer.post(`/_sandbox/disputes/${dispute.networkId}/advance`, { to: 'WON' });
      await world.advance(1);
      expect((await scene.reload()).held, scene.total, 'the money is back under protection');
      tell.step({ who: 'issuer', what: 'decides for the seller; the money is back', amount: scene.total });
      goOn = () => scene.finish();
    };
    const result = await chargeback('13.1', answered, 'won')(context);
    await goOn();
    return result;
  },
};
