/** What every part of the wallets works with, and the settings they were started with. */
import type { BusinessTime } from '../base/business-time.ts';
import type { Faults } from '../base/faults.ts';
import type { Store } from '../base/store.ts';
import type { WalletList } from './wallet.ts';

export interface WalletsSettings {
  /** Where a phone and the hub reach this process, without a slash at the end. */
  readonly publicUrl: string;
}

export interface Wallets {
  readonly store: Store;
  readonly time: BusinessTime;
  readonly faults: Faults;
  readonly list: WalletList;
  readonly settings: WalletsSettings;
}

export const OPERATIONS = [
  'pay',
  'inquiryPayment',
  'cancelPayment',
  'refund',
  'applyToken',
  'cancelToken',
  'notifyDispute',
] as const;
export type OperationName = (typeof OPERATIONS)[number];
/** What faults are ordered for. */
export const FAULT_OPERATIONS = [...OPERATIONS, 'notifyPayment'] as const;
export const FAULT_KINDS = [
  'drop_before',
  'drop_after',
  'http_500',
  'http_503',
  'malformed',
  'unknown_code',
  'delay',
  'notify_duplicate',
  'notify_delay',
  'notify_drop',
] as const;
