/**
 * The rates of now: those we have if they are younger than a minute, otherwise what the source says, stored before anybody
 * uses it. A source that is silent, or repeats an old moment, is lived with as long as what we have is young enough for the
 * use; then the rate is unavailable, and nothing is quoted.
 *
 * Invariant: a quote or a valuation names the stored table it was made of.
 */
import { type Instant, msOf } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { MidRates } from '../connectors/ports/fx-source.ts';
import { NetworkFault } from '../connectors/ports/network-http.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { FxDeps } from './deps.ts';
import type { FxRefusal, RateRefusal } from './errors.ts';
import { AHEAD_MS, FRESH_MS } from './policies.ts';
import { fxRates, type RateTable } from './rate-table.ts';
import { findRatesOf, newestRates } from './store.ts';

/** Not older than `maxAgeMs` of business time. */
export async function currentRates(deps: FxDeps, maxAgeMs: number): Promise<Result<RateTable, RateRefusal>> {
  const kept = await newestRates(deps.journal.db);
  const rates = kept !== null && isYounger(kept, deps, FRESH_MS) ? kept : await renewed(deps, kept);
  if (rates !== null && isYounger(rates, deps, maxAgeMs)) return ok(rates);
  return refuse('rate_unavailable', 'there is no rate young enough; try again in a while', {
    facts: { newestAsOf: rates?.asOf ?? null },
  });
}

const isYounger = ({ asOf }: MidRates, { clock }: FxDeps, ageMs: number): boolean =>
  msOf(clock.now()) - msOf(asOf) <= ageMs;

/** What the source says now, kept; what we had when it says nothing, or nothing newer. */
async function renewed(deps: FxDeps, kept: RateTable | null): Promise<RateTable | null> {
  const answer = await ask(deps);
  if (answer === null || msOf(answer.asOf) > msOf(deps.clock.now()) + AHEAD_MS) return kept;
  const stored = await keepRates(deps, answer);
  return kept === null || msOf(stored.asOf) > msOf(kept.asOf) ? stored : kept;
}

async function ask({ source }: FxDeps): Promise<MidRates | null> {
  try {
    return source === null ? null : await source.fetchRates();
  } catch (error) {
    if (error instanceof NetworkFault) return null;
    throw error;
  }
}

/** Once for each moment of a source, whoever asked first. */
async function keepRates(deps: FxDeps, answer: MidRates): Promise<RateTable> {
  const { db } = deps.journal;
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<RateTable>, FxRefusal>> => {
    if ((await findRatesOf(db, answer)) !== null) return refuse('conflict', 'these rates are known');
    const at = deps.clock.now();
    const table: RateTable = { id: newId('fxr'), version: 1, state: 'received', ...answer, receivedAt: at };
    return ok({ unit: { at, ...received(table) }, value: table });
  });
  if (result.ok && result.value.kind === 'committed') return result.value.value;
  return (await findRatesOf(db, answer)) as RateTable; // refused, so somebody has stored them
}

function received(table: RateTable) {
  const { id, source, base, asOf, perBase } = table;
  const facts = { source, base, asOf: asOf as Instant, rates: Object.keys(perBase).length };
  return part({
    events: [event('fx.rates_received', id, facts)],
    writes: [insert(fxRates, table)],
    guards: [absent(fxRates, 'moment', momentOf(table))],
  });
}

/** As the database makes it of the row. */
export const momentOf = ({ source, asOf }: MidRates): string => `${source} ${asOf}`;
