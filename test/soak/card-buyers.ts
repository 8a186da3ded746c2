/**
 * Buyers of the soak `card-scan`: each types a card into the vault's hosted form (the page is loaded, and the request that its
 * script makes is made), pays an order with the token, and does what buyers and clients do after it. A clumsy one puts the
 * number where it does not belong: as a token, into an address, a header, a wrong field, a body that is no JSON.
 */
import { randomUUID } from 'node:crypto';
import type { SeededRandom } from '../../src/base/random.ts';
import { usd } from '../../stories/story.ts';
import type { World } from '../../stories/world.ts';
import type { Ears, Heard } from './card-ears.ts';

export interface Card {
  readonly number: string;
  readonly cvv: string;
}

export interface Shop {
  readonly world: World;
  readonly ears: Ears;
  readonly marketplace: string;
  readonly secret: string;
  readonly seller: string;
  readonly buyer: string;
  readonly random: SeededRandom;
}

/** What became of a card: `lost` when no answer came, as while something was down. */
export type Ending = 'captured' | 'authorized' | 'declined' | 'open' | 'refused' | 'lost';

/** Cents for which the issuer says no, whatever the card. */
const DECLINED = [152_100, 253_000] as const;

/** One buyer, from typing to what comes after paying. Never throws: the world is disturbed on purpose. */
export async function buy(shop: Shop, nth: number, card: Card): Promise<Ending> {
  try {
    const token = await typeCard(shop, card);
    if (token === null) return 'refused';
    const cents = nth % 9 === 0 ? (DECLINED[nth % 2] as number) : shop.random.integer(1_000, 90_000);
    const order = String((await call(shop, 'POST', '/v1/orders', terms(shop, nth, cents))).body.id);
    const capture = nth % 3 === 0 ? 'manual' : 'automatic';
    const paid = await call(shop, 'POST', `/v1/orders/${order}/payments`, { instalment: 1, token, capture });
    const payment = String(paid.body.id);
    if (paid.body.state === 'authorized') await call(shop, 'POST', `/v1/payments/${payment}/capture`, {});
    if (nth % 5 === 0) {
      const body = { amount: usd(Math.ceil(cents / 2)), reason: 'broken' };
      await call(shop, 'POST', `/v1/payments/${payment}/refunds`, body);
    }
    if (nth % 4 === 0) await look(shop, order, payment, token);
    if (nth % 7 === 0) await beClumsy(shop, order, card);
    const { state } = (await call(shop, 'GET', `/v1/payments/${payment}`)).body;
    return state === 'captured' || state === 'authorized' || state === 'declined' ? state : 'open';
  } catch {
    return 'lost';
  }
}

/** The hosted form: the page itself, then what its script sends when the buyer submits it. Null: the card is not taken. */
async function typeCard({ world, ears, marketplace }: Shop, { number, cvv }: Card): Promise<string | null> {
  const { api, vault } = world.addresses;
  const parent = encodeURIComponent(api);
  const page = await ears.ask(`${vault}/fields?marketplace=${marketplace}&parent=${parent}`);
  if (page.status !== 200 || !page.text.includes("post('/v1/tokens'"))
    throw new Error(`the card form: ${page.status} ${page.text.slice(0, 200)}`);
  const card = { number, expiryMonth: 12, expiryYear: 2031, cvv };
  const made = await postJson(ears, `${vault}/v1/tokens`, { marketplace, card });
  return made.status === 201 ? String(made.body.token) : null;
}

const terms = ({ seller, buyer }: Shop, nth: number, cents: number): object => ({
  seller,
  buyer,
  reference: `CARD-${nth}`,
  description: 'Desk lamps',
  total: usd(cents),
  instalments: [{ amount: usd(cents), due: 'now' }],
  shipBy: { daysAfterFirstPayment: 5 },
  policy: 'standard',
});

/** What client and operator can read about it. */
async function look(shop: Shop, order: string, payment: string, token: string): Promise<void> {
  for (const path of [`/v1/orders/${order}`, `/v1/orders/${order}/timeline`, `/v1/orders/${order}/postings`])
    await call(shop, 'GET', path);
  await call(shop, 'GET', `/v1/ledger/trace/${payment}`);
  await shop.ears.ask(`${shop.world.addresses.vault}/v1/tokens/${token}`);
  await shop.ears.ask(`${shop.world.addresses.api}/v1/operations`, { headers: bearer(shop.world.operatorKey) });
}

async function beClumsy(shop: Shop, order: string, { number, cvv }: Card): Promise<void> {
  const { api, vault } = shop.world.addresses;
  const { ears, marketplace, secret } = shop;
  const json = { 'content-type': 'application/json' };
  const keyed = { ...json, ...bearer(secret), 'idempotency-key': randomUUID() };
  const pay = `${api}/v1/orders/${order}/payments`;
  const card = { number, expiryMonth: 12, expiryYear: 2031, cvv };
  await call(shop, 'POST', `/v1/orders/${order}/payments`, { instalment: 1, token: number, capture: 'automatic' });
  await call(shop, 'POST', `/v1/orders/${order}/payments`, { instalment: 1, card, capture: 'automatic' });
  await call(shop, 'POST', `/v1/orders/${order}/payments`, { instalment: 1, token: 'tok', [number]: cvv });
  await ears.ask(pay, { method: 'POST', headers: keyed, body: `{"token":"${number}","cvv":"${cvv}"` });
  await ears.ask(pay, { method: 'POST', headers: { ...keyed, 'content-type': 'text/plain' }, body: number });
  await ears.ask(pay, { method: 'POST', headers: { ...keyed, 'idempotency-key': `${number} ${cvv}` }, body: '{}' });
  await call(shop, 'GET', `/v1/payments/${number}`);
  await call(shop, 'GET', `/v1/payments?order=${number}&cvv=${cvv}`);
  await call(shop, 'GET', `/v1/no-such-route/${number}?cvv=${cvv}`);
  await ears.ask(`${api}/v1/payments`, { headers: bearer(number) });
  for (const wrong of [
    { marketplace, card: { ...card, number: `${number}1` } },
    { marketplace, card: { ...card, cvv: `${cvv}99` } },
    { marketplace, card: { ...card, expiryYear: 2001 } },
    { marketplace, card: { ...card, [number]: cvv } },
    { marketplace: number, card },
    { card },
  ])
    await postJson(ears, `${vault}/v1/tokens`, wrong);
  await ears.ask(`${vault}/v1/tokens`, { method: 'POST', headers: json, body: `{"card":{"number":"${number}"` });
  await ears.ask(`${vault}/v1/tokens`, { method: 'POST', body: `number=${number}&cvv=${cvv}` });
  await ears.ask(`${vault}/v1/tokens`, { method: 'POST', headers: json, body: `"${number.repeat(600)}"` });
  await ears.ask(`${vault}/v1/tokens/${number}?cvv=${cvv}`);
  await ears.ask(`${vault}/fields?marketplace=${number}&parent=${number}`);
  await postJson(ears, `${vault}/forward`, { token: number, url: `https://${number}.example/`, body: cvv });
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const postJson = (ears: Ears, url: string, body: unknown): Promise<Heard> =>
  ears.ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** As the marketplace, with a fresh idempotency key. */
export function call({ world, ears, secret }: Shop, method: string, path: string, body?: unknown): Promise<Heard> {
  const keyed = { ...bearer(secret), 'idempotency-key': randomUUID(), 'content-type': 'application/json' };
  return ears.ask(`${world.addresses.api}${path}`, {
    method,
    headers: method === 'GET' ? bearer(secret) : keyed,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
