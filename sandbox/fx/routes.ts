/**
 * The rate source's interface, and its levers. `GET /rates?base=USD` is what its customers see; it quotes against the dollar
 * only. The levers set a rate, make it fall silent, or make it repeat the rates of the moment it went stale.
 */
import { type Instant, instant } from '../../src/base/clock.ts';
import { isCurrency } from '../../src/base/currency.ts';
import type { BusinessTime } from '../base/business-time.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import type { Store } from '../base/store.ts';
import { MINUTE_MS, midRate, QUOTED, rateText } from './mid-rates.ts';

export interface RateSource {
  readonly store: Store;
  readonly time: BusinessTime;
  readonly seed: string;
}

const MODES = ['normal', 'silent', 'stale'] as const;
type Mode = (typeof MODES)[number];

export function rateRoutes(source: RateSource): readonly Route[] {
  return [
    { method: 'GET', pattern: '/rates', handle: (request) => rates(source, request) },
    { method: 'POST', pattern: '/_sandbox/rates', handle: (request) => setRate(source, request) },
    { method: 'DELETE', pattern: '/_sandbox/rates', handle: () => forget(source) },
    { method: 'POST', pattern: '/_sandbox/mode', handle: (request) => setMode(source, request) },
    { method: 'GET', pattern: '/_sandbox/mode', handle: () => json(200, modeOf(source)) },
  ];
}

function rates(source: RateSource, request: Request): Reply {
  const { mode, sinceMs } = modeOf(source);
  if (mode === 'silent') return { hangUp: true };
  const base = request.query.get('base') ?? 'USD';
  if (base !== 'USD') return problem(422, 'unknown_base', 'rates are against USD only');
  const atMs = mode === 'stale' ? sinceMs : source.time.nowMs();
  return json(200, { source: 'sandbox-fx', base, asOf: momentOf(source, atMs), rates: ratesAt(source, atMs) });
}

/** The rates' minute; a rate that was set within it makes a moment of its own. */
function momentOf({ store }: RateSource, atMs: number): Instant {
  const minute = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const set = store.first<{ newest: bigint | null }>(
    'select max(at_ms) as newest from set_rate where at_ms <= ?',
    BigInt(atMs),
  );
  return instant(Math.max(minute, Number(set?.newest ?? 0n)));
}

function ratesAt({ store, seed }: RateSource, atMs: number): Readonly<Record<string, string>> {
  const market = QUOTED.map((currency) => [currency, rateText(midRate(seed, currency, atMs))]);
  const set = store.all<{ currency: string; rate: string }>(
    'select currency, rate from set_rate where at_ms <= ?',
    BigInt(atMs),
  );
  return Object.fromEntries([...market, ...set.map(({ currency, rate }) => [currency, rate])]);
}

function setRate({ store, time }: RateSource, request: Request): Reply {
  const body = bodyObject(request);
  const { currency, rate } = body ?? {};
  if (!isCurrency(currency) || currency === 'USD') return problem(422, 'invalid_currency', 'an ISO 4217 code, not USD');
  if (typeof rate !== 'string' || !/^\d{1,12}(\.\d{1,12})?$/.test(rate) || !/[1-9]/.test(rate))
    return problem(422, 'invalid_rate', 'units for one dollar, as decimal text above zero');
  store.transaction(() =>
    store.run(
      `insert into set_rate values (?, ?, ?)
         on conflict (currency) do update set rate = excluded.rate, at_ms = excluded.at_ms`,
      currency,
      rate,
      BigInt(time.nowMs()),
    ),
  );
  return json(200, { currency, rate });
}

function forget({ store }: RateSource): Reply {
  store.transaction(() => store.run('delete from set_rate'));
  return { status: 204 };
}

function setMode({ store, time }: RateSource, request: Request): Reply {
  const asked = bodyObject(request)?.mode;
  const mode = MODES.find((known) => known === asked);
  if (mode === undefined) return problem(422, 'invalid_mode', `must be one of ${MODES.join(', ')}`);
  store.transaction(() =>
    store.run(
      `insert into behaviour values (1, ?, ?)
         on conflict (only) do update set mode = excluded.mode, since_ms = excluded.since_ms`,
      mode,
      BigInt(time.nowMs()),
    ),
  );
  return json(200, { mode });
}

function modeOf({ store }: RateSource): { readonly mode: Mode; readonly sinceMs: number } {
  const row = store.first<{ mode: Mode; since_ms: bigint }>('select mode, since_ms from behaviour');
  return { mode: row?.mode ?? 'normal', sinceMs: Number(row?.since_ms ?? 0n) };
}
