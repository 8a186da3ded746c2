/**
 * The acquirer falls silent, having acted or not. Either way the outcome is unknown until inquiry brings it: charged once, or
 * not at all and due again. Nobody is told "failed" before it is known.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, expect, type Story } from './story.ts';
import type { PaymentView } from './views.ts';

const silence = (acted: boolean): Story['run'] => {
  return async (context) => {
    const { world, tell } = context;
    const scene = await cardScene(context);
    await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'any', count: 1 });
    const kind = acted ? 'drop_after' : 'drop_before';
    await world.acquirer.post('/_sandbox/faults', { kind, operation: 'payments', count: 1 });
    const waiting = await scene.pay(CARDS.visa);
    expect([waiting.state, waiting.checking, waiting.decline], ['pending', true, null], 'no outcome is claimed');
    tell.step({ who: 'Causeway', what: 'is checking with the bank', amount: scene.total });
    await world.advance(0, 1);
    const known = await scene.payment(waiting.id);
    if (acted) {
      expect([known.state, known.captured], ['captured', scene.total], 'found by inquiry');
      tell.step({ who: 'inquiry', what: 'finds the capture: charged once', amount: scene.total });
    } else {
      expect([known.state, (await scene.reload()).instalments[0]?.state], ['declined', 'due'], 'never received');
      tell.step({ who: 'inquiry', what: 'learns that the request never arrived; the instalment is due again' });
      const paid: PaymentView = await scene.pay(CARDS.visa);
      expect(paid.state, 'captured', 'second payment');
      tell.step({ who: 'buyer', what: 'pays', amount: scene.total });
    }
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  };
};

export const cardTimeoutActed: Story = {
  name: 'card-timeout-acted',
  title: 'The acquirer charges the card and its answer is lost: found by inquiry, charged once',
  run: silence(true),
};

export const cardTimeoutNotActed: Story = {
  name: 'card-timeout-not-acted',
  title: 'The request is lost on the way: inquiry learns it, nothing was charged, the buyer pays again',
  run: silence(false),
};
