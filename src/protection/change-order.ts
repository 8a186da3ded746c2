/** The frame of every command that changes one order: load, check whose it is, decide, commit. */
import type { Id } from '../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import {
  type CommandKey,
  EMPTY_PART,
  type JobLease,
  merge,
  type NewJob,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import type { NewEvent } from '../ledger/index.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { deadlineOf, type Order, orders } from './order.ts';
import { findOrder } from './store.ts';

export interface OrderChange {
  readonly changes: Partial<Order>;
  readonly events: readonly NewEvent[];
  /** What other modules change in the same unit. */
  readonly beside?: UnitPart;
  /** What will move the order on next; the deadline that waited until now is withdrawn. */
  readonly deadline?: NewJob;
  /** What waits to move the order on goes on waiting. */
  readonly keepsDeadline?: true;
}

export interface Target {
  /** Whose order it must be; null when any may be acted on: by a deadline, or by the operator. */
  readonly marketplace: Id<'mkt'> | null;
  readonly order: Id<'ord'>;
  readonly done?: JobLease;
}

/** `decide` says what the order becomes, or why not. */
export function changeOrder<Refused extends Refusal = OrderRefusal>(
  deps: OrderDeps,
  command: CommandKey | undefined,
  target: Target,
  decide: (order: Order) => Result<OrderChange, Refused> | Promise<Result<OrderChange, Refused>>,
): Promise<Result<Outcome<Order>, Refused | OrderRefusal>> {
  return deps.journal.run(command, async () => {
    const order = await findOrder(deps.journal.db, target.order);
    if (order === null || (target.marketplace !== null && order.marketplace !== target.marketplace)) {
      return refuse('not_found', 'no such order') as Result<never, Refused | OrderRefusal>;
    }
    const decided = await decide(order);
    if (!decided.ok) return decided;
    const { events, keepsDeadline = false } = decided.value;
    // While a dispute is open nothing moves by itself; when it ends, what waited is planned again (dispute-order.ts).
    const deadline = order.dispute === null ? decided.value.deadline : undefined;
    const changes = keepsDeadline
      ? decided.value.changes
      : { ...decided.value.changes, deadline: deadline?.id ?? null };
    const jobs = deadline === undefined ? [] : [deadline];
    const withdraws = keepsDeadline ? [] : deadlineOf(order);
    const own = part({ events, writes: [update(orders, order, changes)], jobs, withdraws });
    const whole = merge(own, decided.value.beside ?? EMPTY_PART);
    const steps = whole.events.filter(({ subject }) => subject === order.id).length;
    const after: Order = { ...order, ...changes, version: order.version + steps };
    const unit = {
      at: deps.clock.now(),
      ...whole,
      answer: after,
      ...(target.done === undefined ? {} : { done: target.done }),
    };
    return ok({ unit, value: after });
  });
}

export const disputeOpen = (dispute: Id<'dsp'>, verb: string): Result<never, Refusal<'dispute_open'>> =>
  refuse('dispute_open', `the money is disputed; it can be ${verb} when the case has ended`, { facts: { dispute } });

export const illegalMove = (order: Order, verb: string): Result<never, OrderRefusal> =>
  refuse('illegal_move', `an order that is ${order.state} cannot be ${verb}`, { facts: { state: order.state } });
