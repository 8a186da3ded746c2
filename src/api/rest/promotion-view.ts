/** Campaigns and vouchers as a client sees them. */
import { money } from '../../base/money.ts';
import type { Campaign, CampaignMoney, FundReturn, Voucher } from '../../promotions/index.ts';

export const viewCampaign = ({ version: _version, endJob: _endJob, ...campaign }: Campaign) => campaign;

export const viewFundReturn = ({ version: _version, ...back }: FundReturn) => back;

export const viewCampaignMoney = ({ currency, left, reserved, fund }: CampaignMoney) => ({
  left: money(left, currency),
  reserved: money(reserved, currency),
  fund: money(fund, currency),
});

export const viewVoucher = ({ version: _version, lapseJob: _lapseJob, policy: _policy, ...voucher }: Voucher) =>
  voucher;
