/** Parsed public keys by their text: parsing one costs as much as verifying with it. Bounded; the oldest goes first. */
import type { KeyObject } from 'node:crypto';
import { readPublicKey } from './signature.ts';

const MOST = 1000;
const known = new Map<string, KeyObject>();

export function keyObjectOf({ publicKey }: { readonly publicKey: string }): KeyObject {
  const found = known.get(publicKey);
  if (found !== undefined) return found;
  const parsed = readPublicKey(publicKey);
  known.set(publicKey, parsed);
  if (known.size > MOST) known.delete(known.keys().next().value as string);
  return parsed;
}
