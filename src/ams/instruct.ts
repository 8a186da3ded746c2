/**
 * Carrying out what a client instructs: its request id is remembered first, with a job that goes on should nobody else; then
 * the core is asked under the row's own key. A refusal ends the id with it, under the same key, so that a refusal and the deed
 * cannot both be; one that passes by itself leaves it open for the job and the repeat.
 */
import { addMs } from '../base/clock.ts';
import { type Id, newId, parseId } from '../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import { lockQuote, type Quote } from '../fx/index.ts';
import { FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import {
  type CommandKey,
  commandKey,
  type Decision,
  deadline,
  insert,
  type Outcome,
  part,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeBankAccount } from '../parties/index.ts';
import { initiatePayout, transferBalance } from '../payouts/index.ts';
import { settleOrder } from '../protection/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import {
  type AmsInstruction,
  amsInstructions,
  findInstruction,
  loadInstruction,
  type Wish,
  type WishOf,
} from './instruction.ts';
import type { AmsClient } from './rows.ts';

export interface Instruct {
  readonly client: AmsClient;
  readonly requestId: string;
  readonly wish: Wish;
  /** Null: where the client is told everything. */
  readonly notifyUrl: string | null;
}

export const CARRY_OUT_JOB = 'ams.carry_out';
/** Business time: whoever asks does it at once, and the job only what was left. */
const LEFT_AFTER_MS = 30_000;
const AGAIN_MS = 60_000;

type Instructed = Result<AmsInstruction, AmsRefusal>;

/** The instruction as far as it has come: `open` is in process. */
export async function instruct(deps: AmsDeps, input: Instruct): Promise<Instructed> {
  const row = await remember(deps, input, LEFT_AFTER_MS);
  return row.ok && row.value.state === 'open' ? carryOut(deps, row.value) : row;
}

/** Leaves it to the job, which begins at once. */
export const instructLater = (deps: AmsDeps, input: Instruct): Promise<Instructed> => remember(deps, input, 0);

/** The job of an instruction that nobody has finished. */
export async function carryOutJob(deps: AmsDeps, job: Job): Promise<JobResult> {
  const row = await loadInstruction(deps.journal.db, job.subject as Id<'ami'>);
  if (row === null || row.state !== 'open') return FINISHED;
  const went = await carryOut(deps, row);
  if (went.ok && went.value.state !== 'open') return FINISHED;
  return { kind: 'again', afterMs: AGAIN_MS, reason: 'not yet', countsAsAttempt: false };
}

async function remember(
  { journal, clock }: AmsDeps,
  { client, requestId, wish, notifyUrl }: Instruct,
  afterMs: number,
): Promise<Instructed> {
  const { kind, ...fields } = wish;
  const command = commandKey(client.id, `${kind} ${requestId}`, `ams_${kind}`, fields);
  const opened = await journal.run(command, async (): Promise<Result<Decision<AmsInstruction>, AmsRefusal>> => {
    const at = clock.now();
    const id = newId('ami');
    const job = deadline(CARRY_OUT_JOB, id, addMs(at, afterMs));
    const row: AmsInstruction = {
      ...{ id, version: 0, state: 'open', client: client.id, marketplace: client.marketplace, requestId, wish },
      ...{ subject: null, ending: null, notifyUrl: notifyUrl ?? client.notifyUrl },
      ...{ job: job.id, createdAt: at, endedAt: null },
    };
    const events = [event('ams_instruction.opened', id, { client: client.id, kind, requestId })];
    const value = { ...row, version: 1 };
    return ok({
      unit: { at, ...part({ events, writes: [insert(amsInstructions, row)], jobs: [job] }), answer: { id } },
      value,
    });
  });
  if (!opened.ok) return opened;
  return ok((await findInstruction(journal.db, { client: client.id, kind, requestId })) as AmsInstruction);
}

async function carryOut(deps: AmsDeps, row: AmsInstruction): Promise<Instructed> {
  const done = await askCore(deps, row);
  if (done.ok) return end(deps, row, { subject: done.value });
  if (PASSES.has(done.error.code)) return ok((await loadInstruction(deps.journal.db, row.id)) as AmsInstruction);
  // What is refused of funds has a word of its own; of refunds it is said otherwise.
  const { code, detail } = done.error;
  return end(deps, row, { refusal: { code: code === 'insufficient_balance' ? 'balance_not_enough' : code, detail } });
}

/** Not for ever: it stays open, and the job and every repeat try again. The last is said when it has ended meanwhile. */
const PASSES: ReadonlySet<string> = new Set(['conflict', 'refund_in_progress', 'idempotency_key_reused']);

const coreKey = ({ id, wish }: AmsInstruction): CommandKey => commandKey(id, 'do', wish.kind, {});

/** The id of what the core made of it. */
function askCore(deps: AmsDeps, row: AmsInstruction): Promise<Result<string, AmsRefusal>> {
  const { wish } = row;
  switch (wish.kind) {
    case 'settle':
      return settle(deps, row, wish);
    case 'transfer':
      return transfer(deps, row, wish);
    case 'payout':
      return payOut(deps, row, wish);
    case 'account':
      return changeAccount(deps, row, wish);
  }
}

async function settle(
  deps: AmsDeps,
  row: AmsInstruction,
  { order, net, share }: WishOf<'settle'>,
): Promise<Result<string, AmsRefusal>> {
  const settled = await settleOrder(deps.orders, coreKey(row), { marketplace: row.marketplace, order, net, share });
  return settled.ok ? ok(order) : settled;
}

async function transfer(
  deps: AmsDeps,
  row: AmsInstruction,
  { from, to, amount, currency }: WishOf<'transfer'>,
): Promise<Result<string, AmsRefusal>> {
  const quote = currency === amount.currency ? ok(null) : await quoteFor(deps, row, { amount, currency });
  if (!quote.ok) return quote;
  const { marketplace } = row;
  const done = await transferBalance(deps.payouts, coreKey(row), { marketplace, from, to, amount, quote: quote.value });
  return done.ok ? ok(idOf(done.value)) : done;
}

/** Locked once; used, or expired and refused. */
async function quoteFor(
  deps: AmsDeps,
  { id, marketplace }: AmsInstruction,
  { amount, currency }: Pick<WishOf<'transfer'>, 'amount' | 'currency'>,
): Promise<Result<Id<'qte'>, AmsRefusal>> {
  const terms = { from: amount.currency, to: currency, amount, marketplace, use: 'conversion' } as const;
  const locked = await lockQuote(deps.fx, commandKey(id, 'quote', 'lock_quote', {}), terms);
  return locked.ok ? ok(idOf<Quote>(locked.value)) : locked;
}

async function payOut(
  deps: AmsDeps,
  row: AmsInstruction,
  { seller, amount }: WishOf<'payout'>,
): Promise<Result<string, AmsRefusal>> {
  const paid = await initiatePayout(deps.payouts, coreKey(row), { marketplace: row.marketplace, seller, amount });
  return paid.ok ? ok(idOf(paid.value)) : paid;
}

async function changeAccount(
  deps: AmsDeps,
  row: AmsInstruction,
  { seller, account: bankAccount }: WishOf<'account'>,
): Promise<Result<string, AmsRefusal>> {
  const { marketplace } = row;
  const changed = await changeBankAccount(deps.parties, coreKey(row), { marketplace, seller, bankAccount });
  return changed.ok ? ok(seller) : changed;
}

/** Of what was made now, or of the first answer. */
const idOf = <Made extends { readonly id: string }>(outcome: Outcome<Made>): Made['id'] =>
  outcome.kind === 'committed' ? outcome.value.id : (outcome.answer as Made).id;

type End = { readonly subject: string } | { readonly refusal: Refusal };

async function end(deps: AmsDeps, { id }: AmsInstruction, how: End): Promise<Instructed> {
  const { journal, clock } = deps;
  const load = async () => (await loadInstruction(journal.db, id)) as AmsInstruction;
  // A refusal takes the key that the core would be asked with: nothing is done under it any more.
  const command = 'refusal' in how ? commandKey(id, 'do', 'refuse_ams_instruction', {}) : undefined;
  const ended = await journal.run(command, async (): Promise<Result<Decision<null>, AmsRefusal>> => {
    const row = await load();
    const at = clock.now();
    if (row.state !== 'open') return refuse('canceled_before', 'the instruction has ended');
    const changes = { ...endingOf(how, at), endedAt: at };
    const { state, subject, ending } = changes;
    const facts = { kind: row.wish.kind, state };
    const closed = event('ams_instruction.ended', id, {
      ...facts,
      ...(subject === null ? {} : { subject }),
      ...(ending === null ? {} : { code: ending.code }),
    });
    const writes = [update(amsInstructions, row, changes)];
    return ok({ unit: { at, ...part({ events: [closed], writes, withdraws: [row.job] }) }, value: null });
  });
  if (!ended.ok && ended.error.code === 'conflict') return ended;
  return ok(await load());
}

const endingOf = (how: End, at: AmsInstruction['createdAt']) =>
  'refusal' in how
    ? { state: 'refused' as const, subject: null, ending: { code: how.refusal.code, detail: how.refusal.detail, at } }
    : { state: 'done' as const, subject: how.subject, ending: null };

/** The instruction that had the core make something, by the command that asked; null when no instruction did. */
export async function instructionBehind(
  db: Queryable,
  command: { readonly client: string } | null | undefined,
): Promise<AmsInstruction | null> {
  const id = parseId('ami', command?.client);
  return id === null ? null : loadInstruction(db, id);
}
