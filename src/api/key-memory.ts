/**
 * API keys looked up within the last second, so that a busy client costs one look a second and not one a request. A key
 * that is revoked is refused everywhere within FRESH_MS. A secret nobody owns is not remembered: a new key works at once,
 * and guesses fill no memory. Secrets are remembered by their hash.
 */
import { monotonicMs } from '../base/clock.ts';
import type { Pool } from '../db/pool.ts';
import { type ApiKey, findApiKey, secretHash } from '../parties/index.ts';

export interface KeyMemory {
  /** The active key with this secret as it stood at most FRESH_MS ago, or null. */
  find(secret: string): Promise<ApiKey | null>;
}

export const FRESH_MS = 1000;
/** Keys remembered at most; the oldest is forgotten first. */
const LIMIT = 10_000;

const memories = new WeakMap<Pool, KeyMemory>();

/** One memory a database, shared by every route of this process. */
export function keyMemoryOf(db: Pool): KeyMemory {
  const known = memories.get(db);
  if (known !== undefined) return known;
  const memory = createKeyMemory((secret) => findApiKey(db, secret));
  memories.set(db, memory);
  return memory;
}

interface Look {
  readonly key: Promise<ApiKey | null>;
  readonly until: number;
}

/** A memory over a way to look; requests that come while it looks share the look. `now`: milliseconds that only grow. */
export function createKeyMemory(look: (secret: string) => Promise<ApiKey | null>, now = monotonicMs): KeyMemory {
  const looks = new Map<string, Look>();
  const begin = (hash: string, secret: string): Look => {
    const begun = { key: look(secret), until: now() + FRESH_MS };
    const forget = (): void => {
      if (looks.get(hash) === begun) looks.delete(hash);
    };
    begun.key.then((key) => key ?? forget(), forget);
    looks.delete(hash); // so that the order of the map is the order of age
    looks.set(hash, begun);
    if (looks.size > LIMIT) looks.delete(looks.keys().next().value as string);
    return begun;
  };
  return {
    find: (secret) => {
      const hash = secretHash(secret);
      const known = looks.get(hash);
      return (known !== undefined && now() < known.until ? known : begin(hash, secret)).key;
    },
  };
}
