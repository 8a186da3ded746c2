import { instantText, utcText } from '../format/time.ts';

/** An instant in the viewer's zone; UTC on hover. `named` adds the zone, needed wherever no header names it. */
export function When({ at, named = false }: { readonly at: string | null | undefined; readonly named?: boolean }) {
  if (at === null || at === undefined) return <span className="faint">—</span>;
  return (
    <time dateTime={at} title={utcText(at)} className="when">
      {instantText(at, { named })}
    </time>
  );
}
