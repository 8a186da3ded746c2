/** A source of rates that says what the test tells it to. */
import type { Clock, Instant } from '../../src/base/clock.ts';
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import type { FxSource, MidRates } from '../../src/connectors/ports/fx-source.ts';
import { NetworkFault } from '../../src/connectors/ports/network-http.ts';

export interface FakeRates extends FxSource {
  /** Units for one dollar. */
  perBase: Partial<Record<Currency, string>>;
  /** Does not answer. */
  silent: boolean;
  /** The moment it goes on repeating; null: its rates are of now. */
  asOf: Instant | null;
  /** How often it was asked. */
  asked: number;
}

export function fakeRates(clock: Clock): FakeRates {
  const fake: FakeRates = {
    perBase: { USD: '1', EUR: '0.8', JPY: '150', IDR: '16000', KWD: '0.3' },
    silent: false,
    asOf: null,
    asked: 0,
    fetchRates: async (): Promise<MidRates> => {
      fake.asked += 1;
      if (fake.silent) throw new NetworkFault('no answer', 'maybe');
      const known = Object.entries(fake.perBase).filter(([currency]) => isCurrency(currency));
      return { source: 'fake', base: 'USD', asOf: fake.asOf ?? clock.now(), perBase: Object.fromEntries(known) };
    },
  };
  return fake;
}
