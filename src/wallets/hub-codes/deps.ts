/** What commands about codes and shops work with; wired in main. */
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
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

/** Decided when somebody else has done meanwhile what was asked: nothing is committed, and what there is is the answer. */
export type NothingNew = Refusal<'nothing_new'>;
export const NOTHING_NEW = refuse('nothing_new', 'it is so already');

/** What a command came to that another one may have done before it. */
export async function committedOr<Value, R extends Refusal>(
  done: Result<Outcome<Value>, R | NothingNew>,
  there: () => Promise<Value>,
): Promise<Result<Value, R>> {
  if (done.ok) return committedValue(done);
  if (done.error.code === 'nothing_new') return ok(await there());
  return { ok: false, error: done.error as R };
}
