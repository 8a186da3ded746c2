/**
 * The acquirer's settlement file: each batch becomes a row, its fees a cost, and its net moves from "owed by the network"
 * to "on its way". What disputes moved in a batch is in the day's dispute report and part of its net; that money is posted by
 * its case (src/disputes), not here. Every line is held against our operations; what does not agree is a break, never a reason to refuse the
 * file: it happened outside.
 */
import type { Day } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { add, type Money, money, subtract, sum, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { CardAcquirer, DisputeMovement, SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import { NetworkFault } from '../connectors/ports/network-http.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import type { ReconciliationRefusal } from './errors.ts';
import { retryOnConflict } from './errors.ts';
import { type Settlement, settlements } from './rows.ts';
import { findSettlement, keepSettlementLines, mismatchedLines } from './store.ts';

/** Imports every batch of a file; a batch that is there already is left alone. */
export async function importSettlementFile(
  deps: ReconciliationDeps,
  account: CardAccount,
  { bytes, day }: { readonly bytes: Uint8Array; readonly day: Day },
): Promise<void> {
  const { acquirer } = account;
  const movements = await disputeMovements(acquirer, day);
  for (const batch of batchesOf(acquirer.parseSettlement(bytes), movements, day)) {
    await keepSettlementLines(deps.journal.db, batch);
    const own = movements.filter((movement) => movement.batch === batch.batch);
    retryOnConflict(await deps.journal.run(undefined, () => decide(deps, account, batch, own)));
    const found = await mismatchedLines(deps.journal.db, batch.batch);
    await openBreaks(
      deps,
      found.map(({ kind, reference, amount, ours }) => ({
        kind,
        subject: reference,
        amount,
        reason: `batch ${batch.batch} shows it; ours: ${ours}`,
      })),
    );
  }
}

/** Of a network that has such a report. @throws NetworkFault when it is not there yet: the file is read again later. */
async function disputeMovements(acquirer: CardAcquirer, day: Day): Promise<readonly DisputeMovement[]> {
  if (!acquirer.reports.includes('disputes')) return [];
  const report = await acquirer.fetchReport('disputes', day);
  if (report === null) throw new NetworkFault(`the dispute report of ${day} is not issued yet`, 'no');
  return acquirer.parseDisputeMovements(report.bytes);
}

/** The batches of the file, and those in which only disputes moved. */
function batchesOf(
  batches: readonly SettlementBatch[],
  movements: readonly DisputeMovement[],
  day: Day,
): readonly SettlementBatch[] {
  const known = new Set(batches.map(({ batch }) => batch));
  const others = new Map(
    movements.flatMap(({ batch, amount: { currency } }) =>
      batch === undefined || known.has(batch) ? [] : [[batch, { batch, currency, day, lines: [] }]],
    ),
  );
  return [...batches, ...others.values()];
}

async function decide(
  deps: ReconciliationDeps,
  { id: network }: CardAccount,
  batch: SettlementBatch,
  movements: readonly DisputeMovement[],
): Promise<Result<Decision<Settlement>, ReconciliationRefusal>> {
  if ((await findSettlement(deps.journal.db, batch.batch)) !== null)
    return refuse('already_imported', `batch ${batch.batch} is imported`);
  const at = deps.clock.now();
  const figures = totals(batch, movements);
  const row: Settlement = {
    id: newId('stl'),
    version: 0,
    state: 'reported',
    network,
    batch: batch.batch,
    day: batch.day,
    sales: figures.sales,
    refunds: figures.refunds,
    fees: figures.fees,
    disputes: figures.disputes,
    net: figures.net,
    booked: zero(figures.net.currency),
    reportedAt: at,
  };
  const none = zero(figures.net.currency);
  const [dueToUs, dueFromUs] = figures.net.amount >= 0n ? [figures.net, none] : [none, subtract(none, figures.net)];
  const { interchange, schemeFee, processingFee } = figures;
  return ok({
    unit: {
      at,
      ...part({
        events: [
          event('network_fee.assessed', row.id, { network, interchange, schemeFee, processingFee }),
          event('settlement.reported', row.id, { network, batch: row.id, dueToUs, dueFromUs }),
        ],
        writes: [insert(settlements, row)],
        guards: [absent(settlements, 'batch', batch.batch)],
      }),
    },
    value: row,
  });
}

/** The files' identities: net = sales − refunds − fees − disputes. */
export function totals(batch: SettlementBatch, movements: readonly DisputeMovement[] = []) {
  const currency = batch.currency as Currency;
  const of = (kind: 'sale' | 'refund'): Money =>
    sum(
      batch.lines.filter((line) => line.kind === kind).map(({ amount }) => amount),
      currency,
    );
  const sales = of('sale');
  const refunds = of('refund');
  const interchange = sum(
    batch.lines.map((line) => line.interchange),
    currency,
  );
  const schemeFee = sum(
    batch.lines.map((line) => line.schemeFee),
    currency,
  );
  const processingFee = sum(
    batch.lines.map((line) => line.processingFee),
    currency,
  );
  const fees = add(add(interchange, schemeFee), processingFee);
  const taken = movements.reduce(
    (all, { kind, amount }) => all + (kind === 'credit' ? -amount.amount : amount.amount),
    0n,
  );
  const disputes = money(taken, currency);
  const net = money(sales.amount - refunds.amount - fees.amount - taken, currency);
  return { sales, refunds, interchange, schemeFee, processingFee, fees, disputes, net };
}
