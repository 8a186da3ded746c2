/** What every payment command works with; wired in main. */
import type { Clock } from '../base/clock.ts';
import type { CardVault } from '../connectors/ports/card-vault.ts';
import type { Journal } from '../journal/index.ts';
import type { CardAccounts } from '../parties/index.ts';
import type { InFlight } from './in-flight.ts';
import type { PaymentOwner } from './ports.ts';
import type { WalletAccess } from './wallet-access.ts';

export interface PaymentDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly accounts: CardAccounts;
  readonly vault: CardVault;
  readonly owner: PaymentOwner;
  readonly wallets: WalletAccess;
  readonly inFlight: InFlight;
  /** The acquirers' own processing deadline, wall-clock milliseconds. */
  readonly acquirerTimeoutMs: number;
}
