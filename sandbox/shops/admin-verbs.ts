/** What every admin verb has in common: it names an acquirer, a shop of it or a payment, and refuses in one way. */
import type { Refusal, Result } from '../../src/base/result.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import type { Fields } from '../base/message-fields.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { findPayment } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

export type Act = (shops: Shops, acquirer: Acquirer, body: Fields, request: Request) => Reply | Promise<Reply>;

/** A verb of an acquirer that the path or the body names. */
export const verb = (shops: Shops, pattern: string, act: Act): Route => ({
  method: 'POST',
  pattern: `/_sandbox/${pattern}`,
  handle: (request) => {
    const body = bodyObject(request) ?? {};
    const named = request.params.acquirer ?? body.acquirerId;
    return withAcquirer(shops, named, (acquirer) => act(shops, acquirer, body, request));
  },
});

/** A list of an acquirer that the query names. */
export const list = (shops: Shops, pattern: string, act: Act): Route => ({
  method: 'GET',
  pattern: `/_sandbox/${pattern}`,
  handle: (request) =>
    withAcquirer(shops, request.query.get('acquirerId'), (acquirer) => act(shops, acquirer, {}, request)),
});

export const wrong = (message: string): Reply => problem(422, 'invalid_request', message);

/** What came of it, or why nothing did; a hub that could not be heard is no refusal of this network. */
export const done = <Value>(result: Result<Value, Refusal>, shown: (value: Value) => object): Reply =>
  result.ok ? json(200, shown(result.value)) : problem(422, result.error.code, result.error.detail);

function withAcquirer(
  { list }: Shops,
  named: unknown,
  act: (acquirer: Acquirer) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const acquirer = typeof named === 'string' ? list.find(named) : null;
  return acquirer === null ? problem(404, 'unknown_acquirer', 'there is no such acquirer') : act(acquirer);
}

export function withShop(
  { list }: Shops,
  acquirer: Acquirer,
  { merchantId }: Fields,
  act: (shop: Shop) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const shop = list.shop(acquirer, String(merchantId));
  return shop === null ? problem(404, 'unknown_shop', `${acquirer.name} has no such shop`) : act(shop);
}

export function withPayment(
  shops: Shops,
  acquirer: Acquirer,
  { payment }: Fields,
  act: (payment: PaymentRow) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const found = findPayment(shops, acquirer, String(payment));
  return found === null ? problem(404, 'unknown_payment', 'there is no such payment') : act(found);
}
