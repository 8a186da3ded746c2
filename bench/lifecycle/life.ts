/**
 * One life of an order as a marketplace's program would lead it: agree terms, pay by card, ship, receive, release. Every
 * request names its attempt with an Idempotency-Key, and every answer must show the state the request was to bring about.
 */
import type { HttpAnswer } from './http-line.ts';

export const REQUESTS = ['create', 'pay', 'ship', 'receive', 'release'] as const;
export type RequestKind = (typeof REQUESTS)[number];

export interface Step {
  readonly kind: RequestKind;
  readonly path: string;
  readonly body: string;
}

export interface Terms {
  readonly seller: string;
  readonly buyer: string;
  readonly reference: string;
}

const PRICE = { value: '12000', currency: 'USD' };
const PAYMENT = JSON.stringify({ instalment: 1, token: `tok_${'0'.repeat(32)}` });
const SHIPMENT = JSON.stringify({ carrier: 'DHL', trackingNumber: 'JD0146' });
const STATE_AFTER: Readonly<Record<RequestKind, string>> = {
  create: 'awaiting_payment',
  pay: 'captured',
  ship: 'shipped',
  receive: 'received',
  release: 'released',
};

/** Sends the requests of a life in order. Throws when an answer is not the expected one. */
export async function live(terms: Terms, send: (step: Step) => Promise<HttpAnswer>): Promise<void> {
  const step = async (kind: RequestKind, path: string, body: string): Promise<string> => {
    const answer = await send({ kind, path, body });
    const { id, state } = JSON.parse(answer.body) as { id?: string; state?: string };
    if (answer.status >= 300 || state !== STATE_AFTER[kind] || id === undefined)
      throw new Error(`${kind} of ${terms.reference}: ${answer.status} ${answer.body}`);
    return id;
  };
  const order = await step('create', '/v1/orders', orderBody(terms));
  await step('pay', `/v1/orders/${order}/payments`, PAYMENT);
  await step('ship', `/v1/orders/${order}/ship`, SHIPMENT);
  await step('receive', `/v1/orders/${order}/receive`, '{}');
  await step('release', `/v1/orders/${order}/release`, '{}');
}

const orderBody = (terms: Terms): string =>
  JSON.stringify({
    ...terms,
    description: 'Portable speakers, one box',
    total: PRICE,
    instalments: [{ amount: PRICE, due: 'now' }],
    shipBy: { daysAfterFirstPayment: 30 },
  });
