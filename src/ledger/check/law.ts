/** A law: one query that finds what breaks it, and words of SQL that several of them use. */
import { CHART } from '../chart.ts';

export interface Law {
  readonly law: string;
  /** A finding calls for a person but breaks no rule. */
  readonly alarm?: boolean;
  /** Written against the tables alone, so that it does not share a mistake with the code that filled them. */
  readonly sql: string;
}

/** A list of words as an SQL array. */
export const list = (values: readonly string[]): string => `array[${values.map((value) => `'${value}'`).join(', ')}]`;

/** The names of the chart that `pick` picks, as an SQL array. */
export const namesOf = (pick: (line: (typeof CHART)[keyof typeof CHART]) => boolean): string =>
  list(
    Object.entries(CHART)
      .filter(([, line]) => pick(line))
      .map(([name]) => name),
  );

/** The shown id of a row: prefix and hex digits. */
export const idOf = (prefix: string, alias: string): string => `'${prefix}_' || replace(${alias}.id::text, '-', '')`;

/** Minor units of money in a row's document. */
export const moneyOf = (path: string, alias?: string): string =>
  `(${alias === undefined ? '' : `${alias}.`}data #>> '${path}')::bigint`;
