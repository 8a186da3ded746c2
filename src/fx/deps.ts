/** What every command of exchange works with. */
import type { Clock } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { FxSource } from '../connectors/ports/fx-source.ts';
import type { Journal } from '../journal/index.ts';

export interface FxDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Null where the installation has none: no rate is ever available then. */
  readonly source: FxSource | null;
  /** The currency the books are closed in; results and positions are valued in it. */
  readonly reporting: Currency;
}
