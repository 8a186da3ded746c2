/**
 * The fees of a collected cycle, by pair, and its batches, by participant: made of the items as they stand, which nothing changes any
 * more, and of the participants' data as it is now. Both are written some at a time, each row once by its key; a repeat
 * after a crash writes what is missing.
 */
import { assert } from '../../base/assert.ts';
import type { Currency } from '../../base/currency.ts';
import { Fault } from '../../base/fault.ts';
import { type Id, newId } from '../../base/ids.ts';
import { add, type Money, subtract, sum } from '../../base/money.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { findRates, midOf, type RateTable } from '../../fx/index.ts';
import { absent, type Decision, insert, merge, part, type UnitPart } from '../../journal/index.ts';
import { event, type NewEvent } from '../../ledger/index.ts';
import type { HubFees, Participant } from '../../parties/index.ts';
import { assessFees } from './assess-fees.ts';
import { type ClearingBatch, type ClearingPair, clearingBatches, clearingPairs, type Role } from './batch.ts';
import type { ClearingCycle } from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { allParticipants, batchesOf, type PairSums, pairsOf, sumPairs } from './store.ts';
import { addWorkingDays } from './working-days.ts';

const ROWS_A_UNIT = 100;

export async function assessCycle(
  deps: ClearingDeps,
  cycle: ClearingCycle,
): Promise<{ readonly pairs: number; readonly batches: number }> {
  const { db } = deps.journal;
  const participants = await allParticipants(db);
  await assessPairs(deps, cycle, participants);
  const pairs = await pairsOf(db, cycle.id);
  const batches = await makeBatches(deps, cycle, { participants, pairs });
  return { pairs: pairs.length, batches };
}

async function assessPairs(
  deps: ClearingDeps,
  cycle: ClearingCycle,
  participants: readonly Participant[],
): Promise<void> {
  const { db } = deps.journal;
  const rates = cycle.rates === null ? null : await findRates(db, cycle.rates);
  const known = new Set((await pairsOf(db, cycle.id)).map(pairKey));
  const sums = (await sumPairs(db, cycle.id)).filter((each) => !known.has(pairKey({ ...each, cycle: cycle.id })));
  const made = sums.map((each) => pairOf(cycle, each, { rates, participants }));
  await commitSome(deps, made, (pair) =>
    part({
      events: [feesAssessed(pair)],
      writes: [insert(clearingPairs, pair)],
      guards: [absent(clearingPairs, 'pair_key', pairKey(pair))],
    }),
  );
}

type PairName = Pick<ClearingPair, 'cycle' | 'wallet' | 'acquirer' | 'paid' | 'settled'>;

/** As the database makes it of the row. */
const pairKey = ({ cycle, wallet, acquirer, paid, settled }: PairName): string =>
  `${cycle}:${wallet}:${paid.currency}:${acquirer ?? 'own'}:${settled.currency}`;

function feesAssessed({ id, cycle, wallet, acquirer, walletFee, ...pair }: ClearingPair): NewEvent {
  if (acquirer === null) return event('clearing.wallet_fee_assessed', id, { cycle, wallet, walletFee });
  const { interchange, interchangePaid, interchangeBack, interchangeReturned, acquirerFee } = pair;
  const fees = { interchange, interchangePaid, interchangeBack, interchangeReturned, acquirerFee, walletFee };
  return event('clearing.fees_assessed', id, { cycle, wallet, acquirer, ...fees });
}

interface Known {
  readonly rates: RateTable | null;
  readonly participants: readonly Participant[];
}

/** Of our own marketplaces: what they pay for a payment is taken from the order. */
const NO_FEES: HubFees = { interchangeBps: 0, serviceBps: 0 };

function pairOf(cycle: ClearingCycle, sums: PairSums, { rates, participants }: Known): ClearingPair {
  const wallet = participants.find((each) => each.wallet?.account === sums.wallet)?.wallet;
  const fees = sums.acquirer === null ? NO_FEES : participants.find(({ id }) => id === sums.acquirer)?.acquirer?.fees;
  assert(wallet !== undefined && wallet !== null && fees !== undefined, 'a known pair');
  const [pay, settle] = [sums.paid.currency, sums.settled.currency];
  const rate = pay === settle ? null : rates === null ? null : midOf(rates, settle, pay);
  assert(pay === settle || rate !== null, 'the rates of a collected cycle have all that crosses');
  const rules = {
    interchangeBps: fees.interchangeBps,
    acquirerServiceBps: fees.serviceBps,
    walletServiceBps: wallet.fees.serviceBps,
  };
  const own = { id: newId('clp'), version: 0, state: 'assessed', cycle: cycle.id, rules, rate } as const;
  return { ...own, ...sums, ...assessFees({ ...sums, rate }, rules) };
}

async function makeBatches(
  deps: ClearingDeps,
  cycle: ClearingCycle,
  { participants, pairs }: { readonly participants: readonly Participant[]; readonly pairs: readonly ClearingPair[] },
): Promise<number> {
  const known = new Set((await batchesOf(deps.journal.db, cycle.id)).map(batchKey));
  const all = participants.flatMap((each) => batchesOfParticipant(cycle, each, pairs));
  const missing = all.filter((batch) => !known.has(batchKey(batch)));
  await commitSome(deps, missing, (batch) => {
    const { participant, role, net, dueOn } = batch;
    return part({
      events: [event('clearing.batch_made', batch.id, { cycle: cycle.id, participant, role, net, dueOn })],
      writes: [insert(clearingBatches, batch)],
      guards: [absent(clearingBatches, 'batch_key', batchKey(batch))],
    });
  });
  return all.length;
}

/** As the database makes it of the row. */
const batchKey = ({ cycle, participant, role, net }: ClearingBatch): string =>
  `${cycle}:${participant}:${role}:${net.currency}`;

/**
 * One for each role and currency, also where nothing happened; unless it has a pair, none of a party that came after the day, and none
 * of one without a key: it can not have said anything yet, and nobody waits for its files.
 */
function batchesOfParticipant(
  cycle: ClearingCycle,
  participant: Participant,
  pairs: readonly ClearingPair[],
): readonly ClearingBatch[] {
  const { wallet, acquirer } = participant;
  const ofWallet = wallet === null ? [] : pairs.filter((pair) => pair.wallet === wallet.account);
  const ofAcquirer = pairs.filter((pair) => pair.acquirer === participant.id);
  const takesPart = participant.createdAt < cycle.to && participant.keys.length > 0;
  const walletIn = currencies(
    takesPart && wallet !== null ? [wallet.currency] : [],
    ofWallet.map(({ paid }) => paid),
  );
  const settledIn = currencies(
    takesPart && acquirer !== null ? acquirer.settlementCurrencies : [],
    ofAcquirer.map(({ settled }) => settled),
  );
  return [
    ...walletIn.map((currency) => batchOf(cycle, participant, 'wallet', cleared(ofWallet, 'wallet', currency))),
    ...settledIn.map((currency) => batchOf(cycle, participant, 'acquirer', cleared(ofAcquirer, 'acquirer', currency))),
  ];
}

const currencies = (own: readonly Currency[], amounts: readonly Money[]): readonly Currency[] => [
  ...new Set([...own, ...amounts.map(({ currency }) => currency)]),
];

type Cleared = Pick<ClearingBatch, 'payments' | 'refunds' | 'paid' | 'refunded' | 'fees'>;

/** A pair as one of its sides sees it. */
export function sideOf(pair: ClearingPair, role: Role): Omit<Cleared, 'payments' | 'refunds'> {
  if (role === 'acquirer') {
    const { settled, settledBack, interchange, interchangeReturned, acquirerFee } = pair;
    const fees = add(subtract(interchange, interchangeReturned), acquirerFee);
    return { paid: settled, refunded: settledBack, fees };
  }
  const { paid, paidBack, interchangePaid, interchangeBack, walletFee } = pair;
  const fees = subtract(subtract(interchangePaid, interchangeBack), walletFee);
  return { paid, refunded: paidBack, fees };
}

function cleared(pairs: readonly ClearingPair[], role: Role, currency: Currency): Cleared {
  const own = pairs.filter((pair) => sideOf(pair, role).paid.currency === currency);
  const total = (of: (side: ReturnType<typeof sideOf>) => Money): Money =>
    sum(
      own.map((pair) => of(sideOf(pair, role))),
      currency,
    );
  return {
    payments: own.reduce((count, { payments }) => count + payments, 0),
    refunds: own.reduce((count, { refunds }) => count + refunds, 0),
    paid: total(({ paid }) => paid),
    refunded: total(({ refunded }) => refunded),
    fees: total(({ fees }) => fees),
  };
}

const LETTER: Readonly<Record<Role, string>> = { wallet: 'W', acquirer: 'A' };

function batchOf(cycle: ClearingCycle, participant: Participant, role: Role, own: Cleared): ClearingBatch {
  const settlement = role === 'wallet' ? participant.wallet?.settlement : participant.acquirer?.settlement;
  assert(settlement !== undefined, 'terms of a role that it has');
  const due = addWorkingDays(cycle.day, settlement.days, settlement.calendar);
  return {
    id: newId('clb'),
    version: 0,
    state: 'cleared',
    cycle: cycle.id,
    day: cycle.day,
    participant: participant.id,
    participantId: participant.participantId,
    role,
    owner: role === 'wallet' ? (participant.wallet?.account as Id<'net'>) : participant.id,
    agreementId: settlement.agreementId,
    batchId: `${cycle.day.replaceAll('-', '')}${LETTER[role]}`,
    ...own,
    net: subtract(subtract(own.paid, own.refunded), own.fees),
    dueOn: due.day,
    calendarKnown: due.known,
    settlement: null,
  };
}

/** Rows in units of a bounded size. A conflict that stays is another worker's: the job comes back and sees what it has done. */
async function commitSome<Row>(
  deps: ClearingDeps,
  rows: readonly Row[],
  partOf: (row: Row) => UnitPart,
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_UNIT) {
    const parts = rows.slice(start, start + ROWS_A_UNIT).map(partOf);
    const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal>> => {
      return ok({ unit: { at: deps.clock.now(), ...merge(...parts) }, value: null });
    });
    if (!result.ok) throw new Fault(result.error.code, result.error.detail, { retryable: true });
  }
}
