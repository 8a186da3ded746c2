/** The issuer of the first card says no; the instalment is due again at once, and another card pays it. */
import { cardScene } from './card-scene.ts';
import { CARDS, expect, type Story } from './story.ts';

/** The issuer of this card declines exactly this amount. */
const DECLINED = 40_100;

export const cardDeclinedThenOtherCard: Story = {
  name: 'card-declined-then-other-card',
  title: 'A card is declined; another card pays the same instalment',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context, DECLINED, DECLINED);
    const declined = await scene.pay(CARDS.mastercard);
    expect([declined.state, declined.decline?.code], ['declined', 'DECLINED'], 'first card');
    expect([(await scene.reload()).state, (await scene.reload()).held.value], ['awaiting_payment', '0'], 'order');
    tell.step({ who: 'issuer', what: 'declines', amount: scene.total });
    const paid = await scene.pay(context.random.pick([CARDS.amex, CARDS.discover]));
    expect([paid.state, (await scene.reload()).state], ['captured', 'paid'], 'second card');
    tell.step({ who: 'buyer', what: `pays with ${paid.card.brand} ${paid.card.last4}`, amount: scene.total });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
