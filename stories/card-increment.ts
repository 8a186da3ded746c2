/** The order grows after it was authorized: the buyer agrees, the issuer too, and one capture takes the new total. */
import { cardScene } from './card-scene.ts';
import { CARDS, cents, expect, type Story, usd } from './story.ts';
import type { PaymentView } from './views.ts';

export const cardIncrement: Story = {
  name: 'card-increment',
  title: 'An estimated authorization is incremented with the order, then captured',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context);
    const { id } = await scene.pay(CARDS.visa, { capture: 'manual', estimated: true });
    const more = usd((cents(scene.total) * 3n) / 2n);
    const grown = await scene.api.post<PaymentView>(`/v1/payments/${id}/increment`, { amount: more });
    expect([grown.state, grown.amount], ['authorized', more], 'increment');
    expect((await scene.reload()).total, more, 'the order grew with it');
    tell.step({ who: 'issuer', what: 'holds the new total', amount: more });
    const captured = await scene.api.post<PaymentView>(`/v1/payments/${id}/capture`);
    expect([captured.state, captured.captured], ['captured', more], 'capture');
    tell.step({ who: 'marketplace', what: 'captures it', amount: more });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
