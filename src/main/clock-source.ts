/**
 * Business time of this process. In production it is the machine's; in the sandbox it is wall time plus an offset that the
 * clock service pushes to every participant, so that all of them step together when the clock is advanced.
 */
import { type Clock, type Instant, monotone, sleep, systemClock, wallNow } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';

export interface ClockSource {
  readonly clock: Clock;
  /** Somebody may advance it: this process must take part. */
  readonly movable: boolean;
  /** Adopts a pushed offset; it only grows. */
  adopt(offsetMs: number): void;
  /** Tells the clock service where this process takes part; a no-op in production. */
  register(name: string, url: string): Promise<void>;
  leave(name: string): Promise<void>;
}

export function systemSource(): ClockSource {
  return {
    clock: systemClock(),
    movable: false,
    adopt: () => undefined,
    register: async () => undefined,
    leave: async () => undefined,
  };
}

/** The clock service at `url`, which must answer within ten seconds. */
export async function serviceSource(url: string): Promise<ClockSource> {
  let offsetMs = await readOffset(url);
  return {
    clock: monotone(() => wallNow() + offsetMs),
    movable: true,
    adopt: (pushed) => {
      offsetMs = Math.max(offsetMs, pushed);
    },
    register: async (name, participant) => {
      const response = await fetch(`${url}/participants`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, url: participant }),
      });
      if (!response.ok)
        throw new Fault('clock', `the clock service refused ${name}: ${response.status}`, { retryable: true });
    },
    leave: async (name) => {
      await fetch(`${url}/participants/${encodeURIComponent(name)}`, { method: 'DELETE' }).catch(() => undefined);
    },
  };
}

async function readOffset(url: string): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(`${url}/now`, { signal: AbortSignal.timeout(2000) });
      const { offsetMs } = (await response.json()) as { now: Instant; offsetMs: number };
      return offsetMs;
    } catch (cause) {
      if (attempt >= 5)
        throw new Fault('clock', `the clock service at ${url} does not answer`, { retryable: true, cause });
      await sleep(500);
    }
  }
}
