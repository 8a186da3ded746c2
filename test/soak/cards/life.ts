/**
 * One card life: what it knows of itself, and what the lives of all kinds do alike: agree on an order, pay, ask for more of
 * an authorization, give back, deliver. An answer that a right program cannot give throws, and the life is a failure.
 */
import { wallNow } from '../../../src/base/clock.ts';
import type { SeededRandom } from '../../../src/base/random.ts';
import { CARDHOLDER } from '../../../stories/card-scene.ts';
import { usd } from '../../../stories/story.ts';
import type { Money, OrderView, PaymentView } from '../../../stories/views.ts';
import type { Calendar } from './calendar.ts';
import type { CardClient, Sent } from './client.ts';
import type { Faults, Operation } from './faults.ts';
import type { LifePlan } from './plan.ts';

export interface CardPayment extends PaymentView {
  readonly order: string;
  readonly authorized: Money;
  readonly action: { readonly url: string; readonly creq: string } | null;
  readonly authentication: { readonly state: string; readonly liabilityShift: boolean } | null;
}

/** Test cards of the acquirer; what its issuer says of each is in docs/sandbox-acquirer.md. */
export const CARDS = {
  visa: '4112344112344113',
  mastercard: '5112345112345114',
  discover: '6011016011016011',
  attempted: '4110144110144115',
  unavailable: '371144371144376',
  not_authenticated: '4000000000000002',
  half_approved: '4444444444444455',
} as const;
export type Card = keyof typeof CARDS;

/** What the client was told, in minor units: what the books of both sides must say in the end. */
export interface Expected {
  readonly payment: string;
  state: 'captured' | 'declined' | 'canceled';
  captured: number;
  refunded: number;
}

export interface ExpectedDispute {
  readonly network: string;
  /** What the merchant has lost of it, fees apart. */
  lost: number;
  state: 'won' | 'lost' | 'accepted';
}

export interface Life {
  readonly plan: LifePlan;
  readonly seller: string;
  order: string | null;
  readonly payments: Expected[];
  readonly disputes: ExpectedDispute[];
  /** Attempts that never reached the acquirer, or whose challenge the buyer never saw. */
  again: number;
  ended: boolean;
}

/** Where a life acts. */
export interface Scene {
  readonly life: Life;
  readonly plan: LifePlan;
  readonly random: SeededRandom;
  readonly calendar: Calendar;
  readonly api: CardClient;
  readonly buyer: string;
  readonly faults: Faults;
  /** A verb of the acquirer's own side; asked again when the acquirer is down. */
  readonly network: <Body>(path: string, body: unknown) => Promise<Body>;
  /** The cardholder's browser: sends a form and shows the page that comes. */
  readonly page: (url: string, fields: Readonly<Record<string, string>>) => Promise<string>;
  /** A single-use token of the vault. `expired`: of a card that runs out this month, by the wall's calendar. */
  readonly token: (number: string, expiry?: { readonly month: number; readonly year: number }) => Promise<string>;
}

export interface Terms {
  readonly card: Card;
  readonly capture?: 'automatic' | 'manual';
  readonly estimated?: boolean;
  readonly onExpiry?: 'release' | 'reauthorize';
  readonly cardholder?: boolean;
  readonly expiresThisMonth?: boolean;
}

const ATTEMPTS_MAX = 12;

/** Agrees on an order of one instalment. */
export async function agree({ api, plan, life, buyer }: Scene): Promise<string> {
  const answer = await api.post<OrderView>('/v1/orders', {
    seller: life.seller,
    buyer,
    reference: `LIFE-${plan.number}`,
    description: plan.kind.replaceAll('_', ' '),
    total: usd(plan.cents),
    instalments: [{ amount: usd(plan.cents), due: 'now' }],
    shipBy: { daysAfterFirstPayment: 40 },
    policy: 'standard',
  });
  const { id } = must(answer, 201, 'order');
  life.order = id;
  return id;
}

/** One attempt to pay, with an answer that is final or asks the cardholder. */
export async function attempt(scene: Scene, terms: Terms): Promise<CardPayment> {
  const { api, life, faults, token } = scene;
  const { card, capture = 'automatic', cardholder = false, expiresThisMonth = false, ...rest } = terms;
  await faults.maybe(cardholder ? 'authentications' : 'payments');
  const expiry = expiresThisMonth ? { expiry: monthOf(wallNow()) } : {};
  const body = {
    instalment: 1,
    token: await token(CARDS[card], expiry.expiry),
    capture,
    ...rest,
    ...(cardholder ? { cardholder: CARDHOLDER } : {}),
  };
  const answer = await api.post<CardPayment>(`/v1/orders/${life.order}/payments`, body, asksCardholder);
  const payment = must(answer, answer.status === 202 ? 202 : 201, 'payment');
  if (payment.state === 'declined') tell(scene, payment, { state: 'declined' });
  return payment;
}

/** Pays until the acquirer has had its say: an attempt that never reached it is made again. */
export async function pay(scene: Scene, terms: Terms, wanted: 'captured' | 'authorized'): Promise<CardPayment> {
  for (let tries = 1; tries <= ATTEMPTS_MAX; tries += 1) {
    const payment = await attempt(scene, terms);
    if (payment.state === wanted) return paid(scene, payment);
    if (!isLost(payment))
      throw new Error(`payment ${payment.id} is ${payment.state} (${payment.decline?.code}), not ${wanted}`);
    scene.life.again += 1;
  }
  throw new Error(`no attempt to pay reached the acquirer, ${ATTEMPTS_MAX} times`);
}

/** Nothing was asked of the issuer: the request got lost on its way. */
export const isLost = ({ state, decline }: CardPayment): boolean =>
  state === 'declined' && decline?.code === 'not_received';

export function paid(scene: Scene, payment: CardPayment): CardPayment {
  if (payment.state === 'captured') tell(scene, payment, { state: 'captured', captured: scene.plan.cents });
  return payment;
}

export interface FollowUp {
  readonly verb: 'capture' | 'cancel' | 'increment';
  readonly operation: Operation;
  readonly body?: object;
}

/** Asks something about an authorization; it must end in the state. */
export async function follow(scene: Scene, id: string, ask: FollowUp, wanted: string): Promise<CardPayment> {
  await scene.faults.maybe(ask.operation);
  const answer = await scene.api.post<CardPayment>(`/v1/payments/${id}/${ask.verb}`, ask.body ?? {});
  const payment = must(answer, 200, ask.verb);
  if (payment.state !== wanted) throw new Error(`${ask.verb} left ${id} ${payment.state} instead of ${wanted}`);
  return payment;
}

/** Gives back so much. */
export async function refund(scene: Scene, id: string, cents: number): Promise<void> {
  must(await askRefund(scene, id, cents), 201, 'refund');
  const known = scene.life.payments.find(({ payment }) => payment === id);
  if (known === undefined) throw new Error(`${id} was refunded and never captured`);
  known.refunded += cents;
}

interface RefundAnswer {
  readonly id: string;
  readonly state: string;
  readonly code?: string;
}

export async function askRefund({ api, faults }: Scene, id: string, cents: number): Promise<Sent<RefundAnswer>> {
  await faults.maybe('refunds');
  const body = { amount: usd(cents), reason: 'agreed' };
  const answer = await api.post<RefundAnswer>(`/v1/payments/${id}/refunds`, body);
  if (answer.status < 300 && answer.body.state !== 'confirmed')
    throw new Error(`refund of ${id} is ${JSON.stringify(answer.body)}`);
  return answer;
}

/** The goods arrive and the seller gets the money, if the plan says so. */
export async function deliver({ api, plan, life, calendar }: Scene): Promise<void> {
  if (!plan.delivers) return;
  const path = `/v1/orders/${life.order}`;
  must(await api.post(`${path}/ship`, { carrier: 'SF', trackingNumber: String(plan.number) }), 200, 'ship');
  await calendar.wait(1);
  must(await api.post(`${path}/receive`, {}), 200, 'receive');
  must(await api.post(`${path}/release`, {}), 200, 'release');
}

/** Keeps what the client was told of a payment; said twice, the later counts. */
export function tell(
  { life }: Scene,
  { id }: Pick<CardPayment, 'id'>,
  told: Partial<Expected> & Pick<Expected, 'state'>,
): void {
  const known = life.payments.find(({ payment }) => payment === id);
  if (known === undefined) life.payments.push({ payment: id, captured: 0, refunded: 0, ...told });
  else Object.assign(known, told);
}

export function must<Body>({ status, body }: Sent<Body>, wanted: number, what: string): Body {
  if (status !== wanted) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

const asksCardholder = ({ state, action }: CardPayment): boolean => state === 'authenticating' && action !== null;

function monthOf(ms: number): { readonly month: number; readonly year: number } {
  const date = new Date(ms);
  return { month: date.getUTCMonth() + 1, year: date.getUTCFullYear() };
}
