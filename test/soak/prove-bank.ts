/**
 * The bank's own lines against our payout files and batches: each file was debited once and for the sum of its payouts, each
 * fund transfer of the acquirer was credited once, each return came once.
 */
import type { World } from '../../stories/world.ts';
import { centsOf, type Feed } from './feed.ts';
import type { Proof } from './proofs.ts';

interface Line {
  readonly kind: 'transfer' | 'file' | 'return' | 'deposit';
  readonly direction: string;
  readonly amount: string | number;
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly paymentInformationId: string | null;
}

export async function proveBank(world: World, { events }: Feed): Promise<Proof> {
  const { lines } = await world.bank.get<{ lines: readonly Line[] }>('/_sandbox/lines');
  const debits = lines.filter(({ kind }) => kind === 'file');
  const files = events.filter(({ type }) => type === 'payout_file.built');
  const violations = files.flatMap(({ subject, data }) => {
    const entries = events.filter(({ type, data: filed }) => type === 'payout.filed' && filed.file === subject);
    const sum = entries.reduce((total, { data: filed }) => total + centsOf(filed.amount), 0n);
    const booked = debits.filter(({ paymentInformationId }) => paymentInformationId === data.reference);
    const right =
      booked.length === 1 && booked.every(({ amount }) => BigInt(amount) === sum) && sum === centsOf(data.total);
    return right
      ? []
      : [`payout file ${subject} of ${sum} was debited ${booked.length} times: ${JSON.stringify(booked)}`];
  });
  if (debits.length !== files.length)
    violations.push(`${files.length} payout files, ${debits.length} debits at the bank`);
  const returned = events.filter(({ type }) => type === 'payout.returned').length;
  const returns = lines.filter(({ kind }) => kind === 'return');
  if (returned !== returns.length)
    violations.push(`${returned} payouts returned, ${returns.length} returns at the bank`);
  return {
    violations: [
      ...violations,
      ...twice('fund transfer', lines, ({ kind, endToEndId }) => (kind === 'transfer' ? endToEndId : null)),
      ...twice('return', returns, ({ instructionId }) => instructionId),
      ...filedTwice(events),
    ],
    counts: { payoutFiles: files.length, bankLines: lines.length },
  };
}

function filedTwice(events: Feed['events']): readonly string[] {
  const filed = events.filter(({ type }) => type === 'payout.filed');
  return twice('filing of payout', filed, ({ subject }) => subject);
}

function twice<Row>(what: string, rows: readonly Row[], keyOf: (row: Row) => string | null): readonly string[] {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].filter(([, times]) => times > 1).map(([key, times]) => `${what} ${key} came ${times} times`);
}
