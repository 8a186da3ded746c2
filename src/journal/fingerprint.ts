/** Fingerprint of a command: SHA-256 of the canonical JSON of its parsed business fields (order and spacing do not count). */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/json.ts';
import type { CommandKey } from './unit.ts';

/** `name` is the command's, so that one key cannot serve two commands. */
export function commandKey(client: string, key: string, name: string, fields: unknown): CommandKey {
  const fingerprint = createHash('sha256').update(canonicalJson({ name, fields })).digest();
  return { client, key, fingerprint };
}
