/** What wallets and acquirers call about codes and shops, by path below `/aps/api/v1/`. */
import type { Offered } from './call.ts';
import { createStoreCodeFor, getPaymentCode, registerEntryPageFor } from './codes.ts';
import { inquiryForeignExchangeQuote } from './exchange-quote.ts';
import { inquiryRegistrationStatus, registration } from './shops.ts';
import { userInitiatedPay } from './user-initiated-pay.ts';

export const CODE_ENDPOINTS: Readonly<Record<string, Offered>> = {
  'codes/getPaymentCode': { role: 'wallet', endpoint: getPaymentCode },
  'payments/userInitiatedPay': { role: 'wallet', endpoint: userInitiatedPay },
  'payments/inquiryForeignExchangeQuote': { role: 'wallet', endpoint: inquiryForeignExchangeQuote },
  'codes/createStoreCode': { role: 'acquirer', endpoint: createStoreCodeFor },
  'codes/registerEntryPage': { role: 'acquirer', endpoint: registerEntryPageFor },
  'merchants/registration': { role: 'acquirer', endpoint: registration },
  'merchants/inquiryRegistrationStatus': { role: 'acquirer', endpoint: inquiryRegistrationStatus },
};
