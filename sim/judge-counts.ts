/**
 * What the counts of a run must say: a world that never met a kind of fault, or never lived a kind of life, has proven
 * nothing about it. A world of a few days cannot meet them all; it must meet those that strike any payment.
 */
import type { Finding } from './audit/finding.ts';
import type { WorldPlan } from './plan.ts';

interface Counts {
  readonly hits: Readonly<Record<string, number>>;
  /** Faults that were ordered and that nobody met. */
  readonly untaken: number;
  /** Event type → how many. */
  readonly happened: ReadonlyMap<string, number>;
}

interface Asked {
  readonly days: number;
  readonly faults: boolean;
}

const LONG_RUN_DAYS = 60;
const WHOLE_RUN_DAYS = 20;

/** Least hits in a long run, a run of some weeks, and any run. */
const FREQUENT = [20, 1, 1] as const;
const COMMON = [10, 1, 0] as const;
const SELDOM = [3, 1, 0] as const;

const FAULTS: Readonly<Record<string, readonly [number, number, number]>> = {
  'answer lost after effect': FREQUENT,
  'request lost before effect': FREQUENT,
  'network answers 503': FREQUENT,
  'notification duplicated': FREQUENT,
  'notification delayed': FREQUENT,
  'killed between decide and settle': FREQUENT,
  'database connections cut': FREQUENT,
  'network answers 429': COMMON,
  'network answers 500': COMMON,
  'answer malformed': COMMON,
  'answer with an unknown code': COMMON,
  'notification never delivered': COMMON,
  'notification overtaken': COMMON,
  'answer after the program stopped waiting': SELDOM,
  'files a day late': SELDOM,
  'bank file answer lost': SELDOM,
  'wallet’s answer lost after the debit': COMMON,
  'wallet never asked': COMMON,
  'wallet answers 503': COMMON,
  'wallet answers 500': COMMON,
  'wallet’s answer malformed': COMMON,
  'wallet’s answer with an unknown code': COMMON,
  'wallet’s answer overtaken': SELDOM,
  'wallet’s word said twice': SELDOM,
  'wallet’s word delayed': SELDOM,
  'wallet’s word never said': SELDOM,
  'shop’s answer lost': SELDOM,
  'shop never told': SELDOM,
  'shop answers 503': SELDOM,
  'shop answers 500': SELDOM,
  'shop’s answer malformed': SELDOM,
  'shop’s answer late': SELDOM,
};

/** Events by which the kinds of lives are known; in a run of some weeks disputes are raised and not all decided. */
const HAPPENINGS: Readonly<Record<string, readonly [number, number, number]>> = {
  'payment.authenticated': COMMON,
  'payment.authentication_asked': SELDOM,
  'order.instalment_part_paid': COMMON,
  'payment.reversed': SELDOM,
  'payment.incremented': SELDOM,
  'payment.reauthorized': [1, 0, 0],
  'dispute.opened': SELDOM,
  'dispute.answered': SELDOM,
  'chargeback.debited': SELDOM,
  'chargeback.fee_charged': SELDOM,
  'chargeback.credited_back': [1, 0, 0],
  'chargeback.debited_again': [1, 0, 0],
  'chargeback.won': [3, 0, 0],
  'chargeback.lost': [3, 0, 0],
  'payment.captured_converted': FREQUENT,
  'payment.capture_reversed_converted': SELDOM,
  'payment.expired': SELDOM,
  'refund.confirmed_converted': COMMON,
  'hub.paid': FREQUENT,
  'hub.canceled': SELDOM,
  'hub.refunded': COMMON,
  'hub_payment.failed': SELDOM,
  'hub_payment.closed': SELDOM,
  'hub_payment.cancel_asked': SELDOM,
  'clearing.fees_assessed': FREQUENT,
  'hub.settlement_instructed': FREQUENT,
};

export const happenings = (seen: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.keys(HAPPENINGS).map((type) => [type, seen.get(type) ?? 0]));

export function judgeCounts({ days, faults }: Asked, { steps }: WorldPlan, counts: Counts): readonly Finding[] {
  const length = days >= LONG_RUN_DAYS ? 0 : days >= WHOLE_RUN_DAYS ? 1 : 2;
  const tooFew = (law: string, required: typeof FAULTS, countOf: (kind: string) => number): readonly Finding[] =>
    Object.entries(required)
      .filter(([kind, least]) => countOf(kind) < least[length])
      .map(([kind, least]) => {
        const detail = `${kind}: ${countOf(kind)} of ${least[length]}`;
        return { law, subjects: [], detail, provesTooLittle: true };
      });
  const lived = tooFew('lives: every kind is lived', HAPPENINGS, (kind) => counts.happened.get(kind) ?? 0);
  if (!faults) return lived;
  const { untaken } = counts;
  const left = { law: 'faults: what is ordered is taken', subjects: [], detail: `${untaken} were not` };
  return [
    ...lived,
    ...tooFew('faults: every kind is hit', FAULTS, (kind) => counts.hits[kind] ?? 0),
    ...(untaken > steps ? [left] : []),
  ];
}
