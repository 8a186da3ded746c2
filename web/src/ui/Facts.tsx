import type { ReactNode } from 'react';

interface Props {
  readonly items: readonly (readonly [name: string, value: ReactNode])[];
  /** One fact a row, for narrow panels; otherwise as many side by side as fit. */
  readonly rows?: boolean;
}

/** Names and values of one thing, such as a payout's bank account. Empty values are left out. */
export function Facts({ items, rows = false }: Props) {
  return (
    <dl className={rows ? 'facts facts-rows' : 'facts'}>
      {items
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
