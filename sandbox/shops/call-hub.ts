/** Signed calls of an acquirer to the hub, as its `acquirerId`. */
import { callHubAs, type HubAnswer } from '../base/call-hub.ts';
import type { Acquirer } from './acquirer.ts';
import { acquirerKey } from './keys.ts';
import type { Shops } from './shops.ts';

/** What an acquirer may ask, by its path under /aps/api/v1/. */
export type HubOperation =
  | 'payments/pay'
  | 'payments/inquiryPayment'
  | 'payments/cancelPayment'
  | 'payments/refund'
  | 'payments/consultPayment'
  | 'merchants/registration'
  | 'codes/createStoreCode'
  | 'codes/registerEntryPage'
  | 'disputes/responseRetrieval'
  | 'disputes/responseEscalation';

export async function callHub(
  { store }: Shops,
  { acquirerId }: Acquirer,
  operation: HubOperation,
  body: object,
): Promise<HubAnswer> {
  const key = await acquirerKey(store, acquirerId);
  return callHubAs(store, { clientId: acquirerId, key }, { to: `/aps/api/v1/${operation}`, body });
}
