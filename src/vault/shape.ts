/**
 * Reads a JSON object with a closed list of fields. Small on purpose: a schema library's messages quote what was sent, and
 * what was sent may be a card number.
 */
import type { FieldError } from './problems.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; otherwise, and for each field not in `known`, an error is added. */
export function readObject(value: unknown, pointer: string, known: readonly string[], errors: FieldError[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors.push({ pointer, code: 'not_an_object', detail: 'Must be a JSON object.' });
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) errors.push(unknownField(pointer, name));
  }
  return value as Fields;
}

// Only a name that cannot hold a number is repeated; otherwise the pointer stays at the object.
function unknownField(pointer: string, name: string): FieldError {
  const safe = /^[A-Za-z_-]{1,40}$/.test(name);
  return { pointer: safe ? `${pointer}/${name}` : pointer, code: 'unknown_field', detail: 'There is no such field.' };
}
