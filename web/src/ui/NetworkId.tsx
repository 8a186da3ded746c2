import { shortNetworkId } from '../format/id.ts';

/** A network's id of something, by its ends; the whole of it on hover. */
export function NetworkId({ value }: { readonly value: string | null | undefined }) {
  if (value === null || value === undefined) return <span className="faint">—</span>;
  return (
    <span className="mono" title={value}>
      {shortNetworkId(value)}
    </span>
  );
}
