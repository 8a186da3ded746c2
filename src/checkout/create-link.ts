/**
 * Giving a buyer a link to pay with. Checks in this order: the order, whether it can still be paid, the instalment, the
 * address to go back to. An instalment that is not due yet may have its link already; its page says what comes first.
 */
import { addMs } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, insert, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { secretHash } from '../parties/index.ts';
import { findOrder, nextInstalment, type Order } from '../protection/index.ts';
import type { CheckoutDeps } from './deps.ts';
import type { LinkRefusal } from './errors.ts';
import { type CheckoutLink, checkoutLinks, LINK_LIFE_S, tokenOf } from './link.ts';

export interface CreateLink {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  /** The one to be paid next when absent. */
  readonly instalment?: number;
  readonly returnUrl?: string;
  /** Seconds of business time. */
  readonly expiresIn?: number;
}

export function createCheckoutLink(
  deps: CheckoutDeps,
  command: CommandKey | undefined,
  input: CreateLink,
): Promise<Result<Outcome<CheckoutLink>, LinkRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<CheckoutLink>, LinkRefusal>> => {
    const order = await findOrder(deps.journal.db, input.order);
    if (order === null || order.marketplace !== input.marketplace) return refuse('not_found', 'no such order');
    const instalment = payableInstalment(order, input.instalment);
    if (!instalment.ok) return instalment;
    const returnUrl = input.returnUrl === undefined ? ok(null) : checkReturnUrl(input.returnUrl);
    if (!returnUrl.ok) return returnUrl;
    const [id, at] = [newId('lnk'), deps.clock.now()];
    const link: CheckoutLink = {
      id,
      version: 0,
      state: 'active',
      marketplace: order.marketplace,
      order: order.id,
      instalment: instalment.value,
      tokenHash: secretHash(tokenOf(deps.secret, id)),
      returnUrl: returnUrl.value,
      expiresAt: addMs(at, (input.expiresIn ?? LINK_LIFE_S.usual) * 1000),
      revokedAt: null,
      createdAt: at,
    };
    const { expiresAt } = link;
    const created = event('checkout_link.created', id, { order: order.id, instalment: instalment.value, expiresAt });
    const value = { ...link, version: 1 };
    const unit = { at, ...part({ events: [created], writes: [insert(checkoutLinks, link)] }), answer: value };
    return ok({ unit, value });
  });
}

function payableInstalment(order: Order, asked: number | undefined): Result<number, LinkRefusal> {
  const next = nextInstalment(order);
  if (next === null || (order.state !== 'awaiting_payment' && order.state !== 'part_paid')) {
    return refuse('illegal_move', `an order that is ${order.state} cannot be paid`, { facts: { state: order.state } });
  }
  if (asked === undefined) return ok(next.number);
  const instalment = order.instalments.find(({ number }) => number === asked);
  if (instalment === undefined)
    return refuse('unknown_instalment', 'the order has no such instalment', { pointer: '/instalment' });
  if (instalment.state === 'paid')
    return refuse('instalment_paid', 'this instalment is paid already', { pointer: '/instalment' });
  return ok(asked);
}

/** The page shows it as a link: nothing but http and https, and no credentials in it. */
function checkReturnUrl(text: string): Result<string, LinkRefusal> {
  const url = URL.parse(text);
  const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return good
    ? ok(url.href)
    : refuse('invalid_return_url', 'must be an http or https address', { pointer: '/returnUrl' });
}
