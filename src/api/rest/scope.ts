/** Whose things a caller may act for and read. */
import type { Id } from '../../base/ids.ts';
import type { Refusal } from '../../base/result.ts';
import type { Caller } from '../auth.ts';

/** A marketplace's key acts for its marketplace; the operator names one. */
export const actsFor = (caller: Caller, named: string | undefined): Id<'mkt'> | null =>
  caller.marketplace ?? ((named ?? null) as Id<'mkt'> | null);

/** The operator reads everything, a marketplace its own; what is another's is not found, not forbidden. */
export const mayRead = (caller: Caller, marketplace: string): boolean =>
  caller.marketplace === null || caller.marketplace === marketplace;

export const NEEDS_MARKETPLACE: Refusal = {
  code: 'invalid_request',
  detail: 'the operator must name a marketplace',
  pointer: '/marketplace',
};

export const notFound = (what: string): Refusal => ({ code: 'not_found', detail: `no such ${what}` });
