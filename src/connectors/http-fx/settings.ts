import type { Currency } from '../../base/currency.ts';

/** A rate service and how it is asked. The URL carries no trailing slash. */
export interface HttpFxSettings {
  readonly baseUrl: string;
  /** Bearer token; null where the service wants none. */
  readonly token: string | null;
  /** The currency all rates are asked against. */
  readonly base: Currency;
  /** Wall-clock milliseconds for one exchange. */
  readonly timeoutMs: number;
}
