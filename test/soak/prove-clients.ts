/**
 * The clients' records against the API: every acknowledged request, sent once more under its key, gets the very answer it
 * got; every order and payment stands where its client was told; every seller has what was released, less what was paid.
 */
import { isDeepStrictEqual } from 'node:util';
import type { OrderView, Page, PaymentView, PayoutView, SellerView } from '../../stories/views.ts';
import { centsOf, type Feed, inParallel } from './feed.ts';
import type { Life } from './order-life.ts';
import type { Proof, Scene } from './proofs.ts';
import type { Acknowledged } from './stubborn-client.ts';

/** Each acknowledged success, repeated. */
export async function proveReplays({ record }: Scene): Promise<Proof> {
  const owned = record.acknowledged.filter(({ status }) => status < 300);
  const violations = await inParallel(owned, async (request: Acknowledged) => {
    const again = await request.client.repeat(request);
    if (again.status === request.status && isDeepStrictEqual(again.body, request.answer)) return [];
    const [first, second] = [request.answer, again.body].map((answer) => JSON.stringify(answer));
    return [
      `POST ${request.path} (sent ${request.sent} times) was answered ${request.status} ${first}, its repeat ${again.status} ${second}`,
    ];
  });
  return { violations, counts: { acknowledged: record.acknowledged.length, replayed: owned.length } };
}

/** Each life as its client knows it, against the order, its payments, and nothing besides. */
export async function proveLives({ traffic }: Scene): Promise<Proof> {
  const lives = traffic.lives.filter(({ ended }) => ended !== null);
  const violations = await inParallel(lives, async (life) => {
    const { client } = life.market;
    const order = await client.get<OrderView>(`/v1/orders/${life.order}`);
    const { data } = await client.get<Page<PaymentView>>(`/v1/orders/${life.order}/payments`);
    return differences(life, order, data).map((difference) => `order ${life.order}: ${difference}`);
  });
  const payouts = await inParallel(traffic.payouts, async ({ id, cents, canceled, seller }) => {
    const market = traffic.lives.find((life) => life.seller === seller)?.market;
    const payout = await market?.client.get<PayoutView>(`/v1/payouts/${id}`);
    const wanted = canceled ? ['canceled'] : ['paid', 'returned'];
    const fine = wanted.includes(payout?.state ?? '') && payout?.amount.value === cents.toString();
    return fine ? [] : [`payout ${id} of ${cents} should be ${wanted.join(' or ')}, is ${JSON.stringify(payout)}`];
  });
  return { violations: [...violations, ...payouts], counts: {} };
}

function differences(life: Life, order: OrderView, payments: readonly PaymentView[]): readonly string[] {
  const captured = life.payments.filter(({ state }) => state === 'captured');
  const sum = (values: readonly number[]): string => values.reduce((total, value) => total + value, 0).toString();
  const compared: readonly (readonly [string, unknown, unknown])[] = [
    ['state', order.state, life.ended],
    ['captured', order.captured.value, sum(captured.map(({ cents }) => cents))],
    ['refunded', order.refunded.value, sum(life.payments.map(({ refunded }) => refunded))],
    ['held', order.held.value, '0'],
    ['payments', payments.map(({ id }) => id).sort(), life.payments.map(({ id }) => id).sort()],
    ...life.payments.flatMap(({ id, state, cents, refunded }) => {
      const found = payments.find((payment) => payment.id === id);
      return [
        [`state of ${id}`, found?.state, state],
        [`captured of ${id}`, found?.captured.value, state === 'captured' ? cents.toString() : '0'],
        [`refunded of ${id}`, found?.refunded.value, refunded.toString()],
        [`checking of ${id}`, found?.checking, false],
      ] as const;
    }),
  ];
  return compared
    .filter(([, found, expected]) => !isDeepStrictEqual(found, expected))
    .map(
      ([what, found, expected]) =>
        `${what} is ${JSON.stringify(found)}, its client was told ${JSON.stringify(expected)}`,
    );
}

/** What clients saw released equals what sellers have, were paid, or have on its way back. */
export async function proveSellers({ markets, traffic }: Scene, feed: Feed): Promise<Proof> {
  const returned = new Set(feed.events.filter(({ type }) => type === 'payout.returned').map(({ subject }) => subject));
  const canceled = new Set(feed.events.filter(({ type }) => type === 'payout.canceled').map(({ subject }) => subject));
  const initiated = feed.events.filter(({ type }) => type === 'payout.initiated');
  let paid = 0;
  const violations: string[] = [];
  for (const { client, sellers } of markets) {
    for (const id of sellers) {
      const seller = await client.get<SellerView>(`/v1/sellers/${id}`);
      const released = await releasedTo(id, traffic.lives);
      const out = initiated.filter(
        ({ data, subject }) => data.seller === id && !returned.has(subject) && !canceled.has(subject),
      );
      const paidOut = out.reduce((sum, { data }) => sum + centsOf(data.amount), 0n);
      paid += out.length;
      const available = BigInt(seller.balances[0]?.available.value ?? 0);
      if (released !== paidOut + available)
        violations.push(`seller ${id}: ${released} released to it, ${paidOut} paid out and ${available} available`);
    }
  }
  return { violations, counts: { payoutsPaid: paid, payoutsReturned: returned.size, payoutsCanceled: canceled.size } };
}

async function releasedTo(seller: string, lives: readonly Life[]): Promise<bigint> {
  const own = lives.filter((life) => life.seller === seller && life.ended === 'released');
  const amounts = await inParallel(own, async ({ market, order }) => {
    const { captured, refunded, fee } = await market.client.get<OrderView>(`/v1/orders/${order}`);
    return [BigInt(captured.value) - BigInt(refunded.value) - BigInt(fee.value)];
  });
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
