/**
 * What the company's money does: event type → transfers, debit first. Nothing else writes transfers. A posting only
 * selects and adds; every amount arrives computed in the event, so replaying the journal gives the same ledger. A zero
 * amount writes nothing. Read from top to bottom.
 */
import { assert } from '../base/assert.ts';
import type { Id } from '../base/ids.ts';
import { type AccountRef, account, move, type Transfer } from './account.ts';
import type { EventData, EventType } from './events.ts';
import { HUB_POSTINGS } from './hub-postings.ts';
import { PROMOTION_POSTINGS } from './promotion-postings.ts';
import { WALLET_POSTINGS } from './wallet-postings.ts';

const bank = (id: Id<'bnk'>): AccountRef => account('bank', id);
const suspenseIn = (id: Id<'bnk'>): AccountRef => account('suspense_in', id);
const suspenseOut = (id: Id<'bnk'>): AccountRef => account('suspense_out', id);
const receivable = (id: Id<'net'>): AccountRef => account('receivable', id);
const processingCost = (id: Id<'net'>): AccountRef => account('processing_cost', id);
const networkFees = (id: Id<'net'>): AccountRef => account('network_fees', id);
const fxPosition = (): AccountRef => account('fx_position');
const fxDeal = (id: Id<'fxd'>): AccountRef => account('fx_deal', id);
const settlement = (id: Id<'stl'>): AccountRef => account('settlement', id);
const held = (id: Id<'ord'>): AccountRef => account('held', id);
const seller = (id: Id<'sel'>): AccountRef => account('seller', id);
const reserve = (id: Id<'sel'>): AccountRef => account('reserve', id);
const refund = (id: Id<'ref'>): AccountRef => account('refund', id);
const payout = (id: Id<'po'>): AccountRef => account('payout', id);
const payoutFile = (id: Id<'pof'>): AccountRef => account('payout_file', id);
const chargeback = (id: Id<'dsp'>): AccountRef => account('chargeback', id);
const disputeCover = (id: Id<'dsp'>): AccountRef => account('dispute_cover', id);
const debt = (id: Id<'sel'>): AccountRef => account('debt', id);
const debtAllowance = (id: Id<'sel'>): AccountRef => account('debt_allowance', id);
const feeIncome = (id: Id<'mkt'>): AccountRef => account('fee_income', id);
const marketplaceOf = (id: Id<'mkt'>): AccountRef => account('marketplace', id);
const taxPayable = (authority = ''): AccountRef => account('tax_payable', authority);

const nothing = (): readonly Transfer[] => [];

export const POSTINGS = {
  ...HUB_POSTINGS,
  ...PROMOTION_POSTINGS,
  ...WALLET_POSTINGS,

  'marketplace.created': nothing,
  'marketplace.changed': nothing,
  'marketplace.fee_plan_changed': nothing,
  'api_key.created': nothing,
  'seller.created': nothing,
  'seller.bank_account_changed': nothing,
  'seller.payouts_blocked': nothing,
  'seller.claim_raised': nothing,
  'registration.opened': nothing,
  'registration.checked': nothing,
  'registration.decided': nothing,
  'attachment.submitted': nothing,
  'buyer.created': nothing,
  'network_account.opened': nothing,
  'bank_account.opened': nothing,
  'bank_account.filing_planned': nothing,

  'order.created': nothing,
  'order.payment_started': nothing,
  'order.instalment_paid': nothing,
  'order.instalment_part_paid': nothing,
  'order.amount_changed': nothing,
  'order.payment_failed': nothing,
  'order.shipped': nothing,
  'order.received': nothing,
  // Protection ends: the seller earns the net, the marketplace its fee; reserve and tax go where they belong.
  'order.released': (e) => [
    ...move(e.net, { debit: held(e.order), credit: seller(e.seller) }),
    ...move(e.fee, { debit: held(e.order), credit: feeIncome(e.marketplace) }),
    ...move(e.share, { debit: held(e.order), credit: marketplaceOf(e.marketplace) }),
    ...move(e.reserve, { debit: held(e.order), credit: reserve(e.seller) }),
    ...move(e.tax, { debit: held(e.order), credit: taxPayable(e.authority) }),
  ],
  'order.canceled': nothing,
  'order.refund_started': nothing,
  'order.refund_ended': nothing,
  'order.dispute_opened': nothing,
  'order.dispute_moved': nothing,
  'order.dispute_ended': nothing,

  'checkout_link.created': nothing,
  'checkout_link.revoked': nothing,

  'ams_client.registered': nothing,
  'ams_client.changed': nothing,
  'ams_payment.opened': nothing,
  'ams_payment.closed': nothing,
  'ams_request.opened': nothing,
  'ams_request.refused': nothing,
  'ams_instruction.opened': nothing,
  'ams_instruction.ended': nothing,
  'ams_notification.made': nothing,
  'ams_notification.sent': nothing,

  'payment.created': nothing,
  'payment.operation_started': nothing,
  'payment.authentication_asked': nothing,
  'payment.authenticated': nothing,
  'payment.tried_again': nothing,
  'payment.authorized': nothing,
  // The acquirer owes us what it captured; the order holds it for buyer and seller, buyer fee and tax included.
  // Emptied by: settlement.reported (receivable); order.released, refund.initiated or chargeback.debited (held).
  'payment.captured': (e) => move(e.captured, { debit: receivable(e.network), credit: held(e.order) }),
  'payment.declined': nothing,
  'payment.operation_declined': nothing,
  'payment.canceled': nothing,
  'payment.incremented': nothing,
  'payment.reversed': nothing,
  'payment.reauthorized': nothing,
  'payment.expired': nothing,
  'payment.refund_started': nothing,
  'payment.refund_ended': nothing,
  'agreement.made': nothing,
  'agreement.first_used': nothing,
  'agreement.activated': nothing,
  'agreement.ended': nothing,
  'agreement.card_left': nothing,
  'agreement.card_deleted': nothing,
  'operation.sent': nothing,
  'operation.answered': nothing,

  // The money leaves its owner's account when we decide, the network's when it answers.
  'refund.initiated': (e) => [
    ...move(e.fromHeld, { debit: held(e.order), credit: refund(e.refund) }),
    ...move(e.fromSeller, { debit: account('seller', e.seller), credit: refund(e.refund) }),
    ...move(e.fromMarketplace, { debit: account('marketplace', e.marketplace), credit: refund(e.refund) }),
  ],
  'refund.confirmed': (e) => move(e.amount, { debit: refund(e.refund), credit: receivable(e.network) }),
  'refund.rejected': (e) => [
    ...move(e.fromHeld, { debit: refund(e.refund), credit: held(e.order) }),
    ...move(e.fromSeller, { debit: refund(e.refund), credit: account('seller', e.seller) }),
    ...move(e.fromMarketplace, { debit: refund(e.refund), credit: account('marketplace', e.marketplace) }),
  ],

  'dispute.opened': nothing,
  'dispute.moved': nothing,
  'dispute.evidence_added': nothing,
  'dispute.answer_sent': nothing,
  'dispute.answered': nothing,
  'dispute.ended': nothing,
  // The network took the money. What it took is a claim that may come back; what the seller side can bear is frozen against
  // it. The gap between the two is the operator's risk. Both end with the outcome: chargeback.won or chargeback.lost.
  'chargeback.debited': (e) => [
    ...move(e.amount, { debit: chargeback(e.dispute), credit: receivable(e.network) }),
    ...move(e.fromHeld, { debit: held(e.order), credit: disputeCover(e.dispute) }),
    ...move(e.fromReserve, { debit: reserve(e.seller), credit: disputeCover(e.dispute) }),
    ...move(e.fromSeller, { debit: seller(e.seller), credit: disputeCover(e.dispute) }),
    ...move(e.fromDebt, { debit: debt(e.seller), credit: disputeCover(e.dispute) }),
  ],
  'chargeback.fee_charged': (e) => move(e.amount, { debit: processingCost(e.network), credit: receivable(e.network) }),
  'chargeback.represented': nothing,
  // Provisional: the cover stays frozen until the outcome is final.
  'chargeback.credited_back': (e) => move(e.amount, { debit: receivable(e.network), credit: chargeback(e.dispute) }),
  'chargeback.debited_again': (e) => move(e.amount, { debit: chargeback(e.dispute), credit: receivable(e.network) }),
  'chargeback.won': (e) => [
    ...move(e.credited, { debit: receivable(e.network), credit: chargeback(e.dispute) }),
    ...move(e.toHeld, { debit: disputeCover(e.dispute), credit: held(e.order) }),
    ...move(e.toReserve, { debit: disputeCover(e.dispute), credit: reserve(e.seller) }),
    ...move(e.toSeller, { debit: disputeCover(e.dispute), credit: seller(e.seller) }),
    ...move(e.toDebt, { debit: disputeCover(e.dispute), credit: debt(e.seller) }),
  ],
  'chargeback.lost': (e) => [
    ...move(e.covered, { debit: disputeCover(e.dispute), credit: chargeback(e.dispute) }),
    ...move(e.uncovered, { debit: account('dispute_loss'), credit: chargeback(e.dispute) }),
    ...move(e.feeReturned, { debit: feeIncome(e.marketplace), credit: disputeCover(e.dispute) }),
    ...move(e.toSeller, { debit: disputeCover(e.dispute), credit: seller(e.seller) }),
    ...move(e.toDebt, { debit: disputeCover(e.dispute), credit: debt(e.seller) }),
  ],
  // The network's fee of a dispute is the operator's cost; where the fee plan says so, the seller pays it back to us.
  'charge.levied': (e) => [
    ...move(e.fromSeller, { debit: seller(e.seller), credit: feeIncome(e.marketplace) }),
    ...move(e.fromDebt, { debit: debt(e.seller), credit: feeIncome(e.marketplace) }),
  ],

  // The account is debited by what made the debt (chargeback.debited, charge.levied). It is recovered before anything is paid
  // out, provided for as it grows old, and given up by a person.
  'debt.opened': nothing,
  'debt.recovered': (e) => [
    ...move(e.fromSeller, { debit: seller(e.seller), credit: debt(e.seller) }),
    ...move(e.fromReserve, { debit: reserve(e.seller), credit: debt(e.seller) }),
  ],
  'debt.recovered_by_bank': (e) => move(e.amount, { debit: suspenseIn(e.bank), credit: debt(e.seller) }),
  'debt.provisioned': (e) => move(e.amount, { debit: account('guarantee_cost'), credit: debtAllowance(e.seller) }),
  'debt.provision_released': (e) =>
    move(e.amount, { debit: debtAllowance(e.seller), credit: account('guarantee_cost') }),
  'debt.written_off': (e) => [
    ...move(e.provided, { debit: debtAllowance(e.seller), credit: debt(e.seller) }),
    ...move(e.rest, { debit: account('debt_written_off'), credit: debt(e.seller) }),
  ],
  'debt.recovered_after_write_off': (e) =>
    move(e.amount, { debit: suspenseIn(e.bank), credit: account('debt_written_off') }),

  'settlement.file_imported': nothing,
  // One batch of the network's file: no longer merely captured, now on its way. Emptied by settlement.matched.
  'settlement.reported': (e) => [
    ...move(e.dueToUs, { debit: settlement(e.batch), credit: receivable(e.network) }),
    ...move(e.dueFromUs, { debit: receivable(e.network), credit: settlement(e.batch) }),
  ],
  // What was captured in one currency comes in another. Both amounts are the file's; the rate is the network's.
  'settlement.reported_converted': (e) => [
    ...move(e.presented, { debit: fxPosition(), credit: receivable(e.network) }),
    ...move(e.settled, { debit: settlement(e.batch), credit: fxPosition() }),
    ...move(e.presentedBack, { debit: receivable(e.network), credit: fxPosition() }),
    ...move(e.settledBack, { debit: fxPosition(), credit: settlement(e.batch) }),
  ],
  // Net funding: the network keeps its fees out of what it pays us. They are the operator's cost, payment by payment.
  'network_fee.assessed': (e) => [
    ...move(e.interchange, { debit: processingCost(e.network), credit: receivable(e.network) }),
    ...move(e.schemeFee, { debit: processingCost(e.network), credit: receivable(e.network) }),
    ...move(e.processingFee, { debit: processingCost(e.network), credit: receivable(e.network) }),
  ],
  'network_fee.returned': (e) => move(e.returned, { debit: receivable(e.network), credit: processingCost(e.network) }),
  // Gross funding: the network pays in full and debits its fees later. Emptied by network_fees.matched.
  'network_fee.assessed_apart': (e) => [
    ...move(e.interchange, { debit: processingCost(e.network), credit: networkFees(e.network) }),
    ...move(e.schemeFee, { debit: processingCost(e.network), credit: networkFees(e.network) }),
    ...move(e.processingFee, { debit: processingCost(e.network), credit: networkFees(e.network) }),
  ],
  'network_fee.returned_apart': (e) =>
    move(e.returned, { debit: networkFees(e.network), credit: processingCost(e.network) }),
  'network_fees.billed': nothing,
  'network_fees.matched': (e) => move(e.amount, { debit: networkFees(e.network), credit: suspenseOut(e.bank) }),
  'network_fees.difference_closed': (e) => [
    ...move(e.short, { debit: networkFees(e.network), credit: account('reconciliation_difference') }),
    ...move(e.over, { debit: account('reconciliation_difference'), credit: networkFees(e.network) }),
  ],
  'settlement.matched': (e) => [
    ...move(e.credited, { debit: suspenseIn(e.bank), credit: settlement(e.batch) }),
    ...move(e.debited, { debit: settlement(e.batch), credit: suspenseOut(e.bank) }),
  ],
  'settlement.difference_closed': (e) => [
    ...move(e.short, { debit: account('reconciliation_difference'), credit: settlement(e.batch) }),
    ...move(e.over, { debit: settlement(e.batch), credit: account('reconciliation_difference') }),
  ],

  // Bank first: every statement line posts at import, so bank = statement always; explaining it is a second event.
  'bank.statement_imported': nothing,
  'bank.credited': (e) => move(e.amount, { debit: bank(e.bank), credit: suspenseIn(e.bank) }),
  'bank.debited': (e) => move(e.amount, { debit: suspenseOut(e.bank), credit: bank(e.bank) }),
  'bank.line_explained': nothing,
  'bank.fee_matched': (e) => move(e.amount, { debit: account('bank_fee_cost'), credit: suspenseOut(e.bank) }),
  'bank.interest_matched': (e) => move(e.amount, { debit: suspenseIn(e.bank), credit: account('other_income') }),
  'capital.paid_in': (e) => move(e.amount, { debit: suspenseIn(e.bank), credit: account('capital', e.entity) }),

  'payout_run.started': nothing,
  'payout_run.advanced': nothing,
  'payout_run.ended': nothing,
  // Taken from the balance first; the floor of the seller's account refuses a second payout of the same money.
  'payout.initiated': (e) => [
    ...move(e.amount, { debit: seller(e.seller), credit: payout(e.payout) }),
    ...move(e.payoutFee, { debit: seller(e.seller), credit: feeIncome(e.marketplace) }),
    ...move(e.withheld, { debit: seller(e.seller), credit: taxPayable(e.authority) }),
  ],
  'payout.funds_awaited': nothing,
  'payout.filed': (e) => move(e.amount, { debit: payout(e.payout), credit: payoutFile(e.file) }),
  'payout.paid': nothing,
  'payout.canceled': (e) => [
    ...move(e.amount, { debit: payout(e.payout), credit: seller(e.seller) }),
    ...move(e.feeReturned, { debit: feeIncome(e.marketplace), credit: seller(e.seller) }),
  ],
  'payout.entry_rejected': (e) => [
    ...move(e.amount, { debit: payoutFile(e.file), credit: seller(e.seller) }),
    ...move(e.feeReturned, { debit: feeIncome(e.marketplace), credit: seller(e.seller) }),
  ],
  'payout.return_reported': nothing,
  // The bank sent an entry back: the seller has it again, and the next payout waits for a corrected account.
  'payout.returned': (e) => [
    ...move(e.amount, { debit: suspenseIn(e.bank), credit: seller(e.seller) }),
    ...move(e.feeReturned, { debit: feeIncome(e.marketplace), credit: seller(e.seller) }),
  ],
  'payout_file.built': nothing,
  'payout_file.answered': nothing,
  'payout_file.matched': (e) => move(e.amount, { debit: payoutFile(e.file), credit: suspenseOut(e.bank) }),

  'fx.rates_received': nothing,
  'fx.quote_locked': nothing,
  'fx.quote_used': nothing,
  // A conversion crosses the position: it is longer in what was given, shorter in what was got and in the markup.
  'balance.converted': (e) => [
    ...move(e.given, { debit: seller(e.seller), credit: fxPosition() }),
    ...move(e.got, { debit: fxPosition(), credit: seller(e.seller) }),
    ...move(e.margin, { debit: fxPosition(), credit: account('fx_margin') }),
  ],
  // One party's balance becomes another's. Both are liabilities: what we owe in all changes by an exchange only.
  'balance.transferred': (e) => move(e.amount, { debit: e.from, credit: e.to }),
  'balance.transferred_converted': (e) => [
    ...move(e.given, { debit: e.from, credit: fxPosition() }),
    ...move(e.got, { debit: fxPosition(), credit: e.to }),
    ...move(e.margin, { debit: fxPosition(), credit: account('fx_margin') }),
  ],
  // The bank takes the position over when the deal is struck; until its lines come, the deal is what is due. Emptied by
  // fx.deal_settled, side by side.
  'fx.deal_struck': (e) => [
    ...move(e.sold, { debit: fxPosition(), credit: fxDeal(e.deal) }),
    ...move(e.bought, { debit: fxDeal(e.deal), credit: fxPosition() }),
  ],
  'fx.deal_settled': (e) => [
    ...move(e.paid, { debit: fxDeal(e.deal), credit: suspenseOut(e.bank) }),
    ...move(e.received, { debit: suspenseIn(e.bank), credit: fxDeal(e.deal) }),
  ],
  // The day's end. Results in foreign currency come home, or the position would lie; then it is brought to mid.
  'income.translated': (e) => [
    ...move(e.foreign, { debit: e.result, credit: fxPosition() }),
    ...move(e.own, { debit: fxPosition(), credit: e.result }),
  ],
  'expense.translated': (e) => [
    ...move(e.foreign, { debit: fxPosition(), credit: e.result }),
    ...move(e.own, { debit: e.result, credit: fxPosition() }),
  ],
  'fx.revalued': (e) => [
    ...move(e.gain, { debit: fxPosition(), credit: account('fx_unrealised') }),
    ...move(e.loss, { debit: account('fx_unrealised'), credit: fxPosition() }),
  ],
  'fx.realised': (e) => [
    ...move(e.gain, { debit: account('fx_unrealised'), credit: account('fx_realised') }),
    ...move(e.loss, { debit: account('fx_realised'), credit: account('fx_unrealised') }),
  ],

  'break.opened': nothing,
  'break.closed': nothing,
} as const satisfies { [Type in EventType]: (e: EventData[Type]) => readonly Transfer[] };

/** The transfers of one event. Asserts what every posting must keep: amounts above zero, two different accounts. */
export function transfersOf(type: EventType, data: unknown): readonly Transfer[] {
  const posting = POSTINGS[type] as (e: unknown) => readonly Transfer[];
  const transfers = posting(data);
  for (const { debit, credit, amount } of transfers) {
    assert(amount.amount > 0n, `${type}: a negative amount is a bug; the other direction has its own field`);
    assert(debit.name !== credit.name || debit.owner !== credit.owner, `${type}: transfer to itself`);
    assert(debit.owner !== undefined && credit.owner !== undefined, `${type}: account without owner`);
  }
  return transfers;
}
