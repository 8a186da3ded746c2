/** The auditor's own chart, written from reference/postings.md §3: normal side, floor, memo. Not the product's table. */

export interface ChartEntry {
  readonly normal: 'debit' | 'credit';
  readonly floor: boolean;
  readonly memo: boolean;
}

// name: normal side (D or C), F when it may not go below zero on that side, M when it is a memo account.
const TEXT = `
  bank D, receivable D, settlement D, transfer D, fx_deal D, network_reserve DF, suspense_out DF, chargeback DF, debt DF,
  debt_allowance CF, held CF, seller CF, reserve CF, refund CF, payout CF, payout_file CF, dispute_cover CF, merchant CF,
  acquirer C, marketplace CF, unapplied CF, buyer_credit CF, voucher CF, promotion_fund CF, suspense_in CF, network_fees CF,
  tax_payable CF, unclaimed CF, fx_position C, capital C, retained_earnings C, fee_income C, service_fee_income C, fx_margin C,
  breakage_income C, other_income C, fx_unrealised C, fx_realised C, fx_rounding C, processing_cost D, guarantee_cost D,
  dispute_loss D, promotion_cost D, compensation_cost D, debt_written_off D, bank_fee_cost D, reconciliation_difference D,
  guarantee_line DFM, exposure DFM, budget DFM, budget_reserved DFM, memo_contra CM`;

export const AUDIT_CHART: ReadonlyMap<string, ChartEntry> = new Map(
  TEXT.split(',').map((entry) => {
    const [name = '', flags = ''] = entry.trim().split(' ');
    return [
      name,
      { normal: flags.startsWith('D') ? 'debit' : 'credit', floor: flags.includes('F'), memo: flags.includes('M') },
    ];
  }),
);
