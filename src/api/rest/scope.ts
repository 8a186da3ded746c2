/** Whose things a caller may act for and read. */
import type { Id } from '../../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Caller } from '../auth.ts';

/** A marketplace's key acts for its marketplace and no other; the operator names one. */
export function actsFor(caller: Caller, named: string | undefined): Result<Id<'mkt'>, Refusal> {
  if (caller.marketplace === null)
    return named === undefined ? { ok: false, error: NEEDS_MARKETPLACE } : ok(named as Id<'mkt'>);
  const other = named !== undefined && named !== caller.marketplace;
  return other ? refuse('not_found', 'no such marketplace', { pointer: '/marketplace' }) : ok(caller.marketplace);
}

/** The operator reads everything, a marketplace its own; what is another's is not found, not forbidden. */
export const mayRead = (caller: Caller, marketplace: string): boolean =>
  caller.marketplace === null || caller.marketplace === marketplace;

const NEEDS_MARKETPLACE: Refusal = {
  code: 'invalid_request',
  detail: 'the operator must name a marketplace',
  pointer: '/marketplace',
};

export const notFound = (what: string): Refusal => ({ code: 'not_found', detail: `no such ${what}` });
