/**
 * A person's wallet has scanned the code of a payment that is there already: its price is fixed and the payment is that wallet's. The
 * wallet is not called: it is the one that asks, and it tells us what became of it. The same person scans again and gets the
 * same; anybody else finds the code used.
 */
import { ok, type Refusal, type Result } from '../base/result.ts';
import { type Decision, EMPTY_PART, merge, type UnitPart } from '../journal/index.ts';
import { findParticipant } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { findCode, type Payer as Person, usingCode } from './hub-codes/index.ts';
import type { HubPayment } from './hub-payment.ts';
import { offeredPayment, offering } from './open-payment.ts';
import { orWithout, type RouteWish, routePayment } from './route-payment.ts';
import { loadHubPayment } from './store.ts';
import { ratesNow } from './take-payment.ts';

/** The payment as it stands, its price fixed. */
export async function offerPayment(
  deps: HubDeps,
  payment: HubPayment['id'],
  person: Person,
): Promise<Result<HubPayment, HubRefusal>> {
  const { db } = deps.journal;
  const before = await loadHubPayment(db, payment);
  if (before !== null && isOfferedTo(before, person)) return ok(before);
  const rates = await ratesNow(deps);
  const offered = await orWithout((withDiscounts) =>
    deps.journal.run(undefined, () => decide(deps, payment, { person, rates, withDiscounts })),
  );
  const after = await loadHubPayment(db, payment);
  // Beside an identical request, this one finds what that one has done.
  if (after !== null && isOfferedTo(after, person)) return ok(after);
  return offered.ok ? ok(after as HubPayment) : offered;
}

interface Terms extends Pick<RouteWish, 'rates' | 'withDiscounts'> {
  readonly person: Person;
}

async function decide(
  deps: HubDeps,
  payment: HubPayment['id'],
  { person, ...terms }: Terms,
): Promise<Result<Decision<null>, HubRefusal>> {
  const { db } = deps.journal;
  const open = await loadHubPayment(db, payment);
  const at = deps.clock.now();
  const obstacle = obstacleTo(open, at);
  if (obstacle !== null || open === null) return { ok: false, error: obstacle ?? NONE };
  const { customerId } = person;
  const wallet = await findParticipant(db, person.wallet.id);
  const route = await routePayment(deps, { payment: open, wallet, customerId, at, ...terms });
  if (!route.ok) return route;
  const next = offeredPayment(open, route.value, customerId);
  const unit = { at, ...merge(offering(open, next, at), route.value.part, await usingItsCode(deps, open)) };
  return ok({ unit, value: null });
}

const NONE: Refusal<'invalid_code'> = { code: 'invalid_code', detail: 'the code leads to no payment' };

const isOfferedTo = ({ state, wallet, customerId }: HubPayment, person: Person): boolean =>
  state === 'in_process' && wallet === person.wallet.id && customerId === person.customerId;

function obstacleTo(payment: HubPayment | null, at: string): HubRefusal | null {
  if (payment === null) return NONE;
  if (payment.state === 'closed' || (payment.state === 'waiting' && payment.expiresAt <= at))
    return { code: 'payment_expired', detail: 'the payment has expired' };
  if (payment.state === 'canceled') return { code: 'payment_canceled', detail: 'the shop has canceled the payment' };
  return payment.state === 'waiting' ? null : { code: 'invalid_code', detail: 'the code is used' };
}

async function usingItsCode({ journal }: HubDeps, { id, code }: HubPayment): Promise<UnitPart> {
  const shown = code === null ? null : await findCode(journal.db, code);
  return shown === null || shown.state !== 'live' ? EMPTY_PART : usingCode(shown, id);
}
