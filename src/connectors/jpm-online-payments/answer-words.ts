/**
 * The words of the network that the translation knows. `responseCode` is an open list: a code that
 * is not here changes nothing.
 */

/** Money is reserved: an open authorization, or a refund on its way. */
export const STATES_HELD: ReadonlySet<string> = new Set(['AUTHORIZED']);

/** Money moved. COMPLETED is in the OpenAPI file, CLOSED is what cards answer. */
export const STATES_DONE: ReadonlySet<string> = new Set(['CLOSED', 'COMPLETED']);

/** The buyer still has something to do; final by notification and inquiry. */
export const CODES_PENDING: ReadonlySet<string> = new Set(['CUSTOMER_PENDING', 'PERFORM_AUTHENTICATION']);

/** Codes after which nobody can say whether the host acted, or which speak of an earlier request with our reference. */
export const CODES_UNSURE: readonly RegExp[] = [/^HOST_ERROR$/, /TIMEOUT/, /DUPLICATE/];

/** With responseStatus ERROR: the request itself was refused and nothing was done. */
export const CODES_INVALID: ReadonlySet<string> = new Set(['VALIDATION_ERROR', 'BAD_REQUEST', 'NOT_FOUND']);

const CODES_OF_REFUSAL: ReadonlySet<string> = new Set([
  'DECLINED',
  'INSUFFICIENT_FUNDS',
  'DO_NOT_HONOR',
  'CONSUMER_ABORTED',
  'UNAUTHORIZED',
  'HOST_ERROR',
  'TIMEOUT',
  ...CODES_INVALID,
]);

/** Whether a code cannot stand beside responseStatus SUCCESS. */
export const contradictsSuccess = (code: string): boolean => CODES_OF_REFUSAL.has(code);
