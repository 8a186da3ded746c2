export { type SellerBalance, sellerBalance, sellerBalances } from './seller-balances.ts';
