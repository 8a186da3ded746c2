/** Jobs that need the vault: it may be out of reach for as long as it likes, and they come back until it has answered. */
import { Fault } from '../base/fault.ts';
import type { Refusal, Result } from '../base/result.ts';
import { NetworkFault } from '../connectors/ports/network-http.ts';
import type { Job, JobResult } from '../jobs/index.ts';

/** Pauses, business time: 5 s, 30 s, 2 min, then every 10 minutes; a used token can be stored for a day. */
const LADDER_MS = [5_000, 30_000, 120_000, 600_000] as const;

export const isPassing = (fault: unknown): fault is Fault | NetworkFault =>
  fault instanceof NetworkFault || (fault instanceof Fault && fault.retryable);

/** What could not be committed for now comes back as a fault: the job must be tried again. */
export function passes(result: Result<unknown, Refusal>): void {
  if (!result.ok && result.error.code === 'conflict')
    throw new Fault('conflict', result.error.detail, { retryable: true });
}

export function againLater({ attempts }: Job, reason: Error): JobResult {
  const rung = Math.min(Math.max(attempts, 1), LADDER_MS.length) - 1;
  return { kind: 'again', afterMs: LADDER_MS[rung] as number, reason: reason.message, countsAsAttempt: true };
}
