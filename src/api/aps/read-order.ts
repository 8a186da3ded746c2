/** The order of a payment and its shop, as acquirers send them. */
import type { ShopFacts } from '../../connectors/ports/wallet.ts';
import type { Fields } from '../ams/fields.ts';

export interface ReadOrder {
  readonly orderReference: string;
  readonly description: string;
  readonly shop: ShopFacts;
}

export function readOrder(fields: Fields): ReadOrder {
  const orderReference = fields.needText('order.referenceOrderId', 64);
  const description = fields.needText('order.orderDescription', 256);
  fields.needAmount('order.orderAmount');
  return { orderReference, description, shop: readShop(fields) };
}

export function readShop(fields: Fields): ShopFacts {
  const merchantId = fields.needText('order.merchant.referenceMerchantId', 64);
  const name = fields.needText('order.merchant.merchantName', 256);
  const categoryCode = fields.needText('order.merchant.merchantMCC', 4);
  if (!/^\d{4}$/.test(categoryCode)) fields.reject('order.merchant.merchantMCC', 'must be four digits');
  const country = fields.needText('order.merchant.merchantAddress.region', 2);
  if (!/^[A-Z]{2}$/.test(country)) fields.reject('order.merchant.merchantAddress.region', 'must be an ISO 3166 code');
  return { merchantId, name, ...readLatinName(fields, name), country, categoryCode, ...readStore(fields) };
}

function readLatinName(fields: Fields, name: string): Pick<ShopFacts, 'latinName'> {
  const latinName = fields.text('order.merchant.merchantDisplayName', 256);
  return latinName === null || latinName === name ? {} : { latinName };
}

/** In the merchant as published, or beside it. */
function readStore(fields: Fields): Pick<ShopFacts, 'store'> {
  const path = fields.has('order.merchant.store') ? 'order.merchant.store' : 'order.store';
  if (!fields.has(path)) return {};
  const id = fields.needText(`${path}.referenceStoreId`, 64);
  return { store: { id, name: fields.needText(`${path}.storeName`, 256) } };
}
