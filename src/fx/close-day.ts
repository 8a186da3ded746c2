/**
 * Closing a day in foreign currency: reads the books and the rates, decides (revaluation.ts), commits. What is posted while it
 * decides is in the next run's books: it names the seq of its own. Begun again, it finds nothing left to post.
 */
import { equals, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { currentRates } from './current-rates.ts';
import type { FxDeps } from './deps.ts';
import type { FxRefusal } from './errors.ts';
import { VALUATION_MAX_AGE_MS } from './policies.ts';
import type { RateTable } from './rate-table.ts';
import { readBooks } from './read-books.ts';
import { type Books, dayEnd, fxRevaluations, type Revaluation } from './revaluation.ts';

/** The run's row; null when nothing was to be posted. Refused while there is no rate of something that must be valued. */
export async function closeDay(deps: FxDeps): Promise<Result<Revaluation | null, FxRefusal>> {
  const { db } = deps.journal;
  if (isClosed(await readBooks(db, deps.reporting), deps)) return ok(null);
  const rates = await currentRates(deps, VALUATION_MAX_AGE_MS);
  if (!rates.ok) return rates;
  const result = await deps.journal.run(
    undefined,
    async (): Promise<Result<Decision<Revaluation | null>, FxRefusal>> => {
      const books = await readBooks(db, deps.reporting);
      const missing = missingOf(books, rates.value);
      if (missing.length > 0)
        return refuse('rate_unavailable', `the source has no rate of ${missing.join(', ')}`, { facts: { missing } });
      const at = deps.clock.now();
      const end = dayEnd(books, rates.value, deps.reporting, at);
      if (end === null) return refuse('conflict', NOTHING);
      const { row, events } = end;
      // Another run on the same books, by a worker that was thought dead, must not post the same again.
      const guards = [absent(fxRevaluations, 'previous', row.previous)];
      return ok({ unit: { at, ...part({ events, writes: [insert(fxRevaluations, row)], guards }) }, value: row });
    },
  );
  if (!result.ok) return result.error.detail === NOTHING ? ok(null) : result;
  return ok(result.value.kind === 'committed' ? result.value.value : null);
}

const NOTHING = 'nothing is to be posted';

/** Nothing stands in a foreign currency, and nothing is unrealised: the usual case of an installation with one currency. */
const isClosed = ({ positions, results, unrealised }: Books, { reporting }: FxDeps): boolean =>
  results.length === 0 &&
  unrealised.amount === 0n &&
  positions.every(({ currency, amount }) => currency === reporting && amount === 0n);

const missingOf = (books: Books, { perBase }: RateTable): readonly string[] => [
  ...new Set(
    [...books.positions, ...books.results.map(({ balance }) => balance), ...dealtSince(books)]
      .map(({ currency }) => currency)
      .filter((currency) => perBase[currency] === undefined),
  ),
];

const dealtSince = ({ dealt, dealtBefore }: Books): readonly Money[] =>
  dealt.filter((now) => !dealtBefore.some((before) => equals(now, before)));
