/**
 * What wallets pay, at the rate that was fixed with it. What they owe and what shops or orders get bridge two currencies: the second and our
 * margin together are the first at mid, rounded half-even, so that no rounding is left unbooked. What goes back is a part of that, and with
 * the last of it everything has gone back. Written from reference/business-rules.md §2, on events alone.
 */
import type { Report } from './finding.ts';
import type { EventRow } from './tables.ts';

interface Amount {
  readonly value: string;
  readonly currency: string;
}

interface Quote {
  readonly mid: string;
  readonly given: Amount;
  readonly got: Amount;
}

/** Minor units of one payment: in the wallet's currency, and in the other with our margin. */
interface Sums {
  paid: bigint;
  got: bigint;
  margin: bigint;
}

/** Without decimals; every other currency that the world has has two. */
const WHOLE: ReadonlySet<string> = new Set(['JPY', 'KRW', 'VND']);
const LAW = 'prices: what a wallet pays is what the other side gets and our margin, at mid';
const BACK = 'prices: what goes back is never more than was paid';

interface Priced {
  readonly paid: string;
  readonly got: string;
  /** Whose: the field with the payment, or the subject. */
  readonly of: (event: EventRow, refunds: ReadonlyMap<string, string>) => string;
}

const subject = ({ subject: own }: EventRow): string => own;
const field = ({ data }: EventRow): string => String(data.payment);

const PAID: Readonly<Record<string, Priced>> = {
  'hub.paid': { paid: 'payTo', got: 'settled', of: field },
  'payment.captured_converted': { paid: 'received', got: 'heldAmount', of: subject },
};
const GIVEN_BACK: Readonly<Record<string, Priced>> = {
  'hub.canceled': { paid: 'payTo', got: 'settled', of: field },
  'hub.refunded': { paid: 'payBack', got: 'settled', of: field },
  'payment.capture_reversed_converted': { paid: 'paidBack', got: 'reversed', of: subject },
  'refund.confirmed_converted': {
    ...{ paid: 'paidBack', got: 'amount' },
    of: ({ data }, refunds) => refunds.get(String(data.refund)) ?? '',
  },
};

export interface PriceLaws {
  check(events: readonly EventRow[], report: Report): void;
}

export function startPriceLaws(): PriceLaws {
  const quotes = new Map<string, Quote>();
  /** By who took it. */
  const taken = new Map<string, string>();
  const refunds = new Map<string, string>();
  const left = new Map<string, Sums>();
  return {
    check: (events, report) => {
      for (const event of events) {
        const { type, subject: own, data } = event;
        // Written by the product, read as what its table of events says.
        if (type === 'fx.quote_locked') quotes.set(own, data as unknown as Quote);
        if (type === 'fx.quote_used') taken.set(String(data.by), own);
        if (type === 'refund.initiated') refunds.set(String(data.refund), String(data.payment));
      }
      for (const event of events) {
        if (event.type === 'hub.paid_same_currency') left.set(field(event), atPar(event));
        const [paid, back] = [PAID[event.type], GIVEN_BACK[event.type]];
        const rule = paid ?? back;
        if (rule === undefined) continue;
        const payment = rule.of(event, refunds);
        const sums = sumsOf(event, rule);
        if (paid !== undefined) {
          const quote = quotes.get(taken.get(payment) ?? '');
          left.set(payment, sums);
          checkPrice(event, { payment, sums, rule, quote }, report);
        } else checkBack(left, { payment, sums }, report);
      }
    },
  };
}

const sumsOf = ({ data }: EventRow, { paid, got }: Priced): Sums => ({
  paid: unitsOf(data[paid]),
  got: unitsOf(data[got]),
  margin: unitsOf(data.margin),
});
const atPar = ({ data }: EventRow): Sums => ({ paid: unitsOf(data.payTo), got: unitsOf(data.payTo), margin: 0n });
const unitsOf = (amount: unknown): bigint => BigInt((amount as Amount).value);

interface Found {
  readonly payment: string;
  readonly sums: Sums;
  readonly rule: Priced;
  readonly quote: Quote | undefined;
}

function checkPrice({ data }: EventRow, { payment, sums, rule, quote }: Found, report: Report): void {
  const [from, to] = [data[rule.paid] as Amount, data[rule.got] as Amount];
  const text = `${payment}: ${sums.paid} ${from.currency} for ${sums.got} and ${sums.margin} ${to.currency}`;
  if (quote === undefined) {
    report(LAW, [payment], `${text}, without a quote`);
    return;
  }
  const value = atMid(sums.paid, quote.mid, from.currency, to.currency);
  const isQuoted = unitsOf(quote.given) === sums.paid && unitsOf(quote.got) === sums.got;
  if (!isQuoted || sums.got + sums.margin !== value || sums.margin < 0n)
    report(LAW, [payment], `${text}, at mid ${quote.mid} ${value}; quoted ${quote.given.value} for ${quote.got.value}`);
}

/** Half-even, in minor units. */
export function atMid(units: bigint, mid: string, from: string, to: string): bigint {
  const [whole = '0', fraction = ''] = mid.split('.');
  const decimals = (currency: string): number => (WHOLE.has(currency) ? 0 : 2);
  const numerator = units * BigInt(whole + fraction) * 10n ** BigInt(decimals(to));
  const denominator = 10n ** BigInt(fraction.length + decimals(from));
  const [floor, rest] = [numerator / denominator, (numerator % denominator) * 2n];
  const isUp = rest > denominator || (rest === denominator && floor % 2n === 1n);
  return isUp ? floor + 1n : floor;
}

/** The last of it takes every remainder, so all three come to nothing together. */
function checkBack(left: Map<string, Sums>, { payment, sums }: Pick<Found, 'payment' | 'sums'>, report: Report): void {
  const before = left.get(payment) ?? { paid: 0n, got: 0n, margin: 0n };
  const after = { paid: before.paid - sums.paid, got: before.got - sums.got, margin: before.margin - sums.margin };
  left.set(payment, after);
  const text = `${payment}: ${after.paid}, ${after.got} and ${after.margin} are left`;
  if (after.paid < 0n || after.got < 0n || after.margin < 0n) report(BACK, [payment], text);
  else if (after.got === 0n && after.paid + after.margin !== 0n)
    report('prices: with the last of it everything has gone back', [payment], text);
}
