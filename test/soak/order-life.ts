/**
 * One whole order's life over HTTP, by a client that repeats until it knows. What it was told definitely is written down as
 * what the platform must show for ever. The one thing a kill may cost a client is an attempt that never reached the
 * acquirer: the payment is then declined as `not_received`, and paying again is a new attempt under a new key.
 */
import type { SeededRandom } from '../../src/base/random.ts';
import { usd } from '../../stories/story.ts';
import type { OrderView, PaymentView, PayoutView } from '../../stories/views.ts';
import type { Plan } from './order-plan.ts';
import type { Market } from './people.ts';

export interface ExpectedPayment {
  readonly id: string;
  state: 'captured' | 'declined' | 'canceled' | 'authorized';
  readonly instalment: number;
  readonly cents: number;
  refunded: number;
}

/** What a client knows of an order once its life is over. */
export interface Life {
  readonly number: number;
  readonly market: Market;
  readonly seller: string;
  readonly plan: Plan;
  order: string | null;
  readonly payments: ExpectedPayment[];
  ended: 'released' | 'refunded' | 'canceled' | null;
  /** Attempts that never reached the acquirer. */
  notReceived: number;
}

export interface LifeContext {
  readonly random: SeededRandom;
  readonly token: () => Promise<string>;
  /** A moment between two requests. */
  readonly pause: () => Promise<void>;
  /** A fresh idempotency key. */
  readonly newKey: () => string;
  readonly payouts: ExpectedPayout[];
}

export interface ExpectedPayout {
  readonly id: string;
  readonly seller: string;
  readonly cents: bigint;
  canceled: boolean;
}

const DAYS_TO_SHIP = 5;

export async function liveOrder(context: LifeContext, life: Life): Promise<void> {
  const { plan } = life;
  const order = await create(context, life);
  if (plan.ending === 'declined') return declineAndCancel(context, life, order);
  if (plan.voidFirst) await payAndVoid(context, life, order);
  for (const instalment of plan.parts.keys()) await pay(context, life, order, instalment + 1);
  if (plan.ending === 'refunded') return refundAll(context, life);
  if (plan.refundWhen === 'before_shipment') await refundPart(context, life);
  await move(context, life, order, 'ship', { carrier: 'SF', trackingNumber: `SF${life.number}` }, 'shipped');
  if (plan.refundWhen === 'after_shipment') await refundPart(context, life);
  if (plan.receivedBy === 'buyer') await move(context, life, order, 'receive', {}, 'received');
  if (plan.releaseByRequest) await move(context, life, order, 'release', {}, 'released');
  life.ended = 'released';
  await payOut(context, life);
}

async function create({ newKey, pause }: LifeContext, life: Life): Promise<string> {
  const { market, plan } = life;
  const total = plan.parts.reduce((sum, { cents }) => sum + cents, 0);
  const answer = await market.client.post<OrderView>(
    '/v1/orders',
    {
      seller: life.seller,
      buyer: market.buyer,
      reference: `SOAK-${life.number}`,
      description: 'Desk lamps',
      total: usd(total),
      instalments: plan.parts.map(({ cents }, index) => ({
        amount: usd(cents),
        due: index === 0 ? 'now' : 'before_shipment',
      })),
      shipBy: { daysAfterFirstPayment: DAYS_TO_SHIP },
      policy: plan.policy,
    },
    newKey(),
  );
  must(answer, 201, 'order');
  life.order = answer.body.id;
  await pause();
  return answer.body.id;
}

/** Pays one instalment until it is captured. */
async function pay(context: LifeContext, life: Life, order: string, instalment: number): Promise<void> {
  const part = life.plan.parts[instalment - 1] as Plan['parts'][number];
  for (;;) {
    const paid = await attempt(context, life, order, { instalment, ...part });
    if (paid === null) continue;
    if (part.capture === 'manual') {
      const answer = await life.market.client.post<PaymentView>(
        `/v1/payments/${paid.id}/capture`,
        {},
        context.newKey(),
      );
      must(answer, 200, 'capture');
      if (answer.body.state !== 'captured') throw new Error(`capture of ${paid.id} left it ${answer.body.state}`);
      await context.pause();
    }
    paid.state = 'captured';
    return;
  }
}

interface Attempt {
  readonly instalment: number;
  readonly cents: number;
  readonly capture: 'automatic' | 'manual';
}

/** One attempt; null when it never reached the acquirer. Any other decline is wrong here. */
async function attempt(
  context: LifeContext,
  life: Life,
  order: string,
  { instalment, cents, capture }: Attempt,
): Promise<ExpectedPayment | null> {
  const body = { instalment, token: await context.token(), capture };
  const answer = await life.market.client.post<PaymentView>(`/v1/orders/${order}/payments`, body, context.newKey());
  must(answer, 201, 'payment');
  const { id, state, decline } = answer.body;
  const expected = state as ExpectedPayment['state'];
  const payment: ExpectedPayment = { id, state: expected, instalment, cents, refunded: 0 };
  life.payments.push(payment);
  await context.pause();
  if (state === 'declined' && decline?.code === 'not_received') {
    life.notReceived += 1;
    return null;
  }
  const wanted = life.plan.ending === 'declined' ? 'declined' : capture === 'manual' ? 'authorized' : 'captured';
  if (state !== wanted)
    throw new Error(`payment ${id} of ${order} is ${state} (${decline?.code}) instead of ${wanted}`);
  return payment;
}

async function payAndVoid(context: LifeContext, life: Life, order: string): Promise<void> {
  const cents = life.plan.parts[0]?.cents ?? 0;
  const payment = await attempt(context, life, order, { instalment: 1, cents, capture: 'manual' });
  if (payment === null) return;
  const answer = await life.market.client.post<PaymentView>(`/v1/payments/${payment.id}/cancel`, {}, context.newKey());
  must(answer, 200, 'void');
  if (answer.body.state !== 'canceled') throw new Error(`void of ${payment.id} left it ${answer.body.state}`);
  payment.state = 'canceled';
  await context.pause();
}

async function declineAndCancel(context: LifeContext, life: Life, order: string): Promise<void> {
  const part = life.plan.parts[0] as Plan['parts'][number];
  while ((await attempt(context, life, order, { instalment: 1, ...part })) === null);
  await move(context, life, order, 'cancel', { reason: 'card declined' }, 'canceled');
  life.ended = 'canceled';
}

async function refundAll(context: LifeContext, life: Life): Promise<void> {
  for (const payment of capturedOf(life)) await refund(context, life, payment, payment.cents);
  life.ended = 'refunded';
}

const capturedOf = ({ payments }: Life): readonly ExpectedPayment[] =>
  payments.filter(({ state }) => state === 'captured');

async function refundPart(context: LifeContext, life: Life): Promise<void> {
  const [first] = capturedOf(life);
  if (life.plan.partialRefund > 0 && first !== undefined) await refund(context, life, first, life.plan.partialRefund);
}

async function refund(context: LifeContext, life: Life, payment: ExpectedPayment, cents: number): Promise<void> {
  const body = { amount: usd(cents), reason: 'soak' };
  const path = `/v1/payments/${payment.id}/refunds`;
  const answer = await life.market.client.post<{ id: string; state: string }>(path, body, context.newKey());
  must(answer, 201, 'refund');
  if (answer.body.state !== 'confirmed') throw new Error(`refund ${answer.body.id} is ${answer.body.state}`);
  payment.refunded += cents;
  await context.pause();
}

/** A move that a deadline may have made first while the client was waiting: then the order says so. */
async function move(
  { newKey, pause }: LifeContext,
  { market: { client } }: Life,
  order: string,
  verb: string,
  body: unknown,
  state: string,
): Promise<void> {
  const answer = await client.post<OrderView & { code?: string }>(`/v1/orders/${order}/${verb}`, body, newKey());
  if (answer.status === 409 && (verb === 'receive' || verb === 'release')) {
    const current = await client.get<OrderView & { receivedBy: string | null }>(`/v1/orders/${order}`);
    const byDeadline = verb === 'receive' ? current.receivedBy === 'deadline' : current.state === 'released';
    if (!byDeadline) throw new Error(`${verb} of ${order}: ${JSON.stringify(answer.body)}`);
  } else {
    must(answer, 200, verb);
    if (answer.body.state !== state) throw new Error(`${verb} left ${order} ${answer.body.state} instead of ${state}`);
  }
  await pause();
}

/** Refusals are definite too: nothing available yet, or the seller is blocked because the bank returned a payout. */
async function payOut({ newKey, payouts, random }: LifeContext, life: Life): Promise<void> {
  const { market, seller, plan } = life;
  if (market.schedule === 'daily' || plan.payout === 'none') return;
  if (plan.payout === 'run') {
    await market.client.post('/v1/payout-runs', {}, newKey());
    return;
  }
  const amount = plan.payout === 'all' ? {} : { amount: usd(random.integer(100, 2_000)) };
  const answer = await market.client.post<PayoutView>('/v1/payouts', { seller, ...amount }, newKey());
  if (answer.status >= 400) return mayRefuse(answer, ['nothing_to_pay_out', 'insufficient_balance', 'payouts_blocked']);
  const expected = { id: answer.body.id, seller, cents: BigInt(answer.body.amount.value), canceled: false };
  payouts.push(expected);
  if (plan.payout !== 'canceled') return;
  const path = `/v1/payouts/${expected.id}/cancel`;
  const canceled = await market.client.post<PayoutView>(path, { reason: 'soak' }, newKey());
  if (canceled.status >= 400) return mayRefuse(canceled, ['illegal_move']);
  expected.canceled = true;
}

function mayRefuse({ status, body }: { status: number; body: unknown }, codes: readonly string[]): void {
  const { code } = body as { code?: string };
  if (!codes.includes(code ?? '')) throw new Error(`payout refused: ${status} ${JSON.stringify(body)}`);
}

function must({ status, body }: { status: number; body: unknown }, wanted: number, what: string): void {
  if (status !== wanted) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
}
