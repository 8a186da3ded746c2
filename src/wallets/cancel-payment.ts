/**
 * Giving all of a payment back, or making sure that nobody pays it. Once asked, it is never told as paid: a wallet's word that comes
 * later loses, and the wallet is told to cancel until it has. What had been paid is posted back as it was posted.
 *
 * Checks, the first wins: whether there is anything to cancel, the window, whether something was refunded.
 */
import type { Instant } from '../base/clock.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type Decision, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { partiesOf } from './ask-wallet.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { HUB_PAYMENT_MOVES, type HubPayment, type HubPrice, hubPayments } from './hub-payment.ts';
import { sidesOf } from './settle-payment.ts';
import { loadHubPayment } from './store.ts';
import { nextLook } from './wait-times.ts';

/** As it stands afterwards: `canceling` while the wallet has not answered. Asked again, the wallet is asked again. */
export async function cancelHubPayment(
  deps: HubDeps,
  { payment: id, by }: { readonly payment: HubPayment['id']; readonly by: string },
): Promise<Result<HubPayment, HubRefusal>> {
  const { db } = deps.journal;
  const asked = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, HubRefusal | Over>> => {
    const payment = await loadHubPayment(db, id);
    if (payment === null) return refuse('unknown_payment', 'no such payment');
    const at = deps.clock.now();
    const decided = await decide(deps, payment, by, at);
    return decided.ok ? ok({ unit: { at, ...decided.value }, value: null }) : decided;
  });
  if (!asked.ok && asked.error.code !== 'over') return { ok: false, error: asked.error as HubRefusal };
  const payment = (await loadHubPayment(db, id)) as HubPayment;
  if (payment.state !== 'canceling') return ok(payment);
  await cancelAtWallet(deps, payment);
  return ok((await loadHubPayment(db, id)) as HubPayment);
}

/** Nothing is left to decide: it is being canceled, or nobody has paid or will. */
type Over = Refusal<'over'>;

async function decide(
  deps: HubDeps,
  payment: HubPayment,
  by: string,
  at: Instant,
): Promise<Result<UnitPart, HubRefusal | Over>> {
  switch (payment.state) {
    case 'waiting':
      return ok(await withdrawing(deps, payment, by, at));
    case 'in_process':
      return ok(asking(payment, by, at));
    case 'paid':
      if (payment.cancelableUntil === null || at >= payment.cancelableUntil)
        return refuse('cancel_window_over', 'the time in which it can be canceled is over; refund it');
      if (payment.refunded.amount + payment.refunding.amount > 0n)
        return refuse('refunded_already', 'a payment of which something was refunded cannot be canceled');
      return ok(asking(payment, by, at));
    default:
      return refuse('over', `it is ${payment.state}`);
  }
}

/** No wallet has it: it is canceled at once. */
async function withdrawing(deps: HubDeps, payment: HubPayment, by: string, at: Instant): Promise<UnitPart> {
  const canceled = moved(payment, 'canceled', { endedAt: at, waitJob: null });
  return merge(
    part({
      events: [event('hub_payment.canceled_unpaid', payment.id, { by })],
      writes: [update(hubPayments, payment, canceled)],
      withdraws: waits(payment),
    }),
    await deps.discounts.lettingGo(payment),
  );
}

function asking(payment: HubPayment, by: string, at: Instant): UnitPart {
  const look = nextLook({ ...payment, state: 'canceling', inquiries: 0 }, at);
  return part({
    events: [event('hub_payment.cancel_asked', payment.id, { by })],
    writes: [update(hubPayments, payment, moved(payment, 'canceling', { inquiries: 0, waitJob: look.id }))],
    jobs: [look],
    withdraws: waits(payment),
  });
}

/** One attempt of a payment that is canceling or closed. True when the wallet has done it, and nothing is left to ask. */
export async function cancelAtWallet(deps: HubDeps, payment: HubPayment): Promise<boolean> {
  const { target, acquirer } = await partiesOf(deps, payment);
  const answer = await deps.wallets.cancel(target, { reference: payment.reference, acquirer });
  if (answer.outcome !== 'done') return false;
  const ended = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Over>> => {
    const standing = (await loadHubPayment(deps.journal.db, payment.id)) as HubPayment;
    const at = deps.clock.now();
    if (standing.state === 'canceling')
      return ok({ unit: { at, ...(await canceled(deps, standing, at)) }, value: null });
    if (standing.state === 'closed' && standing.waitJob !== null)
      return ok({ unit: { at, ...letGo(standing) }, value: null });
    return refuse('over', 'it has ended');
  });
  return ended.ok || ended.error.code === 'over';
}

async function canceled(deps: HubDeps, payment: HubPayment, at: Instant): Promise<UnitPart> {
  const row = moved(payment, 'canceled', { endedAt: at, waitJob: null });
  const wasPaid = payment.paidAt !== null;
  const { payTo, settled, margin } = payment.price as HubPrice;
  const said = wasPaid
    ? event('hub.canceled', payment.id, { ...sidesOf(payment), payTo, settled, margin })
    : event('hub_payment.canceled_unpaid', payment.id, { by: 'acquirer' });
  const own = part({ events: [said], writes: [update(hubPayments, payment, row)], withdraws: waits(payment) });
  return merge(own, await (wasPaid ? deps.discounts.canceling(payment) : deps.discounts.lettingGo(payment)));
}

const letGo = (payment: HubPayment): UnitPart =>
  part({
    events: [
      event('hub_payment.let_go_by_wallet', payment.id, {
        wallet: payment.wallet as NonNullable<HubPayment['wallet']>,
      }),
    ],
    writes: [update(hubPayments, payment, { waitJob: null })],
    withdraws: waits(payment),
  });

const waits = ({ waitJob }: HubPayment): readonly string[] => (waitJob === null ? [] : [waitJob]);

function moved(payment: HubPayment, state: 'canceling' | 'canceled', facts: Partial<HubPayment>): HubPayment {
  assertMove(HUB_PAYMENT_MOVES, `hub payment ${payment.id}`, payment.state, state);
  return { ...payment, state, ...facts };
}
