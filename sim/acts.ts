/** How a life of an order acts: labels and keys by its number, so that the same seed sends the same requests. */
import {
  ANY_REFUSAL,
  type Body,
  type Call,
  type FaultPlan,
  type Life,
  LifeBroken,
  type NetworkOperation,
  NO_FAULT,
  settle,
} from './moves.ts';
import type { LifePlan } from './plan.ts';

/** One move of the order; the fault, if any, meets the request it sends to the network. */
export function act(
  plan: Pick<LifePlan, 'number' | 'market'>,
  what: string,
  path: string,
  more: Partial<Call> = {},
): Call {
  const label = `order ${plan.number}: ${what}`;
  return { label, as: plan.market, method: 'POST', path, key: `life-${plan.number}-${what}`, body: {}, ...more };
}
export const networkCall = (network: NetworkOperation, fault: FaultPlan | undefined): Partial<Call> => ({
  network,
  ...(fault === undefined ? {} : { fault }),
});
/** The same request again, later: the first answer, word for word where it matters. */
export function* expectSame(call: Call, first: Body): Life<void> {
  const repeat = { ...call, label: `${call.label} (repeat)`, fault: NO_FAULT, kill: false };
  const { status, body: again } = yield* settle(repeat, [ANY_REFUSAL]);
  if (again.id !== first.id || again.state !== first.state)
    throw new LifeBroken(
      `idempotency: one key, one answer: ${call.label} first gave ${first.id} ${first.state}, its repeat ${status} ${again.id ?? again.code} ${again.state}`,
    );
}
