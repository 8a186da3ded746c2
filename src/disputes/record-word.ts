/**
 * Where the network says a dispute stands becomes our case: opened, moved or ended, with the money that follows, in one unit.
 * It does not matter who had us look: a notification, the daily list, a report, or the clock. A word is believed only if
 * nothing was recorded since before it was asked for; otherwise it may be the older one, and the network is asked again.
 *
 * It is a fact and cannot be refused: when a balance has changed meanwhile it is decided again, at last without the balances.
 */
import { Fault } from '../base/fault.ts';
import { type Id, newId } from '../base/ids.ts';
import { equals, type Money, min, zero } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import {
  absent,
  type Decision,
  deadline,
  insert,
  type JournalRefusal,
  merge,
  type NewJob,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import { paidUnder } from '../payments/index.ts';
import { disputeOnOrder } from '../protection/index.ts';
import { type Case, canFollow, disputes, emptySplit, isFinal, moveCase } from './case.ts';
import type { Word } from './channel.ts';
import type { DisputeDeps } from './deps.ts';
import { moneyOfState } from './money.ts';
import { besideCase } from './seller-side.ts';
import { type MoneyStep, startMoney } from './step.ts';
import { claimKey, findByClaim } from './store.ts';
import { type Loaded, loadSurroundings } from './surroundings.ts';

/** The job of answer-by-proof.ts. */
export const PROOF_JOB = 'disputes.answer_by_proof';
export const RESPOND_JOB = 'disputes.respond_by';

const LOOKS = 4;
const ATTEMPTS = 4;

/** `nothing_new`: the case says so already, or something later. `unknown_payment`: not about a payment of ours. */
type WordRefusal = Refusal<'nothing_new' | 'looked_too_early' | 'unknown_payment'> | JournalRefusal;

export type Observed =
  | { readonly found: 'case'; readonly case: Case }
  | { readonly found: 'nothing'; readonly reason: string };

/** Asks the network where a dispute stands and records what is new. Throws NetworkFault. */
export async function observeDispute(deps: DisputeDeps, claim: string): Promise<Observed> {
  const known = (): Promise<Case | null> => findByClaim(deps.journal.db, deps.network, claim);
  for (let look = 1; look <= LOOKS; look += 1) {
    const seen = (await known())?.version ?? 0;
    const word = await deps.channel.read(claim);
    const result: Result<unknown, Refusal> =
      word === null ? refuse('nothing_new', 'the network does not know it') : await recordWord(deps, word, seen);
    if (result.ok || result.error.code === 'nothing_new') {
      const current = await known();
      return current === null
        ? { found: 'nothing', reason: result.ok ? 'gone' : result.error.detail }
        : { found: 'case', case: current };
    }
    if (result.error.code === 'unknown_payment') return { found: 'nothing', reason: result.error.detail };
  }
  throw new Fault('conflict', `dispute ${claim} keeps changing`, { retryable: true });
}

/** Records a word that was asked for when the case had the version `seen`; zero when there was none. */
export function recordWord(deps: DisputeDeps, word: Word, seen: number): Promise<Result<Outcome<Case>, WordRefusal>> {
  return recordFact(deps, (bare) => decide(deps, word, seen, bare));
}

/** Runs a decision that must not fail for want of a balance. */
export async function recordFact<Value, R extends Refusal>(
  deps: DisputeDeps,
  decideFact: (bare: boolean) => Promise<Result<Decision<Value>, R>>,
): Promise<Result<Outcome<Value>, R | JournalRefusal>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await deps.journal.run(undefined, () => decideFact(attempt >= ATTEMPTS));
    if (result.ok || result.error.code !== 'insufficient_balance' || attempt >= ATTEMPTS) return result;
  }
}

async function decide(
  deps: DisputeDeps,
  word: Word,
  seen: number,
  bare: boolean,
): Promise<Result<Decision<Case>, WordRefusal>> {
  const { db } = deps.journal;
  const before = await findByClaim(db, deps.network, word.claim);
  if ((before?.version ?? 0) !== seen)
    return refuse('looked_too_early', 'the case has changed since the network was asked');
  if (before !== null && (!canFollow(before, word) || saysTheSame(before, word)))
    return refuse('nothing_new', 'the case says so already');
  const payment = before?.payment ?? (await paymentUnder(db, deps.network, word.networkPaymentId));
  if (payment === null) return refuse('unknown_payment', `no payment of ours is ${word.networkPaymentId}`);
  const around = await loadSurroundings(deps, { payment, claim: word.claim }, bare);
  if (around.payment.captured.currency !== word.amount.currency)
    return refuse('unknown_payment', `${word.amount.currency} of a payment in ${around.payment.captured.currency}`);
  return ok(planWord(deps, before, word, around));
}

/** The payment that a network knows under an id: as a whole, or by one of its captures. */
async function paymentUnder(db: Queryable, network: Id<'net'>, id: string): Promise<Id<'pay'> | null> {
  return (await paidUnder(db, network, [id])).get(id)?.payment ?? null;
}

const saysTheSame = (before: Case, word: Word): boolean =>
  before.state === word.state &&
  before.stage === word.stage &&
  // Our own answer was taken a moment ago; the network may not show it yet.
  before.turn === (before.turn === 'theirs' && word.turn === 'ours' ? 'theirs' : word.turn) &&
  (before.turn !== 'ours' || before.respondBy === word.respondBy) &&
  equals(before.amount, word.amount);

/** The unit of one word; pure but for new ids. */
function planWord(deps: DisputeDeps, before: Case | null, word: Word, around: Loaded): Decision<Case> {
  const { at, order, others } = around;
  const base = before ?? blankCase(deps, word, around);
  const opens = before === null || isFinal(before.state);
  const ends = isFinal(word.state);
  const answerBy = respondJob(base, word);
  const moved = moveCase(base, word.state, {
    stage: word.stage,
    turn: word.turn,
    respondBy: word.respondBy,
    deadline: answerBy?.id ?? null,
    expired: word.expired,
    amount: word.amount,
    endedAt: ends ? at : null,
    ...(opens ? { case: order.dispute ?? base.id } : {}),
  });
  const money = moneyOfState(startMoney({ ...base, ...moved }, around), around);
  const row: Case = { ...money.row, atRisk: atRiskOf(money.row, around) };
  const events = [...eventsBefore(before, row), ...money.events, ...(ends ? [endOf(row)] : [])];
  const own = part({
    events,
    writes: [before === null ? insert(disputes, row) : update(disputes, before, row)],
    guards: before === null ? [absent(disputes, 'claim_key', claimKey(row.network, row.claim))] : [],
    jobs: [
      ...(answerBy === null ? [] : [answerBy]),
      ...(answersByProof(base, row) ? [deadline(PROOF_JOB, row.id, at)] : []),
    ],
    withdraws: base.deadline === null ? [] : [base.deadline],
  });
  const other = others.find(({ state }) => !isFinal(state))?.case ?? null;
  const beside = besideCase(money, around, { before: base, row });
  const unit = { at, ...merge(beside, withOrder(own, money, around, { row, opens, ends, other })) };
  return { unit, value: { ...row, version: base.version + events.length } };
}

interface OrderStep {
  readonly row: Case;
  readonly opens: boolean;
  readonly ends: boolean;
  readonly other: Id<'dsp'> | null;
}

/** With the order's part. */
export function withOrder(own: UnitPart, money: MoneyStep, { order, vouchers, at }: Loaded, step: OrderStep): UnitPart {
  const { row, ...flags } = step;
  const { frozen, returned, feeReturned } = money;
  const { id: dispute, channel, state } = row;
  const taken = { frozen, returned, feeReturned };
  return merge(own, disputeOnOrder(order, { dispute, channel, state, at, vouchers, ...taken, ...flags }));
}

/** What the seller may still have to bear and is not frozen. Before anything is taken, what is held of the order stands for it. */
export function atRiskOf(row: Case, { limit, order }: Loaded): Money {
  if (isFinal(row.state)) return zero(row.amount.currency);
  if (row.cover !== null) return row.cover.debt;
  return order.state === 'released' ? min(row.amount, limit) : zero(row.amount.currency);
}

/** A fraud chargeback of a payment whose fraud is the issuer's to bear needs nobody to think about it. Later stages do. */
function answersByProof(before: Case, { stage, turn, recommendation }: Case): boolean {
  const begins = before.stage !== 'chargeback' || before.turn !== 'ours';
  return stage === 'chargeback' && turn === 'ours' && begins && recommendation.because === 'liability_shift';
}

/** The answer has its time; when it has run out the network is asked what became of it. */
function respondJob(row: Case, { turn, respondBy }: Word): NewJob | null {
  return turn === 'ours' && respondBy !== null ? deadline(RESPOND_JOB, row.id, respondBy) : null;
}

function eventsBefore(before: Case | null, row: Case): readonly NewEvent[] {
  const { id, state, stage, amount, turn, respondBy } = row;
  if (before === null) {
    const { order, payment, channel, claim, reason } = row;
    const joins = row.case === id ? {} : { joins: row.case };
    return [
      event('dispute.opened', id, { order, payment, channel, claim, amount, reason: reason.code, state, ...joins }),
    ];
  }
  const until = respondBy === null ? {} : { respondBy };
  const moved = event('dispute.moved', id, { state, stage, turn: turn ?? 'nobody', amount, ...until });
  const represented = state === 'represented' && before.state !== 'represented';
  return represented ? [moved, event('chargeback.represented', id, { dispute: id, stage })] : [moved];
}

const endOf = ({ id, state, expired }: Case): NewEvent => event('dispute.ended', id, { outcome: state, expired });

function blankCase(deps: DisputeDeps, word: Word, { payment, order }: Loaded): Case {
  const none = zero(word.amount.currency);
  const id = newId('dsp');
  return {
    id,
    version: 0,
    state: 'inquiry',
    channel: deps.channel.name,
    claim: word.claim,
    case: id,
    marketplace: order.marketplace,
    order: order.id,
    seller: order.seller,
    payment: payment.id,
    network: deps.network,
    amount: word.amount,
    ...deps.channel.describe(payment, word),
    stage: 'inquiry',
    turn: null,
    respondBy: null,
    deadline: null,
    expired: false,
    movements: [],
    debited: none,
    credited: none,
    fees: none,
    levied: emptySplit(none),
    feeReturned: emptySplit(none),
    lostOfReleased: none,
    cover: null,
    atRisk: none,
    documents: [],
    answers: [],
    openedAt: word.openedAt,
    endedAt: null,
  };
}
