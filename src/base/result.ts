/** The outcome of something the business may refuse. Faults of the world are thrown; bugs are assertions. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Refusal };

/** A refusal: the business says no, with a stable code and the facts a person needs to act on it. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly detail: string;
  /** JSON Pointer (RFC 6901) of the offending field, when one field is to blame. */
  readonly pointer?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const refuse = <Code extends string>(
  code: Code,
  detail: string,
  extra: { readonly pointer?: string; readonly facts?: Readonly<Record<string, unknown>> } = {},
): { readonly ok: false; readonly error: Refusal<Code> } => ({ ok: false, error: { code, detail, ...extra } });

/** The value of a result that cannot be a refusal here; a refusal is a bug and says so. */
export function must<Value>(result: Result<Value, Refusal>): Value {
  if (result.ok) return result.value;
  throw new Error(`unexpected refusal ${result.error.code}: ${result.error.detail}`);
}
