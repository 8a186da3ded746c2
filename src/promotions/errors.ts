/** Why a command of promotions is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type CampaignRefusal = Refusal<
  | 'not_found'
  | 'illegal_move'
  | 'invalid_amount'
  | 'invalid_campaign'
  | 'nothing_to_return'
  | 'unknown_party'
  | 'unknown_policy'
>;
/** Why a bank line can not be what a sponsor paid, or got back. */
export type FundLineRefusal = Refusal<'illegal_move' | 'amount_differs'>;
export type VoucherRefusal = Refusal<
  'not_found' | 'illegal_move' | 'campaign_not_running' | 'not_a_programme' | 'invalid_amount' | 'voucher_in_use'
>;
/** Why a voucher can not pay for an order. */
export type VoucherUseRefusal = Refusal<
  'unknown_voucher' | 'voucher_in_use' | 'voucher_not_theirs' | 'voucher_expired' | 'voucher_currency'
>;

export type PromotionRefusal = CampaignRefusal | FundLineRefusal | VoucherRefusal | VoucherUseRefusal | JournalRefusal;
