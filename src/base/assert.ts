/** Thrown when something happens that cannot happen. On in production: a wrong ledger is worse than a stopped one. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** States an invariant. `message` says the rule that was broken and may carry ids, never card data. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** For the default branch of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unreachable case: ${JSON.stringify(value)}`);
}

/** The value, asserted to be there. */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  assert(value !== null && value !== undefined, `missing: ${what}`);
  return value;
}
