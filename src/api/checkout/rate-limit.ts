/**
 * How often one thing may be asked for: so many times in a window of time, then not until the window ends. In the memory of
 * this process, for a bounded number of keys; the key that was begun longest ago is forgotten first.
 */
import { monotonicMs } from '../../base/clock.ts';

export interface RateLimit {
  /** Counts one request. Milliseconds to wait when it is one too many, otherwise 0. */
  take(key: string): number;
}

const KEYS_MAX = 20_000;

/** `now`: milliseconds that only grow. */
export function createRateLimit(most: number, perMs: number, now = monotonicMs): RateLimit {
  const windows = new Map<string, { readonly endsAt: number; count: number }>();
  const begin = (key: string) => {
    const window = { endsAt: now() + perMs, count: 0 };
    windows.delete(key); // so that the order of the map is the order of age
    windows.set(key, window);
    if (windows.size > KEYS_MAX) windows.delete(windows.keys().next().value as string);
    return window;
  };
  return {
    take: (key) => {
      const known = windows.get(key);
      const window = known !== undefined && now() < known.endsAt ? known : begin(key);
      window.count += 1;
      return window.count > most ? Math.ceil(window.endsAt - now()) : 0;
    },
  };
}
