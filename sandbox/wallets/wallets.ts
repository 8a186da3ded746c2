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

export const OPERATIONS = ['pay', 'inquiryPayment', 'cancelPayment', 'refund', 'applyToken', 'cancelToken'] as const;
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

const UTC8_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** As Alipay+ writes instants: to the second, in UTC+8. */
export const timeText = (ms: number): string => `${new Date(ms + UTC8_MS).toISOString().slice(0, 19)}+08:00`;

/** Midnight in UTC+8 at the start of the day after the one that `ms` is in. */
export const nextDayUtc8 = (ms: number): number => (Math.floor((ms + UTC8_MS) / DAY_MS) + 1) * DAY_MS - UTC8_MS;

/** The first instant of the calendar year in UTC+8. */
export function yearStartUtc8(ms: number): number {
  return Date.UTC(new Date(ms + UTC8_MS).getUTCFullYear(), 0, 1) - UTC8_MS;
}
