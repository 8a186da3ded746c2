/** Authorized in full, captured in part: what could not be delivered is never charged, and the card's hold on it ends. */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, type Story, usd } from './story.ts';
import type { PaymentView } from './views.ts';

export const cardPartialCapture: Story = {
  name: 'card-partial-capture',
  title: 'Half of what was authorized is captured; the rest is given back',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context);
    const half = usd(cents(scene.total) / 2n);
    const authorized = await scene.pay(CARDS.visa, { capture: 'manual' });
    expect([authorized.state, authorized.captured.value], ['authorized', '0'], 'authorization');
    tell.step({ who: 'issuer', what: 'holds the amount; nobody has been charged', amount: scene.total });
    const captured = await scene.api.post<PaymentView>(`/v1/payments/${authorized.id}/capture`, { amount: half });
    expect([captured.state, captured.captured], ['captured', half], 'capture');
    const order = await scene.reload();
    expect([order.state, order.held], ['paid', half], 'order');
    tell.step({ who: 'marketplace', what: 'captures what can be delivered', amount: half });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
