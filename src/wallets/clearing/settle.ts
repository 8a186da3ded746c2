/**
 * Settlement: what falls due is netted and instructed. All batches of one participant, agreement and currency that are due, of
 * whatever cycles and of both its roles, make one settlement with one reference; its money is on the account
 * settlement:{stl} from then on, until a bank line with the reference closes it. What comes to nothing is closed at once.
 *
 * Settle first, resolve after: nothing that is in dispute between the books is kept out of a settlement; what the bank then
 * books differently is a break of reconciliation.
 */
import type { Day, Instant } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { type Id, newId } from '../../base/ids.ts';
import { type Money, money, sum, zero } from '../../base/money.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { type Decision, merge, part, type UnitPart, update } from '../../journal/index.ts';
import { event, type NewEvent } from '../../ledger/index.ts';
import { mintReference } from '../../payments/index.ts';
import { type ClearingBatch, clearingBatches, type Role } from './batch.ts';
import { dayEast8 } from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { netOf, settlementSection } from './file-content.ts';
import { dueBatches } from './store.ts';
import { filePart, settlementName, writeFile } from './write-files.ts';

export const SETTLE_JOB = 'clearing.settle';

/** Instructs everything that is due today in UTC+8 or was before. Returns how many settlements were made. */
export async function settleDue(deps: ClearingDeps): Promise<number> {
  const today = dayEast8(deps.clock.now());
  const groups = Map.groupBy(await dueBatches(deps.journal.db, today), groupKey);
  for (const batches of groups.values()) await instruct(deps, batches, today);
  return groups.size;
}

const groupKey = ({ participant, agreementId, net }: ClearingBatch): string =>
  `${participant} ${net.currency} ${agreementId}`;

async function instruct(deps: ClearingDeps, batches: readonly ClearingBatch[], today: Day): Promise<void> {
  const [first] = batches as readonly [ClearingBatch, ...ClearingBatch[]];
  const { currency } = first.net;
  const own = { id: newId('stl'), reference: mintReference(), net: netOf(batches, currency), dueOn: today };
  const { participantId, agreementId } = first;
  const named = { participantId, agreementId, net: own.net, batchId: own.reference };
  const file = await writeFile(
    deps,
    settlementName(named),
    { id: own.id, participantId },
    settlementSection(batches, own.net, today),
  );
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal>> => {
    const at = deps.clock.now();
    const unit = merge(instruction(deps, own, batches, at), filePart(file));
    return ok({ unit: { at, ...unit }, value: null });
  });
  if (!result.ok) throw new Fault(result.error.code, result.error.detail, { retryable: true });
}

interface Own {
  readonly id: Id<'stl'>;
  readonly reference: string;
  readonly net: Money;
  readonly dueOn: Day;
}

function instruction(deps: ClearingDeps, own: Own, batches: readonly ClearingBatch[], at: Instant): UnitPart {
  const { participant, agreementId } = batches[0] as ClearingBatch;
  const total = (of: (batch: ClearingBatch) => Money): Money => sum(batches.map(of), own.net.currency);
  const settlement = {
    ...own,
    ...{ participant, agreementId, at },
    paid: total(({ paid }) => paid),
    refunded: total(({ refunded }) => refunded),
    fees: total(({ fees }) => fees),
  };
  const posted = (['wallet', 'acquirer'] as const).flatMap((role) =>
    instructed(
      own.id,
      batches.filter((batch) => batch.role === role),
      role,
    ),
  );
  const moved = batches.map((batch) =>
    part({
      events: [event('clearing.batch_instructed', batch.id, { settlement: own.id })],
      writes: [update(clearingBatches, batch, { state: 'instructed', settlement: own.id })],
    }),
  );
  return merge(part({ events: posted }), deps.expectMoney(settlement), ...moved);
}

/** One event for a role that has batches; of each pair of amounts one is zero. */
function instructed(batch: Id<'stl'>, batches: readonly ClearingBatch[], role: Role): readonly NewEvent[] {
  const [first] = batches;
  if (first === undefined) return [];
  const { currency } = first.net;
  const none = zero(currency);
  const net = sum(
    batches.map((each) => each.net),
    currency,
  );
  const [owed, owedBack] = net.amount >= 0n ? [net, none] : [none, money(-net.amount, currency)];
  const amounts =
    role === 'wallet'
      ? { walletOwes: owed, weOweWallet: owedBack, weOweAcquirer: none, acquirerOwes: none }
      : { walletOwes: none, weOweWallet: none, weOweAcquirer: owed, acquirerOwes: owedBack };
  const cycles = [...new Set(batches.map(({ cycle }) => cycle))];
  return [event('hub.settlement_instructed', batch, { batch, cycles, participant: first.owner, ...amounts })];
}
