/**
 * Goods that take weeks: one authorization is renewed before it lapses and captured in the end; another is to be given back
 * instead, and the buyer's card is free again.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, expect, type Story } from './story.ts';
import type { PaymentView } from './views.ts';

export const cardAuthExpires: Story = {
  name: 'card-auth-expires',
  title: 'An authorization is given back before it lapses; a renewed one is captured after two weeks',
  run: async (context) => {
    const { world, tell } = context;
    const scene = await cardScene(context);
    const first = await scene.pay(CARDS.visa, { capture: 'manual', onExpiry: 'release' });
    await world.advance(7);
    const released = await scene.payment(first.id);
    expect([released.state, (await scene.reload()).instalments[0]?.state], ['canceled', 'due'], 'released');
    tell.step({ who: 'Causeway', what: 'gives the hold back a day before it lapses', amount: scene.total });
    const { id } = await scene.pay(CARDS.mastercard, { capture: 'manual' });
    await world.advance(13);
    expect((await scene.payment(id)).state, 'authorized', 'renewed twice');
    tell.step({ who: 'Causeway', what: 'renews the second authorization, twice in two weeks' });
    const captured = await scene.api.post<PaymentView>(`/v1/payments/${id}/capture`);
    expect([captured.state, captured.captured], ['captured', scene.total], 'capture after two weeks');
    tell.step({ who: 'marketplace', what: 'captures', amount: scene.total });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
