/**
 * What hangs in a shop: its printed code, asked from the hub, and the address of its entry page, registered there. A shop is registered
 * before its first of either; the hub takes the same registration again.
 */
import type { Currency } from '../../src/base/currency.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { HubAnswer } from '../base/call-hub.ts';
import { textOf } from '../base/message-fields.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { callHub, type HubOperation } from './call-hub.ts';
import { schemeTemplate } from './national-code.ts';
import type { Shops } from './shops.ts';

export type HubRefusal = Refusal<'no_answer' | 'refused'>;

export async function registerShop(shops: Shops, acquirer: Acquirer, shop: Shop): Promise<Result<null, HubRefusal>> {
  const answer = await ask(shops, acquirer, 'merchants/registration', {
    referenceMerchantId: shop.merchantId,
    merchantInfo: {
      merchantName: shop.name,
      ...(shop.localName === null ? {} : { merchantLocalName: shop.localName }),
      merchantMCC: shop.mcc,
      merchantAddress: { region: acquirer.country, city: shop.city },
    },
  });
  if (!answer.ok) return answer;
  remember(shops, acquirer, { shop, what: 'shop' });
  return ok(null);
}

/** The text of the printed code; the hub is asked once a shop. */
export async function printStoreCode(
  shops: Shops,
  acquirer: Acquirer,
  shop: Shop,
): Promise<Result<string, HubRefusal>> {
  const printed = printedCode(shops, acquirer, shop);
  if (printed !== null) return ok(printed);
  const registered = await ensureRegistered(shops, acquirer, shop);
  if (!registered.ok) return registered;
  const orderCurrency: Currency = shop.currency;
  const answer = await ask(shops, acquirer, 'codes/createStoreCode', {
    ...{ referenceMerchantId: shop.merchantId, orderCurrency },
    schemes: acquirer.pushSchemes.map((scheme) => schemeTemplate(shop, scheme)),
  });
  if (!answer.ok) return answer;
  const code = textOf(answer.value.body.codeValue, 512);
  if (code === null) return refuse('refused', 'the hub gave no code');
  shops.store.run(
    'insert or ignore into printed_code (acquirer_id, merchant_id, code, at_ms) values (?, ?, ?, ?)',
    ...[acquirer.acquirerId, shop.merchantId, code, shops.time.nowMs()],
  );
  return ok(printedCode(shops, acquirer, shop) ?? code);
}

export function printedCode({ store }: Shops, { acquirerId }: Acquirer, { merchantId }: Shop): string | null {
  const find = 'select code from printed_code where acquirer_id = ? and merchant_id = ?';
  return store.first<{ code: string }>(find, acquirerId, merchantId)?.code ?? null;
}

/** Where the shop's page is, which is also what its entry code says. */
export const entryUrl = ({ settings }: Shops, { slug }: Acquirer, { merchantId }: Shop): string =>
  `${settings.publicUrl}/entry/${slug}/${merchantId}`;

/** The address, once the hub knows that it is this shop's. */
export async function registerEntryPage(
  shops: Shops,
  acquirer: Acquirer,
  shop: Shop,
): Promise<Result<string, HubRefusal>> {
  const url = entryUrl(shops, acquirer, shop);
  if (isRemembered(shops, acquirer, { shop, what: url })) return ok(url);
  const registered = await ensureRegistered(shops, acquirer, shop);
  if (!registered.ok) return registered;
  const body = { pageUrl: url, referenceMerchantId: shop.merchantId };
  const answer = await ask(shops, acquirer, 'codes/registerEntryPage', body);
  if (!answer.ok) return answer;
  remember(shops, acquirer, { shop, what: url });
  return ok(url);
}

const ensureRegistered = (shops: Shops, acquirer: Acquirer, shop: Shop): Promise<Result<null, HubRefusal>> =>
  isRemembered(shops, acquirer, { shop, what: 'shop' })
    ? Promise.resolve(ok(null))
    : registerShop(shops, acquirer, shop);

/** `what` is the shop itself or an address of it. */
interface Registered {
  readonly shop: Shop;
  readonly what: string;
}

function remember({ store, time }: Shops, { acquirerId }: Acquirer, { shop, what }: Registered): void {
  const insert = 'insert or ignore into registration (acquirer_id, merchant_id, what, at_ms) values (?, ?, ?, ?)';
  store.run(insert, acquirerId, shop.merchantId, what, time.nowMs());
}

const isRemembered = ({ store }: Shops, { acquirerId }: Acquirer, { shop, what }: Registered): boolean =>
  store.first(
    'select 1 from registration where acquirer_id = ? and merchant_id = ? and what = ?',
    ...[acquirerId, shop.merchantId, what],
  ) !== null;

async function ask(
  shops: Shops,
  acquirer: Acquirer,
  operation: HubOperation,
  body: object,
): Promise<Result<Extract<HubAnswer, { answered: true }>, HubRefusal>> {
  const answer = await callHub(shops, acquirer, operation, body);
  if (!answer.answered) return refuse('no_answer', answer.reason);
  return answer.status === 'S' ? ok(answer) : refuse('refused', `${answer.code}: ${answer.message}`);
}
