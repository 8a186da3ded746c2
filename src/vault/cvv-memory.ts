/**
 * Card verification values between entry and first use. They are never written anywhere, not even encrypted (PCI DSS
 * 3.3.1): a map in this process, bounded, forgotten after 15 minutes of wall time and on first use, gone with a restart.
 * A payment that finds none goes out without one; the issuer decides what that is worth. A value that certainly reached no
 * issuer may be put back; its 15 minutes go on from where they began.
 */
import { wallNow } from '../base/clock.ts';

export const CVV_LIFETIME_MS = 15 * 60_000;
const CAPACITY = 10_000;

export interface HeldCvv {
  readonly cvv: string;
  /** Wall time in milliseconds. */
  readonly until: number;
}

export interface CvvMemory {
  keep(token: string, cvv: string): void;
  /** The value, forgotten by this very call; undefined when none is held any more. */
  take(token: string): HeldCvv | undefined;
  /** Undoes a `take`, unless a newer value is there. */
  putBack(token: string, held: HeldCvv): void;
  /** Forgets what is too old. */
  sweep(): void;
  readonly size: number;
}

/** `now` is wall time in milliseconds; `capacity` is how many values are held at most, the oldest making room. */
export function cvvMemory(now: () => number = wallNow, capacity: number = CAPACITY): CvvMemory {
  const held = new Map<string, HeldCvv>();
  const hold = (token: string, entry: HeldCvv): void => {
    held.set(token, entry);
    const [oldest] = held.keys();
    if (held.size > capacity && oldest !== undefined) held.delete(oldest);
  };
  return {
    get size() {
      return held.size;
    },
    keep: (token, cvv) => hold(token, { cvv, until: now() + CVV_LIFETIME_MS }),
    putBack: (token, entry) => {
      if (!held.has(token)) hold(token, entry);
    },
    take: (token) => {
      const entry = held.get(token);
      held.delete(token);
      return entry !== undefined && entry.until > now() ? entry : undefined;
    },
    sweep: () => {
      for (const [token, { until }] of held) if (until <= now()) held.delete(token);
    },
  };
}
