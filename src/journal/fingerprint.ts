/**
 * Fingerprint of a command: SHA-256 of the canonical JSON of its parsed business fields (order and spacing do not count),
 * followed by four bytes for each field in the order of their names. The tail tells which fields differ when one key comes
 * with two requests.
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '../base/json.ts';
import type { CommandKey } from './unit.ts';

const DIGEST_BYTES = 32;
const FIELD_BYTES = 4;

/** `name` is the command's, so that one key cannot serve two commands. */
export function commandKey(client: string, key: string, name: string, fields: object): CommandKey {
  const named = { request: name, ...fields } as Readonly<Record<string, unknown>>;
  const names = Object.keys(named).sort();
  const parts = names.map((field) => digest(named[field] ?? null).subarray(0, FIELD_BYTES));
  return { client, key, fingerprint: Buffer.concat([digest({ name, fields }), ...parts]), fields: names };
}

/** Names of the fields that differ from what the key was first used with; empty when that cannot be told. */
export function differingFields(command: CommandKey, kept: Uint8Array): readonly string[] {
  if (kept.length !== command.fingerprint.length) return [];
  const at = (fingerprint: Uint8Array, index: number): string =>
    Buffer.from(
      fingerprint.subarray(DIGEST_BYTES + index * FIELD_BYTES, DIGEST_BYTES + (index + 1) * FIELD_BYTES),
    ).toString('hex');
  return command.fields.filter((_, index) => at(command.fingerprint, index) !== at(kept, index));
}

const digest = (value: unknown): Buffer => hash('sha256', canonicalJson(value), 'buffer');
