/** What every part of the acquirer works with, and the settings it was started with. */
import type { Currency } from '../../src/base/currency.ts';
import type { BusinessTime } from '../base/business-time.ts';
import type { Faults } from '../base/faults.ts';
import type { Store } from '../base/store.ts';

export interface AcquirerSettings {
  readonly merchantId: string;
  /** The merchant as cardholders see it on the issuer's page. */
  readonly merchantName: string;
  /** Where batches are paid; without it they stay unpaid. */
  readonly bankUrl: string | undefined;
  /** The merchant's account at the bank. */
  readonly settlementAccount: string;
  /** What everything is settled in; without it each currency in itself. */
  readonly settlementCurrency: Currency | undefined;
  /** Where the merchant wants notifications; without it none are made. */
  readonly notifyUrl: string | undefined;
  readonly notifyToken: string | undefined;
}

export interface Acquirer {
  readonly store: Store;
  readonly time: BusinessTime;
  readonly faults: Faults;
  readonly settings: AcquirerSettings;
}

/** What faults are ordered for. `void` to `capture_and_reverse` are the kinds of PATCH; `reports` are the day's files. */
export const OPERATIONS = [
  'payments',
  'captures',
  'refunds',
  'verifications',
  'authentications',
  'disputes',
  'void',
  'increment',
  'reverse',
  'reauthorize',
  'capture_and_reverse',
  'reports',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Business milliseconds until the next try of something another party did not take. */
export function retryDelayMs(attempts: number): number {
  const minutes = 60_000;
  return [5_000, 30_000, 5 * minutes][attempts - 1] ?? 60 * minutes;
}
