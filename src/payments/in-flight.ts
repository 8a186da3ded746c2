/**
 * Work of this process that stands between its decision and the network's answer.
 *
 * While an operation is in flight here, its resume job must not ask about it and believe a "not found", for the request may
 * arrive a moment later; and the sandbox's clock must not jump. It is counted around the work itself, not around HTTP
 * requests: a client that hangs up does not end it. And a call is made only while it is fresh: a process that was held up
 * between its commit and its call (paused, starved, reconnecting) must not call so late that the network could act after
 * the inquiry that took "not found" for a no. Wall-clock time.
 */
import { wallNow } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import type { Decision } from '../journal/index.ts';
import { MARGIN_MS } from './start-operation.ts';

const LATEST_MS = MARGIN_MS - 2000;

type Decided<Value, R> = Result<Decision<Value>, R>;

export interface Flight {
  /** Notes the operation of a decision before it is committed. */
  track<Value extends { readonly operation: { readonly id: Id<'opn'> } }, R extends Refusal>(
    decided: Decided<Value, R>,
  ): Decided<Value, R>;
  /** Notes an operation that starts in the unit about to be committed. */
  note(operation: Id<'opn'>): void;
  /** Calls the network, unless it has become too late for that. */
  call(network: () => Promise<AcquirerAnswer>): Promise<AcquirerAnswer>;
}

export interface InFlight {
  /** Runs work that decides, calls and settles. */
  during<Value>(work: (flight: Flight) => Promise<Value>): Promise<Value>;
  has(operation: Id<'opn'>): boolean;
  /** How many pieces of work are under way. */
  count(): number;
}

/** One a process. */
export function createInFlight(): InFlight {
  const operations = new Set<Id<'opn'>>();
  let pieces = 0;
  return {
    during: async (work) => {
      const own: Id<'opn'>[] = [];
      const began = wallNow();
      const note = (operation: Id<'opn'>): void => {
        own.push(operation);
        operations.add(operation);
      };
      pieces += 1;
      try {
        return await work({
          track: (decided) => {
            if (decided.ok) note(decided.value.value.operation.id);
            return decided;
          },
          note,
          call: async (network) =>
            wallNow() - began > LATEST_MS
              ? { outcome: 'unknown', cause: 'not sent: it had become too late' }
              : network(),
        });
      } finally {
        pieces -= 1;
        for (const operation of own) operations.delete(operation);
      }
    },
    has: (operation) => operations.has(operation),
    count: () => pieces,
  };
}
