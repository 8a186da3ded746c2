/**
 * Posts what each operation of a day cost, to the payment it belongs to. In units of a bounded size, each fee once: a day that
 * was cut off in the middle goes on where it stopped. A fee that leads to no payment of ours is posted all the same, and is a
 * break of its batch.
 */
import type { Day } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { equals, formatMoney, isPositive, type Money, money, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import type { CardAccount } from '../parties/index.ts';
import type { Paid } from '../payments/index.ts';
import { openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';
import { assessed, type OperationFees } from './operation-fees.ts';
import { type NetworkFee, networkFees, type Settlement } from './rows.ts';
import { feeKey, findSettlement, knownFeeKeys, ownersByNetworkId, ownersByReference, postedFees } from './store.ts';

/** Operations of one unit: up to so many events and rows, and four times as many transfers. */
const OPERATIONS_A_UNIT = 400;

export interface DayFees {
  readonly account: CardAccount;
  readonly day: Day;
  readonly batches: readonly SettlementBatch[];
  readonly fees: readonly OperationFees[];
}

export async function postFees(deps: ReconciliationDeps, { account, day, batches, fees: all }: DayFees): Promise<void> {
  const references = new Map(
    batches.flatMap(({ lines }) => lines.map(({ networkId, reference }) => [networkId, reference])),
  );
  const settlements = new Map<string, Settlement>();
  for (const batch of new Set(all.map((each) => each.batch))) {
    // Every batch of the day was reported before its fees are posted (import-settlement.ts).
    const settlement = (await findSettlement(deps.journal.db, batch)) as Settlement;
    // One of an earlier version has its fees posted, in one sum.
    if (settlement.feesBy === 'operation') settlements.set(batch, settlement);
  }
  const fees = all.filter((each) => settlements.has(each.batch));
  for (let start = 0; start < fees.length; start += OPERATIONS_A_UNIT) {
    const some = fees.slice(start, start + OPERATIONS_A_UNIT);
    const owners = await ownersOf(deps, account, some, references);
    const rows = some.map((each) => feeRow(account, day, each, settlements.get(each.batch) as Settlement, owners));
    await postSome(deps, rows);
    await tellUnattributed(deps, rows);
  }
  for (const settlement of settlements.values()) await checkPosted(deps, settlement);
}

type Owners = ReadonlyMap<OperationFees, Paid>;

/** By our reference, as the fee or the settlement line of the same day has it; else by the network's ids that we know. */
async function ownersOf(
  { journal: { db } }: ReconciliationDeps,
  { id: network }: CardAccount,
  fees: readonly OperationFees[],
  references: ReadonlyMap<string, string>,
): Promise<Owners> {
  const referenceOf = ({ reference, networkId }: OperationFees): string =>
    reference === '' ? (references.get(networkId) ?? '') : reference;
  const named = await ownersByReference(db, network, fees.map(referenceOf));
  const others = fees.filter((each) => !named.has(referenceOf(each))).map(({ networkId }) => networkId);
  const known = await ownersByNetworkId(db, network, others);
  return new Map(
    fees.flatMap((each) => {
      const owner = named.get(referenceOf(each)) ?? known.get(each.networkId);
      return owner === undefined ? [] : [[each, owner]];
    }),
  );
}

function feeRow(
  { id: network }: CardAccount,
  day: Day,
  fees: OperationFees,
  { id: settlement, kind }: Settlement,
  owners: Owners,
): NetworkFee {
  const { payment, order } = owners.get(fees) ?? { payment: null, order: null };
  const id = newId('fee');
  return {
    id,
    version: 0,
    state: 'assessed',
    network,
    day,
    settlement,
    payment,
    order,
    ...fees,
    apart: kind === 'fees',
  };
}

async function postSome(deps: ReconciliationDeps, rows: readonly NetworkFee[]): Promise<void> {
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, ReconciliationRefusal>> => {
    const known = await knownFeeKeys(deps.journal.db, rows.map(feeKey));
    const fresh = rows.filter((row) => !known.has(feeKey(row)));
    if (fresh.length === 0) return refuse('already_imported', 'these fees are posted');
    const own = part({
      events: fresh.flatMap(eventsOf),
      writes: fresh.map((row) => insert(networkFees, row)),
      guards: fresh.map((row) => absent(networkFees, 'fee_key', feeKey(row))),
    });
    return ok({ unit: { at: deps.clock.now(), ...own }, value: null });
  });
  retryOnConflict(result);
}

function eventsOf(row: NetworkFee): readonly NewEvent[] {
  const { id, network, settlement, payment, order, interchange, schemeFee, processingFee, returned, apart } = row;
  const owner = { network, settlement, ...(payment === null || order === null ? {} : { payment, order }) };
  const charged = { ...owner, interchange, schemeFee, processingFee };
  return [
    ...(assessed(row) > 0n ? [event(apart ? 'network_fee.assessed_apart' : 'network_fee.assessed', id, charged)] : []),
    ...(isPositive(returned)
      ? [event(apart ? 'network_fee.returned_apart' : 'network_fee.returned', id, { ...owner, returned })]
      : []),
  ];
}

/** One break for each batch and unit: a fee file gone wrong must not open thousands. */
async function tellUnattributed(deps: ReconciliationDeps, rows: readonly NetworkFee[]): Promise<void> {
  const lost = Map.groupBy(
    rows.filter(({ payment }) => payment === null),
    ({ batch }) => batch,
  );
  await openBreaks(
    deps,
    [...lost].map(([batch, fees]) => {
      const total = fees.reduce((sum, fee) => sum + assessed(fee) - fee.returned.amount, 0n);
      const ids = fees.slice(0, 3).map(({ networkId }) => networkId);
      return {
        kind: 'fee_unattributed',
        subject: `${batch}:${(fees[0] as NetworkFee).networkId}`,
        amount: money(total, (fees[0] as NetworkFee).returned.currency),
        reason: `batch ${batch}: ${fees.length} operations with fees lead to no payment of ours: ${ids.join(', ')}${fees.length > 3 ? ', …' : ''}`,
      };
    }),
  );
}

/** What is posted for a batch is what was taken off it; a fee that comes after its batch is a difference. */
async function checkPosted(deps: ReconciliationDeps, { id, batch, fees }: Settlement): Promise<void> {
  const posted = await postedFees(deps.journal.db, id);
  const expected = (currency: Currency): Money => (currency === fees.currency ? fees : zero(currency));
  await openBreaks(
    deps,
    posted
      .filter((sum) => !equals(sum, expected(sum.currency)))
      .map((sum) => feesDiffer(batch, ['posted by operation', sum], ['taken off the batch', expected(sum.currency)])),
  );
}

type Side = readonly [name: string, sum: Money];

export function feesDiffer(batch: string, [left, one]: Side, [right, other]: Side) {
  const gap = one.amount > other.amount ? one.amount - other.amount : other.amount - one.amount;
  return {
    kind: 'fees_differ' as const,
    subject: `${batch}:${left}`,
    amount: money(gap, one.currency),
    reason: `fees of batch ${batch}: ${left} ${formatMoney(one)}, ${right} ${formatMoney(other)}`,
  };
}
