/** What commands about codes and shops work with; wired in main. */
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import type { Journal, Outcome } from '../../journal/index.ts';

export interface CodeDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** What a command without a key came to: without one, nothing is ever a repeat. */
export function committedValue<Value, R extends Refusal>(done: Result<Outcome<Value>, R>): Result<Value, R> {
  if (!done.ok) return done;
  assert(done.value.kind === 'committed', 'a command without a key is no repeat');
  return ok(done.value.value);
}
