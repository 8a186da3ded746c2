/** What every part of the bank works with, and the settings it was started with. */
import type { Currency } from '../../src/base/currency.ts';
import type { BusinessTime } from '../base/business-time.ts';
import type { Faults } from '../base/faults.ts';
import type { Store } from '../base/store.ts';

export interface BankSettings {
  /** The account our files are paid from. */
  readonly operatorAccount: string;
  readonly operatorCurrency: Currency;
  /** Without it, files and statements are open to anybody on this machine. */
  readonly token: string | undefined;
}

export interface Bank {
  readonly store: Store;
  readonly time: BusinessTime;
  readonly faults: Faults;
  readonly settings: BankSettings;
}
