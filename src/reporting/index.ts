export { type Growth, readGrowth } from './growth.ts';
export { SEASONS, type SeasonKey } from './holiday-seasons.ts';
export { type SellerBalance, sellerBalance, sellerBalances } from './seller-balances.ts';
