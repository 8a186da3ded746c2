/** Two refunds in part, the second asked for twice at once: the card gets each once, and never more than was captured. */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, type Story, usd } from './story.ts';

export const cardRefundPartialTwice: Story = {
  name: 'card-refund-partial-twice',
  title: 'Two refunds in part; two at once that would exceed the rest are not both done',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context);
    const payment = await scene.pay(CARDS.discover);
    const third = cents(scene.total) / 3n;
    const refund = (amount: bigint, reason: string) =>
      scene.api.send<{ code?: string; state?: string }>('POST', `/v1/payments/${payment.id}/refunds`, {
        body: { amount: usd(amount), reason },
        key: `refund-${reason}`,
      });
    expect((await refund(third, 'scratched')).status, 201, 'first refund');
    tell.step({ who: 'marketplace', what: 'refunds a third', amount: usd(third) });
    const rest = cents(scene.total) - third;
    const both = await Promise.all([refund(rest, 'late'), refund(rest, 'also-late')]);
    const codes = both.map(({ status }) => status).sort();
    expect(codes.filter((status) => status === 201).length, 1, `exactly one of two refunds of the rest (${codes})`);
    tell.step({ who: 'marketplace', what: 'asks twice for the rest; one is refused', amount: usd(rest) });
    const order = await scene.reload();
    expect([order.state, order.held.value, order.refunded], ['refunded', '0', scene.total], 'order');
    await context.world.advance(8);
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
