/** Shops of an acquirer. Nothing is examined by hand, so a registration is successful when it is answered. */
import { isCountry } from '../../base/country.ts';
import { findShop, registerShop } from '../../wallets/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';

export async function registration({ app, participant, fields }: Call): Promise<Answer> {
  const merchantId = fields.needText('referenceMerchantId', 64);
  const registered = {
    merchantId,
    name: fields.needText('merchantInfo.merchantName', 256),
    localName: fields.text('merchantInfo.merchantLocalName', 256),
    categoryCode: fields.needText('merchantInfo.merchantMCC', 4),
    country: fields.needText('merchantInfo.merchantAddress.region', 2),
    city: fields.needText('merchantInfo.merchantAddress.city', 256),
  };
  if (!/^\d{4}$/.test(registered.categoryCode)) fields.reject('merchantInfo.merchantMCC', 'must be four digits');
  if (!isCountry(registered.country))
    fields.reject('merchantInfo.merchantAddress.region', 'must be ISO 3166-1 alpha-2');
  if (fields.wrong !== null) return refused(fields.wrong);
  const shop = await registerShop(app.hub.deps, { acquirer: participant, registration: registered });
  return shop.ok ? standingOf(merchantId) : refused(shop.error);
}

export async function inquiryRegistrationStatus({ app, participant, fields }: Call): Promise<Answer> {
  const merchantId = fields.needText('referenceMerchantId', 64);
  if (fields.wrong !== null) return refused(fields.wrong);
  const shop = await findShop(app.journal.db, participant.id, merchantId);
  // One that is known by its payments only was never registered.
  if (shop === null || shop.city === null)
    return refused({
      code: 'unknown_shop',
      detail: 'no shop was registered by this name',
      pointer: '/referenceMerchantId',
    });
  return standingOf(merchantId);
}

const standingOf = (referenceMerchantId: string): Answer => ({
  result: SUCCESS,
  referenceMerchantId,
  registrationStatus: 'SUCCESSFUL',
});
