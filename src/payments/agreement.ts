/**
 * What a buyer agreed to about a card that is kept: who may charge it, for what, up to how much. It is made with a payment,
 * becomes active when that payment is approved and the vault keeps the card, and ends once, for good; its card is deleted
 * then. One agreement, one stored card.
 *
 * Invariants: a charge without the buyer needs an active agreement whose first use the scheme can name, and was
 * authenticated where the marketplace's rules asked for it (PSD2: the mandate is authenticated, what follows is out of
 * scope); it is never above the maximum. A card is charged under its own agreement only.
 */
import { type Instant, parseInstant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, type Money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { PaymentRefusal } from './errors.ts';

/**
 * `order`: the rest of one order. `unscheduled`: whatever this buyer orders later. `buyer`: only what the buyer pays in
 * person; the marketplace may charge nothing by itself.
 */
export type Scope = 'order' | 'unscheduled' | 'buyer';

export interface KeptCard {
  readonly token: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly fingerprint: string;
  /** In the vault. `deleting`: the vault has not said yet that it is gone. */
  readonly state: 'stored' | 'deleting' | 'deleted';
}

export interface Agreement extends StateRow {
  readonly id: Id<'agr'>;
  readonly state: keyof typeof AGREEMENT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly buyer: Id<'buy'>;
  readonly scope: Scope;
  /** Of the scope `order`. */
  readonly order: Id<'ord'> | null;
  /** What the marketplace may charge by itself: `order`, in all; `unscheduled`, each time; `buyer`, nothing. */
  readonly maximum: Money | null;
  /** Version or hash of the text the buyer agreed to. */
  readonly terms: string;
  readonly agreedAt: Instant;
  /** The payment it was made with. */
  readonly payment: Id<'pay'>;
  /** The marketplace's rules asked for the cardholder at the first use. */
  readonly authenticationAsked: boolean;
  /** The first use, once it was approved. */
  readonly first: {
    readonly network: Id<'net'>;
    readonly schemeTransactionId: string | null;
    readonly authenticated: boolean;
  } | null;
  readonly card: KeptCard | null;
  readonly ended: { readonly at: Instant; readonly reason: EndReason } | null;
}

/**
 * `fulfilled`: the order it was for is paid. `payment_failed`: its first payment came to nothing. `not_stored`: the vault
 * could not keep the card.
 */
export type EndReason =
  | 'buyer'
  | 'marketplace'
  | 'card_deleted'
  | 'hard_decline'
  | 'fulfilled'
  | 'payment_failed'
  | 'not_stored';

/** Legal moves. */
export const AGREEMENT_MOVES = {
  pending: ['active', 'ended'],
  active: ['ended'],
  ended: [],
} as const;

export const agreements = stateTable<Agreement>('agreements', 'agr');

/** Asserts the move and returns the changes with the new state. */
export function moveAgreement(
  agreement: Agreement,
  state: Agreement['state'],
  changes: Partial<Agreement>,
): Partial<Agreement> {
  assertMove(AGREEMENT_MOVES, `agreement ${agreement.id}`, agreement.state, state);
  return { ...changes, state };
}

export interface Charge {
  readonly order: Id<'ord'>;
  readonly buyer: Id<'buy'>;
  readonly amount: Money;
  readonly by: 'buyer' | 'marketplace';
  /** What the marketplace has charged of this order by itself, or is charging. */
  readonly before: Money;
  readonly at: Instant;
}

/** Whether the card may be charged. Checks in this order: active, whose, by whom, how much, the first use, the card. */
export function mayCharge(agreement: Agreement, charge: Charge): Result<Agreement, PaymentRefusal> {
  const { state, ended, scope, card } = agreement;
  if (state !== 'active' || card === null) {
    const facts = { state, ...(ended === null ? {} : { reason: ended.reason }) };
    return refuse('agreement_not_active', `the agreement is ${state}`, { pointer: '/agreement', facts });
  }
  if (agreement.buyer !== charge.buyer) return notCovered('it is another buyer’s', { covers: 'another buyer' });
  if (scope === 'order' && agreement.order !== charge.order)
    return notCovered('it is about another order', { covers: 'another order' });
  if (charge.by === 'marketplace') {
    const allowed = mayChargeAlone(agreement, charge);
    if (!allowed.ok) return allowed;
  }
  if (isPast(card, charge.at)) {
    const { expiryMonth, expiryYear } = card;
    return refuse('card_expired', 'the card is no longer good', {
      pointer: '/agreement',
      facts: { expiryMonth, expiryYear },
    });
  }
  return ok(agreement);
}

function mayChargeAlone(agreement: Agreement, { amount, before }: Charge): Result<Agreement, PaymentRefusal> {
  const { scope, maximum, first, authenticationAsked } = agreement;
  const pointer = '/agreement';
  if (maximum === null) return notCovered('the buyer pays in person', { covers: 'payments of the buyer in person' });
  if (amount.currency !== maximum.currency) {
    const facts = { currency: maximum.currency };
    return refuse('agreement_currency', `the agreement is in ${maximum.currency}`, { pointer, facts });
  }
  const total = scope === 'order' ? add(before, amount) : amount;
  if (compare(total, maximum) > 0) {
    const facts = { maximum, charged: before };
    return refuse('amount_exceeds_agreement', 'more than the buyer agreed to', { pointer, facts });
  }
  if (first === null || first.schemeTransactionId === null)
    return refuse('first_use_unknown', 'the scheme gave the first use no id; the buyer has to pay', { pointer });
  if (authenticationAsked && !first.authenticated) {
    const why = 'the cardholder was not authenticated when the card was stored; the buyer has to pay';
    return refuse('first_use_not_authenticated', why, { pointer });
  }
  return ok(agreement);
}

const notCovered = (why: string, facts: Readonly<Record<string, unknown>>): Result<never, PaymentRefusal> =>
  refuse('agreement_does_not_cover', why, { pointer: '/agreement', facts });

/** A card is good through the last day of its month. */
function isPast({ expiryMonth, expiryYear }: KeptCard, at: Instant): boolean {
  const [year, month] = expiryMonth === 12 ? [expiryYear + 1, 1] : [expiryYear, expiryMonth + 1];
  const end = parseInstant(`${year}-${String(month).padStart(2, '0')}-01T00:00:00Z`);
  return end === null || end <= at;
}
