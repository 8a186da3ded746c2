/**
 * What wallets and acquirers call about codes and shops, by path below `/aps/api/v1/`. A suspended participant gets none and registers
 * none; what it has given out is refused where it is used.
 */
import { type Endpoint, refused } from './call.ts';
import { createStoreCodeFor, getPaymentCode, registerEntryPageFor } from './codes.ts';
import { inquiryForeignExchangeQuote } from './exchange-quote.ts';
import { inquiryRegistrationStatus, registration } from './shops.ts';
import { userInitiatedPay } from './user-initiated-pay.ts';

const active =
  (run: Endpoint['run']): Endpoint['run'] =>
  async (call) =>
    call.participant.state === 'active'
      ? run(call)
      : refused({ code: 'access_denied', detail: 'the participant is suspended' });

export const CODE_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'codes/getPaymentCode': { role: 'wallet', run: active(getPaymentCode) },
  'payments/userInitiatedPay': { role: 'wallet', run: active(userInitiatedPay) },
  'payments/inquiryForeignExchangeQuote': { role: 'wallet', run: active(inquiryForeignExchangeQuote) },
  'codes/createStoreCode': { role: 'acquirer', run: active(createStoreCodeFor) },
  'codes/registerEntryPage': { role: 'acquirer', run: active(registerEntryPageFor) },
  'merchants/registration': { role: 'acquirer', run: active(registration) },
  'merchants/inquiryRegistrationStatus': { role: 'acquirer', run: active(inquiryRegistrationStatus) },
};
