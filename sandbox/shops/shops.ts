/** What every part of the acquirers works with, and the settings they were started with. */
import type { BusinessTime } from '../base/business-time.ts';
import type { Faults } from '../base/faults.ts';
import type { Store } from '../base/store.ts';
import type { AcquirerList } from './acquirer.ts';

export interface ShopsSettings {
  /** Where a phone and the hub reach this process, without a slash at the end. */
  readonly publicUrl: string;
}

export interface Shops {
  readonly store: Store;
  readonly time: BusinessTime;
  readonly faults: Faults;
  readonly list: AcquirerList;
  readonly settings: ShopsSettings;
}

/** What the hub calls at an acquirer. */
export const OPERATIONS = [
  'notifyPayment',
  'userInitiatedPay',
  'inquiryPushPayment',
  'initiateRetrieval',
  'initiateEscalation',
] as const;
export type OperationName = (typeof OPERATIONS)[number];
export const FAULT_KINDS = ['drop_before', 'drop_after', 'delay', 'http_500', 'http_503', 'malformed'] as const;
