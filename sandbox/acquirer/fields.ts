/**
 * Strict reading of a request body by the schema: a number sent as text is an error here, as the OpenAPI file says, even
 * where the real service is known to be lenient. All errors are collected, each with the dotted name of its field.
 */
import type { FieldError } from './messages.ts';

export interface TextRule {
  readonly required?: boolean;
  readonly pattern?: RegExp;
  readonly min?: number;
  readonly max?: number;
}

export interface FieldReader {
  text(path: string, rule?: TextRule): string | null;
  integer(
    path: string,
    rule: { readonly required?: boolean; readonly min: number; readonly max: number },
  ): number | null;
  flag(path: string): boolean | null;
  /** One of the given words. */
  choice<Word extends string>(path: string, words: readonly Word[]): Word | null;
  /** The object at a dotted path, empty when there is none. */
  object(path: string): Readonly<Record<string, unknown>>;
  /** The raw value at a dotted path. */
  at(path: string): unknown;
  fail(path: string, message: string): void;
  readonly errors: readonly FieldError[];
}

export function readFields(body: Record<string, unknown>): FieldReader {
  const errors: FieldError[] = [];
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
  const fail = (path: string, message: string): void => {
    errors.push({ code: 'INVALID_FIELD', message: `${path} ${message}`, entity: path });
  };
  const missing = (path: string, required: boolean | undefined): null => {
    if (required === true) fail(path, 'is required');
    return null;
  };
  return {
    errors,
    at,
    fail,
    object: (path) => {
      const value = at(path);
      return isObject(value) ? value : {};
    },
    text: (path, rule = {}) => {
      const value = at(path);
      if (value === undefined || value === null) return missing(path, rule.required);
      if (typeof value !== 'string') fail(path, 'must be text');
      else if (value.length < (rule.min ?? 0) || value.length > (rule.max ?? 256)) fail(path, 'has a wrong length');
      else if (rule.pattern !== undefined && !rule.pattern.test(value)) fail(path, 'has a wrong form');
      return typeof value === 'string' ? value : null;
    },
    integer: (path, rule) => {
      const value = at(path);
      if (value === undefined || value === null) return missing(path, rule.required);
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= rule.min && value <= rule.max)
        return value;
      fail(path, `must be a whole number from ${rule.min} to ${rule.max}`);
      return null;
    },
    choice: (path, words) => {
      const value = at(path);
      if (value === undefined || value === null) return null;
      const word = words.find((known) => known === value);
      if (word === undefined) fail(path, `must be one of ${words.join(', ')}`);
      return word ?? null;
    },
    flag: (path) => {
      const value = at(path);
      if (value === undefined || value === null) return null;
      if (typeof value === 'boolean') return value;
      fail(path, 'must be true or false');
      return null;
    },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
