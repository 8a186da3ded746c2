/**
 * What a day's close settles, before it is written anywhere: fund transfers with their operations, dispute movements and
 * fees, all in the currency they are settled in. Pure. The four reports are drawn from this one structure, so their totals
 * can only differ by a mistake in a file.
 * Invariant: a transfer's net is Σ sales − Σ refunds − Σ its fees + Σ credits − Σ debits − Σ dispute fees.
 */
import type { Day } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import { money } from '../../src/base/money.ts';
import type { MovementRow } from './dispute.ts';
import { convert, rateOf } from './exchange-rates.ts';
import type { OperationRow } from './rows.ts';

/** An operation with what files show of its payment. */
export interface OpenOperation extends OperationRow {
  readonly masked: string;
  readonly card_type: string;
  readonly card_type_name: string;
  readonly approval_code: string;
}

/** A dispute movement with what files show of its payment and reason. */
export interface OpenMovement extends MovementRow {
  readonly payment_id: string;
  readonly order_number: string;
  readonly reason_code: string;
}

/** Where and how something is settled. */
interface Settled {
  readonly transfer: string;
  readonly effectiveMs: number;
  readonly currency: Currency;
  /** Major units of the settlement currency for one of the original, times 10⁸. */
  readonly rate: bigint;
  /** Minor units of the settlement currency, positive. */
  readonly settled: bigint;
}

export interface SettledOperation extends Settled {
  readonly operation: OpenOperation;
}

export interface SettledMovement extends Settled {
  readonly movement: OpenMovement;
}

export const FEE_KINDS = ['interchange', 'assessment', 'processing'] as const;

export interface SettledFee extends Settled {
  readonly operation: OpenOperation;
  readonly kind: (typeof FEE_KINDS)[number];
}

export interface FundTransfer {
  readonly id: string;
  readonly kind: 'deposit' | 'fees';
  readonly currency: Currency;
  readonly effectiveMs: number;
  readonly operations: readonly SettledOperation[];
  readonly movements: readonly SettledMovement[];
  readonly fees: readonly SettledFee[];
  readonly net: bigint;
}

export interface DayRules {
  readonly day: Day;
  readonly funding: 'net' | 'gross';
  readonly settlementCurrency: Currency | undefined;
  readonly depositAtMs: number;
  readonly feesAtMs: number;
  /** The next fund transfer identifier. */
  readonly nextId: () => string;
}

/** One deposit for each currency of settlement, and, when funded gross, one transfer of its fees. */
export function settleDay(
  operations: readonly OpenOperation[],
  movements: readonly OpenMovement[],
  rules: DayRules,
): readonly FundTransfer[] {
  const into = (own: Currency): Currency => rules.settlementCurrency ?? own;
  const currencies = [...new Set([...operations, ...movements].map(({ currency }) => into(currency)))].sort();
  return currencies.flatMap((currency) => {
    const here = <Row extends { readonly currency: Currency }>(all: readonly Row[]): readonly Row[] =>
      all.filter((row) => into(row.currency) === currency);
    return transfersOf({ operations: here(operations), movements: here(movements) }, currency, rules);
  });
}

interface Open {
  readonly operations: readonly OpenOperation[];
  readonly movements: readonly OpenMovement[];
}

function transfersOf(open: Open, currency: Currency, rules: DayRules): readonly FundTransfer[] {
  const settle = (transfer: string, effectiveMs: number, own: Currency, amount: bigint): Settled => {
    const rate = rateOf(own, currency, rules.day);
    const settled = convert(money(amount, own), rate, currency).amount;
    // What was sold for something is not settled for nothing: a few dong are a cent.
    return { transfer, effectiveMs, currency, rate, settled: settled === 0n ? 1n : settled };
  };
  const id = rules.nextId();
  const at = rules.depositAtMs;
  const operations = open.operations.map((operation) => ({
    operation,
    ...settle(id, at, operation.currency, operation.amount),
  }));
  const movements = open.movements.map((movement) => ({
    movement,
    ...settle(id, at, movement.currency, movement.amount),
  }));
  const apart =
    rules.funding === 'gross' && open.operations.some((operation) => FEE_KINDS.some((kind) => operation[kind] > 0n));
  const feesId = apart ? rules.nextId() : id;
  const feesAt = apart ? rules.feesAtMs : at;
  const fees = open.operations.flatMap((operation) =>
    FEE_KINDS.filter((kind) => operation[kind] > 0n).map((kind) => ({
      operation,
      kind,
      ...settle(feesId, feesAt, operation.currency, operation[kind]),
    })),
  );
  const facts = { currency, operations, movements };
  if (!apart) return [transfer({ ...facts, id, kind: 'deposit', effectiveMs: at, fees })];
  return [
    transfer({ ...facts, id, kind: 'deposit', effectiveMs: at, fees: [] }),
    transfer({ currency, operations: [], movements: [], id: feesId, kind: 'fees', effectiveMs: feesAt, fees }),
  ];
}

function transfer(facts: Omit<FundTransfer, 'net'>): FundTransfer {
  const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
  const net =
    total(facts.operations.map(signedOperation)) +
    total(facts.movements.map(signedMovement)) -
    total(facts.fees.map(({ settled }) => settled));
  return { ...facts, net };
}

/** As money to the merchant. */
export const signedOperation = ({ operation, settled }: SettledOperation): bigint =>
  operation.kind === 'refund' ? -settled : settled;

export const signedMovement = ({ movement, settled }: SettledMovement): bigint =>
  movement.kind === 'CREDIT' ? settled : -settled;
