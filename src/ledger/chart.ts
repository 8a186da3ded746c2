/**
 * The chart of accounts. An account is (name, owner, currency); the owner is the id of what the name is kept by, empty
 * where there is one per installation. `floor` means the balance on the normal side may never fall below zero: such
 * accounts are spent from, and the floor refuses the decision that would overdraw them. The others are two-sided: mirrors
 * of other people's books, positions, and results. Memo accounts enforce limits and stay outside the balance sheet.
 */
export type AccountKind =
  | 'asset'
  | 'clearing'
  | 'contra-asset'
  | 'liability'
  | 'equity'
  | 'income'
  | 'expense'
  | 'memo';

export interface ChartLine {
  readonly kind: AccountKind;
  /** The normal side: where an increase is posted. */
  readonly side: 'debit' | 'credit';
  readonly floor: boolean;
  /** What the owner is, null where there is one account per currency. */
  readonly owner: string | null;
}

const debit = (kind: AccountKind, floor: boolean, owner: string | null): ChartLine => ({
  kind,
  side: 'debit',
  floor,
  owner,
});
const credit = (kind: AccountKind, floor: boolean, owner: string | null): ChartLine => ({
  kind,
  side: 'credit',
  floor,
  owner,
});

export const CHART = {
  bank: debit('asset', false, 'bank account'),
  receivable: debit('asset', false, 'network account'),
  network_reserve: debit('asset', true, 'network account'),
  settlement: debit('clearing', false, 'batch'),
  transfer: debit('clearing', false, 'own transfer'),
  fx_deal: debit('clearing', false, 'deal'),
  suspense_out: debit('asset', true, 'bank account'),
  chargeback: debit('asset', true, 'dispute'),
  debt: debit('asset', true, 'seller or merchant'),
  debt_allowance: credit('contra-asset', true, 'seller or merchant'),
  held: credit('liability', true, 'order'),
  seller: credit('liability', true, 'seller'),
  reserve: credit('liability', true, 'seller'),
  refund: credit('liability', true, 'refund'),
  payout: credit('liability', true, 'payout'),
  payout_file: credit('liability', true, 'file'),
  dispute_cover: credit('liability', true, 'dispute'),
  merchant: credit('liability', true, 'merchant'),
  acquirer: credit('liability', false, 'acquirer'),
  marketplace: credit('liability', true, 'marketplace'),
  unapplied: credit('liability', true, 'buyer'),
  buyer_credit: credit('liability', true, 'buyer'),
  voucher: credit('liability', true, 'programme'),
  promotion_fund: credit('liability', true, 'campaign'),
  suspense_in: credit('liability', true, 'bank account'),
  network_fees: credit('liability', true, 'network account'),
  tax_payable: credit('liability', true, 'authority'),
  unclaimed: credit('liability', true, 'authority'),
  fx_position: credit('equity', false, null),
  capital: credit('equity', false, 'entity'),
  retained_earnings: credit('equity', false, 'entity'),
  fee_income: credit('income', false, 'marketplace'),
  service_fee_income: credit('income', false, null),
  fx_margin: credit('income', false, null),
  breakage_income: credit('income', false, null),
  other_income: credit('income', false, null),
  fx_unrealised: credit('income', false, null),
  fx_realised: credit('income', false, null),
  fx_rounding: credit('income', false, null),
  processing_cost: debit('expense', false, 'network account'),
  guarantee_cost: debit('expense', false, null),
  dispute_loss: debit('expense', false, null),
  promotion_cost: debit('expense', false, null),
  compensation_cost: debit('expense', false, null),
  debt_written_off: debit('expense', false, null),
  bank_fee_cost: debit('expense', false, null),
  reconciliation_difference: debit('expense', false, null),
  guarantee_line: debit('memo', true, 'seller'),
  exposure: debit('memo', true, 'seller'),
  budget: debit('memo', true, 'campaign'),
  budget_reserved: debit('memo', true, 'campaign'),
  memo_contra: credit('memo', false, null),
} as const satisfies Record<string, ChartLine>;

export type AccountName = keyof typeof CHART;

export const chartLine = (name: AccountName): ChartLine => CHART[name];

/** Names whose balances are promises to clients: what the operator owes to buyers, sellers and partners. */
export const CLIENT_LIABILITIES: readonly AccountName[] = [
  'held',
  'seller',
  'reserve',
  'refund',
  'payout',
  'payout_file',
  'dispute_cover',
  'merchant',
  'marketplace',
  'unapplied',
  'suspense_in',
  'acquirer',
];

/** Names that must come to zero by themselves; while they are not, they are open items with an age and an owner. */
export const CLEARING_ACCOUNTS: readonly AccountName[] = [
  'settlement',
  'transfer',
  'fx_deal',
  'suspense_in',
  'suspense_out',
  'refund',
  'payout',
  'payout_file',
  'chargeback',
  'dispute_cover',
];
