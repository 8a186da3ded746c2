/** One authorization, three shipments: each is captured when it leaves; the order is paid with the last. */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, type Story, usd } from './story.ts';
import type { PaymentView } from './views.ts';

export const cardMultiCapture: Story = {
  name: 'card-multi-capture',
  title: 'One authorization is captured in three parts, as the goods leave',
  run: async (context) => {
    const { world, tell } = context;
    const scene = await cardScene(context);
    const quarter = cents(scene.total) / 4n;
    const { id } = await scene.pay(CARDS.mastercard, { capture: 'manual' });
    const capture = (body: object) => scene.api.post<PaymentView>(`/v1/payments/${id}/capture`, body);
    for (const turn of [1, 2]) {
      const part = await capture({ amount: usd(quarter), final: false });
      expect([part.state, part.captured], ['part_captured', usd(quarter * BigInt(turn))], `capture ${turn}`);
      expect((await scene.reload()).state, 'awaiting_payment', 'the order waits for the last part');
      tell.step({ who: 'marketplace', what: `captures part ${turn} of 3`, amount: usd(quarter) });
      await world.advance(1);
    }
    const last = await capture({});
    expect([last.state, last.captured], ['captured', scene.total], 'last capture');
    tell.step({ who: 'marketplace', what: 'captures the rest', amount: usd(cents(scene.total) - 2n * quarter) });
    expect([(await scene.reload()).state, (await scene.reload()).held], ['paid', scene.total], 'order');
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
