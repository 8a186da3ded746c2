/**
 * A buyer agrees to have the card kept, with a payment. Pure: the agreement begins as `pending` in the unit that begins the
 * payment. Checks in this order: there is something left to charge, the maximum.
 */
import type { Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { insert, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Agreement, agreements, type Scope } from './agreement.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Payable } from './ports.ts';

export interface KeepCard {
  readonly scope: Scope;
  /** `order`: what is left to pay of it when absent. */
  readonly maximum?: Money;
  /** Version or hash of the text the buyer agreed to. */
  readonly terms: string;
}

interface Making {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly payment: Id<'pay'>;
  readonly payable: Payable;
  readonly at: Instant;
  readonly asked: boolean;
}

export function makeAgreement(
  keep: KeepCard,
  { marketplace, order, payment, payable, at, asked }: Making,
): Result<{ readonly agreement: Agreement; readonly part: UnitPart }, PaymentRefusal> {
  const maximum = maximumOf(keep, payable);
  if (!maximum.ok) return maximum;
  const agreement: Agreement = {
    id: newId('agr'),
    version: 0,
    state: 'pending',
    marketplace,
    buyer: payable.buyer.id,
    scope: keep.scope,
    order: keep.scope === 'order' ? order : null,
    maximum: maximum.value,
    terms: keep.terms,
    agreedAt: at,
    payment,
    authenticationAsked: asked,
    first: null,
    card: null,
    ended: null,
  };
  const made = event('agreement.made', agreement.id, {
    marketplace,
    buyer: agreement.buyer,
    scope: agreement.scope,
    payment,
    terms: agreement.terms,
    ...(agreement.order === null ? {} : { order }),
    ...(agreement.maximum === null ? {} : { maximum: agreement.maximum }),
  });
  return ok({ agreement, part: part({ events: [made], writes: [insert(agreements, agreement)] }) });
}

function maximumOf({ scope, maximum }: KeepCard, { rest }: Payable): Result<Money | null, PaymentRefusal> {
  const at = '/keepCard/maximum';
  if (scope === 'order' && rest.amount === 0n) {
    const why = 'with this payment nothing of the order is left to charge';
    return refuse('nothing_left_to_charge', why, { pointer: '/keepCard/scope' });
  }
  if (scope === 'buyer') {
    if (maximum === undefined) return ok(null);
    return refuse('invalid_amount', 'the marketplace charges nothing under this scope', { pointer: at });
  }
  if (maximum === undefined) {
    if (scope === 'order') return ok(rest);
    return refuse('invalid_amount', 'an unscheduled agreement names the most of one charge', { pointer: at });
  }
  if (maximum.amount <= 0n) return refuse('invalid_amount', 'must be above zero', { pointer: `${at}/value` });
  if (scope === 'order' && maximum.currency !== rest.currency)
    return refuse('agreement_currency', `the order is in ${rest.currency}`, { pointer: `${at}/currency` });
  return ok(maximum);
}
