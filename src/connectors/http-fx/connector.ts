/**
 * A rate service over HTTP: `GET <base>/rates?base=USD` answers `{source, base, asOf, rates: {"EUR": "0.92234100", …}}`. Rates
 * are decimal texts; a number in JSON has passed through a float and is not believed. Currencies we do not know are left
 * out; anything else that does not fit makes the whole answer unreadable, for a table with one wrong rate is not half right.
 */
import { type Instant, parseInstant } from '../../base/clock.ts';
import { type Currency, isCurrency } from '../../base/currency.ts';
import type { FxSource, MidRates } from '../ports/fx-source.ts';
import { NetworkFault, type NetworkHttp } from '../ports/network-http.ts';
import type { HttpFxSettings } from './settings.ts';

export interface HttpFxDeps {
  readonly http: NetworkHttp;
  readonly settings: HttpFxSettings;
}

export const createHttpFx = (deps: HttpFxDeps): FxSource => ({ fetchRates: () => fetchRates(deps) });

async function fetchRates({ http, settings }: HttpFxDeps): Promise<MidRates> {
  const { baseUrl, token, base, timeoutMs } = settings;
  const response = await http.send({
    method: 'GET',
    url: `${baseUrl}/rates?base=${base}`,
    headers: { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    timeoutMs,
    purpose: 'fetch_rates',
  });
  if (response.status !== 200) throw new NetworkFault(`fetch_rates: HTTP ${response.status}`, 'maybe');
  return readRates(response.body, base);
}

/** Above zero, at most twelve digits before the point and twelve after it. */
const RATE = /^(?=.*[1-9])(0|[1-9]\d{0,11})(\.\d{1,12})?$/;

function readRates(bytes: Uint8Array, base: Currency): MidRates {
  const answer = parse(bytes);
  const asOf = parseInstant(answer.asOf);
  if (typeof answer.source !== 'string' || !/^[\x21-\x7e]{1,40}$/.test(answer.source)) throw unreadable('no source');
  if (answer.base !== base) throw unreadable(`rates against ${String(answer.base)} instead of ${base}`);
  if (asOf === null) throw unreadable('no moment');
  return { source: answer.source, base, asOf: asOf as Instant, perBase: ratesOf(answer.rates, base) };
}

function ratesOf(listed: unknown, base: Currency): MidRates['perBase'] {
  if (typeof listed !== 'object' || listed === null) throw unreadable('no rates');
  const perBase: Partial<Record<Currency, string>> = {};
  for (const [currency, rate] of Object.entries(listed)) {
    if (!isCurrency(currency)) continue;
    if (typeof rate !== 'string' || !RATE.test(rate)) throw unreadable(`rate of ${currency}`);
    perBase[currency] = rate;
  }
  const own = perBase[base];
  if (own !== undefined && !/^1(\.0*)?$/.test(own)) throw unreadable(`${base} is not worth itself`);
  return { ...perBase, [base]: '1' };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>; // an object has fields
  } catch {
    // said below
  }
  throw unreadable('not JSON');
}

const unreadable = (what: string): NetworkFault => new NetworkFault(`fetch_rates: unreadable answer: ${what}`, 'maybe');
