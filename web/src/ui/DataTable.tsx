// biome-ignore-all lint/a11y/noRedundantRoles: they are redundant only while the table is displayed as a table.
/**
 * A list's table. On narrow screens each row becomes a small card: `start` cells down its left, `end` cells down its
 * right, the rest as named lines below (styles/narrow.css). Roles are written out: changing `display` would otherwise
 * take the table away from screen readers.
 */
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** The column that names the row; it heads the card. */
  readonly heads?: boolean;
  /** Where the cell goes in the card, `end-named` with its column's name; a named line when left out. */
  readonly narrow?: 'start' | 'end' | 'end-named' | 'hidden';
}
interface Props<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly busy?: boolean;
  /** Columns of one width, for tables that stand one under the other. */
  readonly even?: boolean;
}

export function DataTable<Row>({ label, columns, rows, keyOf, busy = false, even = false }: Props<Row>) {
  return (
    <div className="list-frame">
      <table className={even ? 'list list-even' : 'list'} role="table" aria-label={label} aria-busy={busy}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.header} role="columnheader" scope="col" className={column.align}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((column) => (
                <td key={column.header} role="cell" className={cellClass(column)} data-label={column.header}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass<Row>({ align, heads = false, narrow }: Column<Row>): string {
  const place = narrow ?? (heads ? 'start' : 'line');
  return [align, heads ? 'heads' : '', `n-${place}`].filter(Boolean).join(' ');
}
