/**
 * One life of an order as a marketplace's program would lead it: agree terms, pay by card, ship, receive, release. Every
 * request names its attempt with an Idempotency-Key, and every answer must show the state the request was to bring about.
 */
import type { HttpAnswer } from './http-line.ts';

export const REQUESTS = ['create', 'pay', 'ship', 'receive', 'release'] as const;
export type RequestKind = (typeof REQUESTS)[number];

/** A token that no vault made. */
export const STUB_TOKEN = `tok_${'0'.repeat(32)}`;

export interface Step {
  readonly kind: RequestKind;
  readonly path: string;
  readonly body: string;
}

export interface Terms {
  readonly seller: string;
  readonly buyer: string;
  readonly reference: string;
  /** Price in cents. */
  readonly cents: string;
}

/** How the buyer pays: what the payment's body says beside the instalment. Asked when the order stands. */
export type Checkout = () => Promise<{ readonly token: string }>;

const SHIPMENT = JSON.stringify({ carrier: 'DHL', trackingNumber: 'JD0146' });
const STATE_AFTER: Readonly<Record<RequestKind, string>> = {
  create: 'awaiting_payment',
  pay: 'captured',
  ship: 'shipped',
  receive: 'received',
  release: 'released',
};

/** Sends the requests of a life in order. Throws when an answer is not the expected one. */
export async function live(terms: Terms, checkout: Checkout, send: (step: Step) => Promise<HttpAnswer>): Promise<void> {
  const step = async (kind: RequestKind, path: string, body: string): Promise<string> => {
    const answer = await send({ kind, path, body });
    const { id, state } = JSON.parse(answer.body) as { id?: string; state?: string };
    if (answer.status >= 300 || state !== STATE_AFTER[kind] || id === undefined)
      throw new Error(`${kind} of ${terms.reference}: ${answer.status} ${answer.body}`);
    return id;
  };
  const order = await step('create', '/v1/orders', orderBody(terms));
  await step('pay', `/v1/orders/${order}/payments`, JSON.stringify({ instalment: 1, ...(await checkout()) }));
  await step('ship', `/v1/orders/${order}/ship`, SHIPMENT);
  await step('receive', `/v1/orders/${order}/receive`, '{}');
  await step('release', `/v1/orders/${order}/release`, '{}');
}

function orderBody({ cents, ...parties }: Terms): string {
  const price = { value: cents, currency: 'USD' };
  return JSON.stringify({
    ...parties,
    description: 'Portable speakers, one box',
    total: price,
    instalments: [{ amount: price, due: 'now' }],
    shipBy: { daysAfterFirstPayment: 30 },
  });
}
