/**
 * Two acquirers: a marketplace sends American Express to the second and everything else to the first. The first cannot reach
 * an issuer, so the same payment is tried once over the second, and the buyer sees one payment that went well.
 */
import { cardScene } from './card-scene.ts';
import { CARDS, expect, type Story } from './story.ts';
import type { Page } from './views.ts';

interface NetworkAccount {
  readonly id: string;
  readonly health: string | null;
}

export const cardSecondRoute: Story = {
  name: 'card-second-route',
  title: 'An issuer is out of reach for one acquirer; the other one gets through',
  env: { SANDBOX_SECOND_ACQUIRER_PORT: '0' },
  run: async (context) => {
    const { world, random, tell } = context;
    const scene = await cardScene(context, 6_000, 48_000);
    const [first, second] = (await world.operator.get<Page<NetworkAccount>>('/v1/network-accounts')).data;
    if (first === undefined || second === undefined) throw new Error('this world has one acquirer');
    expect([first.health, second.health], ['up', 'up'], 'health');
    const any = { currencies: [], brands: [], countries: [] };
    const cardRoutes = [
      { ...any, account: second.id, brands: ['american-express'] },
      { ...any, account: first.id },
      { ...any, account: second.id },
    ];
    await world.operator.send('PATCH', `/v1/marketplaces/${scene.marketplace.id}`, { body: { cardRoutes } });
    tell.step({ who: 'operator', what: 'routes American Express to the second acquirer, the rest to the first' });

    await world.acquirer.post('/_sandbox/faults', { kind: 'issuer_unreachable', operation: 'payments', count: 1 });
    const paid = await scene.pay(random.pick([CARDS.visa, CARDS.mastercard, CARDS.discover]));
    expect([paid.state, paid.tries.map(({ class: kind }) => kind)], ['captured', ['soft']], 'payment');
    const sums = async (of: typeof world.acquirer) =>
      (await of.get<{ currencies: { sales: string }[] }>('/_sandbox/totals')).currencies;
    expect(await sums(world.acquirer), [], 'the first acquirer took nothing');
    tell.step({ who: 'first acquirer', what: 'declines: the issuer cannot be reached' });
    tell.step({ who: 'second acquirer', what: 'captures, under the same payment', amount: scene.total });

    const part = { value: String(BigInt(scene.total.value) / 4n), currency: 'USD' };
    await scene.api.post(`/v1/payments/${paid.id}/refunds`, { amount: part, reason: 'one carton was short' });
    tell.step({ who: 'seller', what: 'gives a quarter back; the refund takes the way of the payment', amount: part });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};
