import { lookOf, type StateKind } from '../format/states.ts';

/** A state as a dot and a word; the colour is never the only sign. */
export function StateBadge({ kind, state }: { readonly kind: StateKind; readonly state: string }) {
  const { label, tone } = lookOf(kind, state);
  return <span className={`badge tone-${tone}`}>{label}</span>;
}
