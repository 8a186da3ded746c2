/** Codes that the hub gives: to wallets for their users to show, to acquirers to print; and pages that acquirers print links to. */
import { isCurrency } from '../../base/currency.ts';
import { createStoreCode, issuePaymentCodes, MOST_PAYMENT_CODES, registerEntryPage } from '../../wallets/index.ts';
import type { Fields } from '../ams/fields.ts';
import { timeOf } from '../ams/views.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';
import { readSchemes } from './schemes.ts';

export async function getPaymentCode({ app, participant, fields }: Call): Promise<Answer> {
  const customerId = fields.needText('customerId', 64);
  fields.text('region', 2);
  const quantity = fields.integer('codeQuantity') ?? 1;
  if (quantity < 1 || quantity > MOST_PAYMENT_CODES)
    fields.reject('codeQuantity', `must be from 1 to ${MOST_PAYMENT_CODES}`);
  if (fields.wrong !== null) return refused(fields.wrong);
  const issued = await issuePaymentCodes(app.hub.deps, { wallet: participant, customerId, quantity });
  if (!issued.ok) return refused(issued.error);
  const paymentCodes = issued.value.map(({ value, expiresAt }) => ({
    codeValue: value,
    ...(expiresAt === null ? {} : { codeExpiryTime: timeOf(expiresAt) }),
  }));
  return { result: SUCCESS, paymentCodes };
}

export async function createStoreCodeFor({ app, participant, fields }: Call): Promise<Answer> {
  const merchantId = fields.needText('referenceMerchantId', 64);
  const currency = fields.needText('orderCurrency', 3);
  const schemes = readSchemes(fields);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (!isCurrency(currency))
    return refused({ code: 'unknown_currency', detail: 'must be an ISO 4217 code', pointer: '/orderCurrency' });
  const made = await createStoreCode(app.hub.deps, { acquirer: participant, merchantId, currency, schemes });
  if (!made.ok) return refused(made.error);
  return { result: SUCCESS, referenceMerchantId: merchantId, codeId: made.value.id, codeValue: made.value.value };
}

export async function registerEntryPageFor({ app, participant, fields }: Call): Promise<Answer> {
  const merchantId = fields.needText('referenceMerchantId', 64);
  const url = neededAddress(fields, 'pageUrl');
  if (fields.wrong !== null) return refused(fields.wrong);
  const registered = await registerEntryPage(app.hub.deps, { acquirer: participant, merchantId, url });
  if (!registered.ok) return refused(registered.error);
  const { id, value } = registered.value;
  return { result: SUCCESS, referenceMerchantId: merchantId, codeId: id, codeValue: value };
}

function neededAddress(fields: Fields, path: string): string {
  fields.needText(path, 512);
  return fields.address(path) ?? '';
}
