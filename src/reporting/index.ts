export { type SellerBalance, sellerBalance } from './seller-balances.ts';
