/**
 * What each event must post, written a second time from reference/postings.md §4 for the events that occur. Swapped,
 * dropped, doubled or misdirected legs of the product's table show as a difference. An event that is not here posts nothing.
 */

export interface ExpectedTransfer {
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly amount: bigint;
}

// event: amount field, debit account(:owner field), credit account(:owner field), or {field} with the account
const TEXT = `
  payment.captured: captured receivable:network held:order
  payment.captured_converted: received receivable:network fx_position
  payment.captured_converted: heldAmount fx_position held:order
  payment.captured_converted: margin fx_position fx_margin
  payment.capture_reversed: reversed held:order receivable:network
  payment.capture_reversed_converted: reversed held:order fx_position
  payment.capture_reversed_converted: margin fx_margin fx_position
  payment.capture_reversed_converted: paidBack fx_position receivable:network
  order.released: net held:order seller:seller
  order.released: fee held:order fee_income:marketplace
  order.released: share held:order marketplace:marketplace
  order.released: reserve held:order reserve:seller
  order.released: tax held:order tax_payable:authority
  refund.initiated: fromHeld held:order refund:refund
  refund.initiated: fromSeller seller:seller refund:refund
  refund.initiated: fromMarketplace marketplace:marketplace refund:refund
  refund.confirmed: amount refund:refund receivable:network
  refund.confirmed_converted: amount refund:refund fx_position
  refund.confirmed_converted: margin fx_margin fx_position
  refund.confirmed_converted: paidBack fx_position receivable:network
  refund.rejected: fromHeld refund:refund held:order
  refund.rejected: fromSeller refund:refund seller:seller
  refund.rejected: fromMarketplace refund:refund marketplace:marketplace
  charge.levied: fromSeller seller:seller fee_income:marketplace
  charge.levied: fromDebt debt:seller fee_income:marketplace
  chargeback.debited: amount chargeback:dispute receivable:network
  chargeback.debited: fromHeld held:order dispute_cover:dispute
  chargeback.debited: fromReserve reserve:seller dispute_cover:dispute
  chargeback.debited: fromSeller seller:seller dispute_cover:dispute
  chargeback.debited: fromDebt debt:seller dispute_cover:dispute
  chargeback.fee_charged: amount processing_cost:network receivable:network
  chargeback.credited_back: amount receivable:network chargeback:dispute
  chargeback.debited_again: amount chargeback:dispute receivable:network
  chargeback.won: credited receivable:network chargeback:dispute
  chargeback.won: toHeld dispute_cover:dispute held:order
  chargeback.won: toReserve dispute_cover:dispute reserve:seller
  chargeback.won: toSeller dispute_cover:dispute seller:seller
  chargeback.won: toDebt dispute_cover:dispute debt:seller
  chargeback.lost: covered dispute_cover:dispute chargeback:dispute
  chargeback.lost: uncovered dispute_loss chargeback:dispute
  chargeback.lost: feeReturned fee_income:marketplace dispute_cover:dispute
  chargeback.lost: toSeller dispute_cover:dispute seller:seller
  chargeback.lost: toDebt dispute_cover:dispute debt:seller
  debt.recovered: fromSeller seller:seller debt:seller
  debt.recovered: fromReserve reserve:seller debt:seller
  debt.recovered_by_bank: amount suspense_in:bank debt:seller
  debt.provisioned: amount guarantee_cost debt_allowance:seller
  debt.provision_released: amount debt_allowance:seller guarantee_cost
  debt.written_off: provided debt_allowance:seller debt:seller
  debt.written_off: rest debt_written_off debt:seller
  debt.recovered_after_write_off: amount suspense_in:bank debt_written_off
  network_fee.assessed: interchange processing_cost:network receivable:network
  network_fee.assessed: schemeFee processing_cost:network receivable:network
  network_fee.assessed: processingFee processing_cost:network receivable:network
  network_fee.returned: returned receivable:network processing_cost:network
  network_fee.assessed_apart: interchange processing_cost:network network_fees:network
  network_fee.assessed_apart: schemeFee processing_cost:network network_fees:network
  network_fee.assessed_apart: processingFee processing_cost:network network_fees:network
  network_fee.returned_apart: returned network_fees:network processing_cost:network
  network_fees.matched: amount network_fees:network suspense_out:bank
  network_fees.difference_closed: short network_fees:network reconciliation_difference
  network_fees.difference_closed: over reconciliation_difference network_fees:network
  settlement.reported_converted: presented fx_position receivable:network
  settlement.reported_converted: settled settlement:batch fx_position
  settlement.reported_converted: presentedBack receivable:network fx_position
  settlement.reported_converted: settledBack fx_position settlement:batch
  settlement.reported: dueToUs settlement:batch receivable:network
  settlement.reported: dueFromUs receivable:network settlement:batch
  settlement.matched: credited suspense_in:bank settlement:batch
  settlement.matched: debited settlement:batch suspense_out:bank
  settlement.difference_closed: short reconciliation_difference settlement:batch
  settlement.difference_closed: over settlement:batch reconciliation_difference
  clearing.fees_assessed: interchange acquirer:acquirer fx_position
  clearing.fees_assessed: interchangePaid fx_position receivable:wallet
  clearing.fees_assessed: interchangeBack receivable:wallet fx_position
  clearing.fees_assessed: interchangeReturned fx_position acquirer:acquirer
  clearing.fees_assessed: acquirerFee acquirer:acquirer service_fee_income
  clearing.fees_assessed: walletFee receivable:wallet service_fee_income
  clearing.wallet_fee_assessed: walletFee receivable:wallet service_fee_income
  hub.settlement_instructed: walletOwes settlement:batch receivable:participant
  hub.settlement_instructed: weOweWallet receivable:participant settlement:batch
  hub.settlement_instructed: weOweAcquirer acquirer:participant settlement:batch
  hub.settlement_instructed: acquirerOwes settlement:batch acquirer:participant
  bank.credited: amount bank:bank suspense_in:bank
  bank.debited: amount suspense_out:bank bank:bank
  bank.fee_matched: amount bank_fee_cost suspense_out:bank
  bank.interest_matched: amount suspense_in:bank other_income
  capital.paid_in: amount suspense_in:bank capital:entity
  payout.initiated: amount seller:seller payout:payout
  payout.initiated: payoutFee seller:seller fee_income:marketplace
  payout.initiated: withheld seller:seller tax_payable:authority
  payout.filed: amount payout:payout payout_file:file
  payout.canceled: amount payout:payout seller:seller
  payout.canceled: feeReturned fee_income:marketplace seller:seller
  payout.entry_rejected: amount payout_file:file seller:seller
  payout.entry_rejected: feeReturned fee_income:marketplace seller:seller
  payout.returned: amount suspense_in:bank seller:seller
  payout.returned: feeReturned fee_income:marketplace seller:seller
  payout_file.matched: amount payout_file:file suspense_out:bank
  hub.paid: payTo receivable:wallet fx_position
  hub.paid: settled fx_position acquirer:acquirer
  hub.paid: margin fx_position fx_margin
  hub.paid_same_currency: payTo receivable:wallet acquirer:acquirer
  hub.canceled: payTo fx_position receivable:wallet
  hub.canceled: settled acquirer:acquirer fx_position
  hub.canceled: margin fx_margin fx_position
  hub.refunded: payBack fx_position receivable:wallet
  hub.refunded: settled acquirer:acquirer fx_position
  hub.refunded: margin fx_margin fx_position
  hub.discount_funded: hubDiscount promotion_cost acquirer:acquirer
  hub.discount_funded: sponsorDiscount promotion_fund:campaign acquirer:acquirer
  hub.discount_funded: budgetSpent memo_contra budget:campaign
  hub.discount_returned: hubDiscount acquirer:acquirer promotion_cost
  hub.discount_returned: sponsorDiscount acquirer:acquirer promotion_fund:campaign
  hub.discount_returned: budgetSpent budget:campaign memo_contra
  budget.set: amount budget:campaign memo_contra
  budget.refilled: amount budget:campaign memo_contra
  budget.taken_back: amount memo_contra budget:campaign
  discount.reserved: amount budget_reserved:campaign budget:campaign
  discount.let_go: amount budget:campaign budget_reserved:campaign
  campaign.prefunded: amount suspense_in:bank promotion_fund:campaign
  campaign.rest_returned: amount promotion_fund:campaign refund:refund
  refund.matched: amount refund:refund suspense_out:bank
  order.discount_funded: byPlatform promotion_cost held:order
  order.discount_funded: bySponsor promotion_fund:campaign held:order
  order.discount_funded: budgetSpent memo_contra budget:campaign
  order.discount_returned: byPlatform held:order promotion_cost
  order.discount_returned: bySponsor held:order promotion_fund:campaign
  voucher.issued_free: amount budget_reserved:campaign budget:campaign
  voucher.redeemed_free: discount promotion_cost held:order
  voucher.redeemed_free: reserved memo_contra budget_reserved:campaign
  voucher.redeemed_free: unspent budget:campaign budget_reserved:campaign
  voucher.lapsed_free: amount budget:campaign budget_reserved:campaign
  voucher.sold: amount receivable:network voucher:programme
  voucher.redeemed: amount voucher:programme held:order
  voucher.restored: amount held:order voucher:programme
  voucher.expired: kept voucher:programme breakage_income
  voucher.expired: escheated voucher:programme unclaimed:authority
  balance.transferred: amount @from @to
  balance.transferred_converted: given @from fx_position
  balance.transferred_converted: got fx_position @to
  balance.transferred_converted: margin fx_position fx_margin
  fx.revalued: gain fx_position fx_unrealised
  fx.revalued: loss fx_unrealised fx_position
  fx.realised: gain fx_unrealised fx_realised
  fx.realised: loss fx_realised fx_unrealised
  income.translated: foreign @result fx_position
  income.translated: own fx_position @result
  expense.translated: foreign fx_position @result
  expense.translated: own @result fx_position`;

interface Leg {
  readonly amount: string;
  readonly debit: string;
  readonly credit: string;
}

const LEGS = new Map<string, Leg[]>();
for (const line of TEXT.trim().split('\n')) {
  const [type = '', rest = ''] = line.trim().split(': ');
  const [amount = '', debit = '', credit = ''] = rest.split(' ');
  LEGS.set(type, [...(LEGS.get(type) ?? []), { amount, debit, credit }]);
}

type Data = Readonly<Record<string, unknown>>;

/** The transfers an event of this type with this data must have; a zero or absent amount posts nothing. */
export function expectedTransfers(type: string, data: Data): readonly ExpectedTransfer[] {
  return (LEGS.get(type) ?? []).flatMap(({ amount, debit, credit }) => {
    const money = data[amount] as { value: string; currency: string } | undefined;
    if (money === undefined || BigInt(money.value) === 0n) return [];
    return [
      { debit: fill(debit, data), credit: fill(credit, data), currency: money.currency, amount: BigInt(money.value) },
    ];
  });
}

/** `held:order` with the order's id from the event; an account without an owner keeps its colon; `@from` is named by the event. */
function fill(account: string, data: Data): string {
  if (account.startsWith('@')) {
    const { name, owner } = data[account.slice(1)] as { name: string; owner: string };
    return `${name}:${owner}`;
  }
  const [name = '', field] = account.split(':');
  return `${name}:${field === undefined ? '' : String(data[field] ?? '')}`;
}

/** One transfer as text, for comparing and for people. */
export const transferText = ({ debit, credit, currency, amount }: ExpectedTransfer): string =>
  `${debit} > ${credit} ${currency} ${amount}`;
