/** What every payment command works with; wired in main. */
import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { CardAcquirer } from '../connectors/ports/card-acquirer.ts';
import type { CardAuthentication } from '../connectors/ports/card-authentication.ts';
import type { CardVault } from '../connectors/ports/card-vault.ts';
import type { Journal } from '../journal/index.ts';
import type { InFlight } from './in-flight.ts';
import type { PaymentOwner } from './ports.ts';

export interface PaymentDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly acquirer: CardAcquirer;
  readonly authentication: CardAuthentication;
  /** The operator's account with that acquirer. */
  readonly network: Id<'net'>;
  readonly vault: CardVault;
  readonly owner: PaymentOwner;
  readonly inFlight: InFlight;
  /** The acquirer's own processing deadline, wall-clock milliseconds. */
  readonly acquirerTimeoutMs: number;
}
