/** What events of the hub move. Part of postings.ts; read from top to bottom. */
import type { Id } from '../base/ids.ts';
import { type AccountRef, account, move, type Transfer } from './account.ts';
import type { HubEventData } from './hub-events.ts';

const receivable = (id: Id<'net'>): AccountRef => account('receivable', id);
const acquirer = (id: Id<'ptc'>): AccountRef => account('acquirer', id);
const settlement = (id: Id<'stl'>): AccountRef => account('settlement', id);
const fxPosition = (): AccountRef => account('fx_position');
const fxMargin = (): AccountRef => account('fx_margin');
const promotionCost = (): AccountRef => account('promotion_cost');
const promotionFund = (id: Id<'cmp'>): AccountRef => account('promotion_fund', id);
const budget = (id: Id<'cmp'>): AccountRef => account('budget', id);
const memoContra = (): AccountRef => account('memo_contra');
const serviceFeeIncome = (): AccountRef => account('service_fee_income');

const nothing = (): readonly Transfer[] => [];

export const HUB_POSTINGS = {
  'participant.added': nothing,
  'participant.changed': nothing,
  'shop.registered': nothing,
  'shop.changed': nothing,
  'hub_code.issued': nothing,
  'hub_code.verified': nothing,
  'hub_code.used': nothing,
  'hub_code.retired': nothing,
  'hub_payment.opened': nothing,
  'hub_payment.offered': nothing,
  'hub_payment.wallet_waits': nothing,
  'hub_payment.asked_again': nothing,
  'hub_payment.failed': nothing,
  'hub_payment.closed': nothing,
  'hub_payment.cancel_asked': nothing,
  'hub_payment.let_go_by_wallet': nothing,
  'hub_payment.push_arrived': nothing,
  'hub_payment.push_refused': nothing,
  'hub_payment.refund_started': nothing,
  'hub_payment.refund_ended': nothing,
  'hub_payment.canceled_unpaid': nothing,
  'hub_refund.sent': nothing,
  'hub_refund.asked_again': nothing,
  'hub_refund.refused': nothing,
  'hub_notification.made': nothing,
  'hub_notification.sent': nothing,
  'wallet_dispute.opened': nothing,
  'wallet_dispute.answered': nothing,
  'wallet_dispute.lapsed': nothing,
  'wallet_dispute.refund_ended': nothing,

  // The wallet owes what it debited, the acquirer is owed what its shop sold for; the position bridges the two currencies.
  'hub.paid': (e) => [
    ...move(e.payTo, { debit: receivable(e.wallet), credit: fxPosition() }),
    ...move(e.settled, { debit: fxPosition(), credit: acquirer(e.acquirer) }),
    ...move(e.margin, { debit: fxPosition(), credit: fxMargin() }),
  ],
  'hub.paid_same_currency': (e) => move(e.payTo, { debit: receivable(e.wallet), credit: acquirer(e.acquirer) }),
  // In one currency too: what goes into the position comes out of it.
  'hub.canceled': (e) => [
    ...move(e.payTo, { debit: fxPosition(), credit: receivable(e.wallet) }),
    ...move(e.settled, { debit: acquirer(e.acquirer), credit: fxPosition() }),
    ...move(e.margin, { debit: fxMargin(), credit: fxPosition() }),
  ],
  'hub.refunded': (e) => [
    ...move(e.payBack, { debit: fxPosition(), credit: receivable(e.wallet) }),
    ...move(e.settled, { debit: acquirer(e.acquirer), credit: fxPosition() }),
    ...move(e.margin, { debit: fxMargin(), credit: fxPosition() }),
  ],
  // Who funds a discount pays it to the acquirer, and the campaign's budget is spent by as much.
  'hub.discount_funded': (e) => [
    ...move(e.hubDiscount, { debit: promotionCost(), credit: acquirer(e.acquirer) }),
    ...move(e.sponsorDiscount, { debit: promotionFund(e.campaign), credit: acquirer(e.acquirer) }),
    ...move(e.budgetSpent, { debit: memoContra(), credit: budget(e.campaign) }),
  ],
  'hub.discount_returned': (e) => [
    ...move(e.hubDiscount, { debit: acquirer(e.acquirer), credit: promotionCost() }),
    ...move(e.sponsorDiscount, { debit: acquirer(e.acquirer), credit: promotionFund(e.campaign) }),
    ...move(e.budgetSpent, { debit: budget(e.campaign), credit: memoContra() }),
  ],

  'clearing.cycle_opened': nothing,
  'clearing.items_collected': nothing,
  'clearing.collected': nothing,
  'clearing.assessed': nothing,
  'clearing.batch_made': nothing,
  'clearing.batch_filed': nothing,
  'clearing.batch_instructed': nothing,
  'clearing.file_made': nothing,
  'clearing.cycle_closed': nothing,
  // Interchange passes through at the cycle's rate; a refund brings it back, service fees stay.
  'clearing.fees_assessed': (e) => [
    ...move(e.interchange, { debit: acquirer(e.acquirer), credit: fxPosition() }),
    ...move(e.interchangePaid, { debit: fxPosition(), credit: receivable(e.wallet) }),
    ...move(e.interchangeBack, { debit: receivable(e.wallet), credit: fxPosition() }),
    ...move(e.interchangeReturned, { debit: fxPosition(), credit: acquirer(e.acquirer) }),
    ...move(e.acquirerFee, { debit: acquirer(e.acquirer), credit: serviceFeeIncome() }),
    ...move(e.walletFee, { debit: receivable(e.wallet), credit: serviceFeeIncome() }),
  ],
  'clearing.wallet_fee_assessed': (e) => [
    ...move(e.walletFee, { debit: receivable(e.wallet), credit: serviceFeeIncome() }),
  ],
  'hub.settlement_instructed': (e) => [
    ...move(e.walletOwes, { debit: settlement(e.batch), credit: receivable(e.participant as Id<'net'>) }),
    ...move(e.weOweWallet, { debit: receivable(e.participant as Id<'net'>), credit: settlement(e.batch) }),
    ...move(e.weOweAcquirer, { debit: acquirer(e.participant as Id<'ptc'>), credit: settlement(e.batch) }),
    ...move(e.acquirerOwes, { debit: settlement(e.batch), credit: acquirer(e.participant as Id<'ptc'>) }),
  ],
} satisfies { [Type in keyof HubEventData]: (e: HubEventData[Type]) => readonly Transfer[] };
