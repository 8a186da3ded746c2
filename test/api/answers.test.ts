/** Real answers against the closed schemas of the OpenAPI description: a field too many, too few or of another type fails. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Value } from 'typebox/value';
import { seededRandom } from '../../src/base/random.ts';
import type { Client } from '../../stories/client.ts';
import { CARDS, cast, payInCapital, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import type { OrderView, Page, PaymentView, PayoutView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';

interface Description {
  readonly paths: Record<
    string,
    Record<
      string,
      { readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }> }
    >
  >;
}

describe('answers', () => {
  let world: World;
  let description: Description;
  before(async () => {
    world = await startWorld();
    description = await world.operator.get<Description>('/openapi.json');
  });
  after(() => world?.end());

  /** Sends, and holds the answer against what the description says about this route and status. */
  const sent = async <Body>(
    method: string,
    route: string,
    path: string,
    body?: unknown,
    api = world.operator,
  ): Promise<Body> => {
    const answer = await api.send<Body>(method, path, {
      ...(body === undefined ? {} : { body }),
      key: crypto.randomUUID(),
    });
    const schema =
      description.paths[route]?.[method.toLowerCase()]?.responses[String(answer.status)]?.content?.['application/json']
        ?.schema;
    assert.ok(
      schema !== undefined,
      `${method} ${route} says nothing about ${answer.status}: ${JSON.stringify(answer.body).slice(0, 200)}`,
    );
    const findings = [...Value.Errors(schema as never, answer.body)].slice(0, 3);
    assert.deepEqual(findings, [], `${method} ${route}: ${JSON.stringify(answer.body).slice(0, 300)}`);
    return answer.body;
  };
  const read = <Body>(route: string, id = '', query = ''): Promise<Body> =>
    sent<Body>('GET', route, route.replace('{id}', id) + query);

  const convertSome = async (api: Client, seller: string): Promise<void> => {
    const some = { from: 'USD', to: 'EUR', amount: usd(100) };
    const quote = await api.post<{ id: string }>('/v1/fx/quotes', some);
    const conversions = '/v1/sellers/{id}/conversions';
    await sent('POST', conversions, conversions.replace('{id}', seller), { quote: quote.id }, api);
    await read(conversions, seller);
    await read('/v1/sellers/{id}', seller);
  };

  test('an order’s life: every answer is what the description says', async () => {
    const context = { world, random: seededRandom(3), tell: textTeller() };
    await payInCapital(context, 50_000);
    const { api, seller, buyer, marketplace } = await cast(context, {
      feeBps: 100,
      account: '990003',
      schedule: 'manual',
    });
    const order = await sent<OrderView>(
      'POST',
      '/v1/orders',
      '/v1/orders',
      {
        seller: seller.id,
        buyer: buyer.id,
        reference: 'A-1',
        description: 'x',
        total: usd(9000),
        instalments: [
          { amount: usd(4000), due: 'now' },
          { amount: usd(5000), due: 'before_shipment' },
        ],
        shipBy: { daysAfterFirstPayment: 3 },
        policy: 'express',
      },
      api,
    );
    const pay = async (instalment: number, capture: string) =>
      sent<PaymentView>(
        'POST',
        '/v1/orders/{id}/payments',
        `/v1/orders/${order.id}/payments`,
        { instalment, capture, token: await world.tokenize(marketplace.id, CARDS.visa) },
        api,
      );
    await pay(1, 'automatic');
    const second = await pay(2, 'manual');
    await sent('POST', '/v1/payments/{id}/capture', `/v1/payments/${second.id}/capture`, {}, api);
    await sent(
      'POST',
      '/v1/payments/{id}/refunds',
      `/v1/payments/${second.id}/refunds`,
      { amount: usd(500), reason: 'x' },
      api,
    );
    await sent(
      'POST',
      '/v1/orders/{id}/ship',
      `/v1/orders/${order.id}/ship`,
      { carrier: 'x', trackingNumber: 'y' },
      api,
    );
    for (const route of [
      '/v1/orders/{id}',
      '/v1/orders/{id}/timeline',
      '/v1/orders/{id}/payments',
      '/v1/orders/{id}/postings',
    ])
      await read(route, order.id);
    await sent('POST', '/v1/orders/{id}/receive', `/v1/orders/${order.id}/receive`, {}, api);
    await world.advance(1);
    await convertSome(api, seller.id);
    const payout = await sent<PayoutView>('POST', '/v1/payouts', '/v1/payouts', { seller: seller.id }, api);
    await world.advance(8);
    await read('/v1/payments/{id}', second.id);
    await read('/v1/payouts/{id}', payout.id);
    await read('/v1/buyers/{id}', buyer.id);
    await read('/v1/marketplaces/{id}', marketplace.id);
    await read('/v1/ledger/trace/{id}', order.id);
  });

  test('a checkout link, made, listed and taken back', async () => {
    const { data } = await read<Page<OrderView>>('/v1/orders', '', '?state=awaiting_payment');
    const order = data[0]?.id as string;
    const route = '/v1/orders/{id}/checkout-links';
    const link = await sent<{ id: string }>('POST', route, route.replace('{id}', order), {});
    await read(route, order);
    await sent('POST', '/v1/checkout-links/{id}/revoke', `/v1/checkout-links/${link.id}/revoke`, {});
  });

  test('a kept card: agreed, listed, deleted', async () => {
    const context = { world, random: seededRandom(5), tell: textTeller() };
    const people = await cast(context, { feeBps: 100, account: '990003', schedule: 'manual' });
    const { api, seller, buyer, marketplace } = people;
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: 'A-3',
      description: 'x',
      total: usd(900),
      instalments: [
        { amount: usd(400), due: 'now' },
        { amount: usd(500), due: 'before_shipment' },
      ],
      shipBy: { daysAfterFirstPayment: 3 },
    });
    const token = await world.tokenize(marketplace.id, CARDS.visa);
    const body = { instalment: 1, token, keepCard: { scope: 'order', terms: 'v1' } };
    const path = `/v1/orders/${order.id}/payments`;
    const { agreement } = await sent<PaymentView>('POST', '/v1/orders/{id}/payments', path, body, api);
    await world.advance(0, 1);
    await read('/v1/agreements/{id}', agreement ?? '');
    const { data } = await read<{ data: readonly { id: string }[] }>('/v1/buyers/{id}/cards', buyer.id);
    const card = `/v1/buyers/${buyer.id}/cards/${data[0]?.id}`;
    await sent('DELETE', '/v1/buyers/{id}/cards/{card}', card, undefined, api);
    await read('/v1/agreements/{id}', agreement ?? '');
  });

  test('participants: a wallet, changed, paused, with a further key; the matrix', async () => {
    const { data } = await read<{ data: readonly { id: string; wallet: { slug: string } | null }[] }>('/v1/wallets');
    assert.equal(data.length, 38);
    const { id, wallet } = data[0] as (typeof data)[number];
    await read('/v1/participants');
    await read('/v1/participants/{id}', id);
    await sent('GET', '/v1/wallets/{wallet}', `/v1/wallets/${wallet?.slug}`);
    await sent('POST', '/v1/wallets/{wallet}/markets', `/v1/wallets/${wallet?.slug}/markets`, {
      markets: { FR: 'pilot' },
    });
    await sent('PATCH', '/v1/participants/{id}', `/v1/participants/${id}`, { wallet: { fees: { serviceBps: 9 } } });
    for (const verb of ['suspend', 'resume'])
      await sent('POST', `/v1/participants/{id}/${verb}`, `/v1/participants/${id}/${verb}`, {});
    const acquirer = { countries: ['JP'], settlementCurrencies: ['JPY'], endpoint: 'https://acquirer.example/hub' };
    await sent('POST', '/v1/participants', '/v1/participants', { participantId: 'ACQ0000001', name: 'A', acquirer });
    const { live } = await read<{ live: Record<string, number> }>('/v1/coverage');
    assert.equal(live.JP, 16);
  });

  test('a payout run, begun and looked at', async () => {
    const { data } = await read<Page<{ id: string }>>('/v1/marketplaces');
    const body = { marketplace: data[0]?.id };
    const run = await sent<{ id: string }>('POST', '/v1/payout-runs', '/v1/payout-runs', body);
    await read('/v1/payout-runs/{id}', run.id);
    await read('/v1/payout-runs');
  });

  test('promotions: a campaign with its budget, a voucher given to a buyer, an order that both pay a part of', async () => {
    const { api, marketplace, seller, buyer } = await cast(
      { world, random: seededRandom(7), tell: textTeller() },
      { feeBps: 100, account: '4401778812', schedule: 'manual' },
    );
    const at = Date.parse((await read<{ now: string }>('/v1/system')).now);
    const period = { from: new Date(at).toISOString(), to: new Date(at + 86_400_000).toISOString() };
    const funded = async (gives: object): Promise<{ id: string }> => {
      const onOrders = { marketplaces: [marketplace.id] };
      const fields = { name: 'Five off', funder: { by: 'hub' }, gives, onOrders, stackable: true, ...period };
      const campaign = await sent<{ id: string }>('POST', '/v1/campaigns', '/v1/campaigns', fields);
      const path = `/v1/campaigns/${campaign.id}`;
      await sent('POST', '/v1/campaigns/{id}/budget', `${path}/budget`, { amount: usd(5000) });
      await sent('POST', '/v1/campaigns/{id}/launch', `${path}/launch`, {});
      return campaign;
    };
    const off = { kind: 'amount', amount: usd(500) };
    const campaign = await funded({ kind: 'discount', terms: [{ threshold: usd(1000), off }] });
    const voucher = { sale: 'free', face: usd(300), validDays: 5 };
    const programme = (await funded({ kind: 'voucher', voucher })).id;
    const body = { programme, marketplace: marketplace.id };
    const issued = await sent<{ data: readonly { id: string }[] }>('POST', '/v1/vouchers', '/v1/vouchers', body);
    const [{ id }] = issued.data as readonly [{ id: string }];
    await sent('POST', '/v1/vouchers/{id}/assign', `/v1/vouchers/${id}/assign`, { buyer: buyer.id }, api);
    const parties = { seller: seller.id, buyer: buyer.id, reference: 'A-4', description: 'x' };
    const instalments = [{ amount: usd(2000), due: 'now' }];
    const terms = { ...parties, total: usd(2000), instalments, shipBy: { daysAfterFirstPayment: 3 } };
    const order = await sent<OrderView>('POST', '/v1/orders', '/v1/orders', terms, api);
    const path = `/v1/orders/${order.id}/vouchers`;
    const lower = await sent<OrderView>('POST', '/v1/orders/{id}/vouchers', path, { voucher: id }, api);
    assert.deepEqual(lower.instalments[0]?.amount, { value: '1200', currency: 'USD' });
    await read('/v1/vouchers/{id}', id);
    await read('/v1/vouchers');
    await read('/v1/campaigns');
    await read('/v1/campaigns/{id}', campaign.id);
    await sent('POST', '/v1/campaigns/{id}/pause', `/v1/campaigns/${campaign.id}/pause`, {});
    await sent('POST', '/v1/campaigns/{id}/end', `/v1/campaigns/${campaign.id}/end`, {});
  });

  test('exchange: rates, a quote, a conversion, a deal and the positions', async () => {
    const { api, seller } = await cast(
      { world, random: seededRandom(6), tell: textTeller() },
      { feeBps: 100, account: '4401778812', schedule: 'manual' },
    );
    await read('/v1/fx/rates');
    const asked = { from: 'USD', to: 'EUR', amount: usd(1000) };
    const quote = await sent<{ id: string }>('POST', '/v1/fx/quotes', '/v1/fx/quotes', asked, api);
    await read('/v1/fx/quotes/{id}', quote.id);
    const deal = { counterparty: 'Bank', reference: 'FX-9', settlesOn: '2026-12-01', sold: usd(1180) };
    const euros = { value: '1000', currency: 'EUR' };
    const struck = await sent<{ id: string }>('POST', '/v1/fx/deals', '/v1/fx/deals', { ...deal, bought: euros });
    await read('/v1/fx/deals/{id}', struck.id);
    await read('/v1/fx/deals');
    await read('/v1/sellers/{id}/conversions', seller.id);
    await read('/v1/sellers/{id}/balance', seller.id, '?currency=EUR');
    await world.advance(1);
    const { positions } = await read<{ positions: readonly { currency: string }[] }>('/v1/fx/positions');
    assert.deepEqual(
      positions.map(({ currency }) => currency),
      ['EUR', 'USD'],
    );
  });

  test('a wallet’s payment in a shop, refunded in part, in the list and as a whole', async () => {
    const { code } = await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', {
      ...{ walletId: 'kakaopay', account: 'demo' },
    });
    const shop = { acquirerId: 'SBXACQJP00000001', merchantId: 'asakusa-tea' };
    const payment = await world.shops.post<{ paymentId: string; state: string }>('/_sandbox/payments', {
      ...shop,
      ...{ amount: { currency: 'JPY', value: '900' }, scenario: 'payment_code', paymentCode: code },
    });
    assert.equal(payment.state, 'paid');
    await world.shops.post('/_sandbox/refunds', { ...shop, payment: payment.paymentId, amount: '300' });
    await read('/v1/hub-payments', '', '?wallet=kakaopay&state=paid,failed');
    const whole = await read<{ refunds: readonly { state: string }[] }>('/v1/hub-payments/{id}', payment.paymentId);
    assert.deepEqual(
      whole.refunds.map(({ state }) => state),
      ['refunded'],
    );
  });

  test('lists, the ledger, reconciliation and the system', async () => {
    for (const route of [
      'orders',
      'payments',
      'payouts',
      'sellers',
      'buyers',
      'marketplaces',
      'ledger/accounts',
      'ledger/check',
      'reconciliation/lines',
      'reconciliation/breaks',
      'operations',
      'events',
      'system',
      'jobs/dead',
      'vault/keys',
    ]) {
      await read(`/v1/${route}`);
    }
    const { data } = await read<Page<{ returnReason: unknown }>>('/v1/payouts');
    assert.ok(
      data.some(({ returnReason }) => returnReason !== null),
      'a returned payout is among what was checked',
    );
  });

  test('a payment nobody has answered about is a described answer too', async () => {
    const { api, seller, buyer, marketplace } = await cast(
      { world, random: seededRandom(4), tell: textTeller() },
      { feeBps: 100, account: '4401778812', schedule: 'manual' },
    );
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: 'A-2',
      description: 'x',
      total: usd(700),
      instalments: [{ amount: usd(700), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 3 },
    });
    await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'any', count: 1 });
    await world.acquirer.post('/_sandbox/faults', { kind: 'drop_after', operation: 'payments', count: 1 });
    const open = await sent<PaymentView>(
      'POST',
      '/v1/orders/{id}/payments',
      `/v1/orders/${order.id}/payments`,
      { instalment: 1, token: await world.tokenize(marketplace.id, CARDS.visa) },
      api,
    );
    assert.equal(open.checking, true);
    await read('/v1/operations', '', '?olderThanMinutes=0');
  });
});
