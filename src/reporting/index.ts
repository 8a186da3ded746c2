export { sellerBalances } from './seller-balances.ts';
