/** What dispute commands work with; wired in main. */
import type { Clock } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { CardAcquirer } from '../connectors/ports/card-acquirer.ts';
import type { Journal } from '../journal/index.ts';
import type { Channel } from './channel.ts';

/** Where the network's report and our own books say different things. It happened outside: it is shown, never refused. */
export interface Difference {
  readonly kind: 'missing_in_ledger' | 'missing_in_file' | 'amount_differs';
  /** The dispute and its movement. */
  readonly subject: string;
  readonly amount: Money;
  readonly reason: string;
}

export interface DisputeDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly channel: Channel;
  /** The operator's account with the network that takes the money. */
  readonly network: Id<'net'>;
  /** Whose reports say what moved. */
  readonly reports: Pick<CardAcquirer, 'fetchReport' | 'parseDisputeMovements'>;
  /** Takes differences to whoever keeps breaks. */
  readonly tellDifferences: (found: readonly Difference[]) => Promise<void>;
  /** The network's own processing deadline, wall-clock milliseconds. */
  readonly answerTimeoutMs: number;
}
