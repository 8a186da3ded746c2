/**
 * The acquirer's own book against our operations, reference by reference: what we hold as approved happened there once and
 * with that amount, what we hold as declined did not happen, and nothing happened that we do not know.
 */
import type { World } from '../../stories/world.ts';
import { type Feed, type FeedOperation, inParallel } from './feed.ts';
import type { Proof } from './proofs.ts';

interface Transaction {
  readonly kind: 'payment' | 'sale' | 'capture' | 'refund';
  readonly id: string;
  readonly amount: string | number;
  readonly state: string;
  readonly captured?: string | number;
}

interface Totals {
  readonly currencies: readonly {
    readonly currency: string;
    readonly salesCount: string;
    readonly refundsCount: string;
  }[];
}

export async function proveAcquirer(world: World, { operations, events }: Feed): Promise<Proof> {
  const violations = [
    ...operations.flatMap(outcomeOnce),
    ...(await inParallel(operations, (operation) => compareWithAcquirer(world, operation))),
    ...capturedTwice(operations, paymentsOf(events)),
  ];
  const approved = (kinds: readonly string[]): number =>
    operations.filter(({ kind, outcomes }) => kinds.includes(kind) && outcomes.at(-1) === 'approved').length;
  const usd = (await world.acquirer.get<Totals>('/_sandbox/totals')).currencies.find(
    ({ currency }) => currency === 'USD',
  );
  const counts = [
    ['sales and captures', approved(['sale', 'capture']), Number(usd?.salesCount ?? 0)],
    ['refunds', approved(['refund']), Number(usd?.refundsCount ?? 0)],
  ] as const;
  for (const [what, ours, theirs] of counts)
    if (ours !== theirs) violations.push(`${ours} ${what} in our journal, ${theirs} at the acquirer`);
  const wasUnknown = operations.filter(({ outcomes }) => outcomes[0] === 'unknown').length;
  return { violations, counts: { operations: operations.length, unknownOperationsResolved: wasUnknown } };
}

const isFinal = (outcome: string): boolean => outcome === 'approved' || outcome === 'declined';

function outcomeOnce({ id, kind, outcomes }: FeedOperation): readonly string[] {
  const final = outcomes.filter(isFinal);
  return final.length === 1 && isFinal(outcomes.at(-1) ?? '')
    ? []
    : [`operation ${id} (${kind}): ${outcomes.join(', ')}`];
}

async function compareWithAcquirer(world: World, operation: FeedOperation): Promise<readonly string[]> {
  const { kind, reference, cents, outcomes } = operation;
  // A void has no record of its own at this acquirer: the payment it ended shows it.
  if (kind === 'void') return [];
  const path = `/_sandbox/transactions?reference=${reference}`;
  const { transactions } = await world.acquirer.get<{ transactions: readonly Transaction[] }>(path);
  const wanted = kind === 'authorize' ? 'payment' : kind;
  const done = transactions.filter((found) => found.kind === wanted && !['DENIED', 'DECLINED'].includes(found.state));
  const expected = outcomes.at(-1) === 'approved' ? 1 : 0;
  const right = done.length === expected && done.every(({ amount }) => BigInt(amount) === cents);
  if (right) return [];
  const ours = `${kind} ${reference} of ${cents} is ${outcomes.join(', ')} here`;
  return [`${ours}; at the acquirer: ${JSON.stringify(transactions)}`];
}

/** Order and instalment of each payment. */
function paymentsOf(events: Feed['events']): ReadonlyMap<string, string> {
  return new Map(
    events
      .filter(({ type }) => type === 'payment.created')
      .map(({ subject, data }) => [subject, `instalment ${String(data.instalment)} of ${String(data.order)}`]),
  );
}

function capturedTwice(
  operations: readonly FeedOperation[],
  instalments: ReadonlyMap<string, string>,
): readonly string[] {
  const seen = new Map<string, number>();
  for (const { kind, payment, outcomes } of operations) {
    if ((kind !== 'sale' && kind !== 'capture') || outcomes.at(-1) !== 'approved') continue;
    const instalment = instalments.get(payment) ?? payment;
    seen.set(instalment, (seen.get(instalment) ?? 0) + 1);
  }
  return [...seen].filter(([, times]) => times > 1).map(([what, times]) => `${what} was captured ${times} times`);
}
