/** consultPayment: which wallets can pay an amount in a shop, and why the others cannot. */
import { consultWallets, type WalletOption } from '../../wallets/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import { readCurrency } from './pay.ts';
import { readShop } from './read-order.ts';
import { RESULTS, SUCCESS } from './results.ts';

export async function consultPayment({ app, participant, fields }: Call): Promise<Answer> {
  const amount = fields.needAmount('paymentAmount');
  const settlementCurrency = readCurrency(fields, 'settlementStrategy.settlementCurrency');
  const shop = readShop(fields);
  if (fields.wrong !== null) return refused(fields.wrong);
  const options = await consultWallets(app.hub.deps, { acquirer: participant, amount, shop, settlementCurrency });
  if (!options.ok) return refused(options.error);
  return { result: SUCCESS, paymentOptions: options.value.map(viewOption) };
}

const viewOption = ({ wallet, name, because }: WalletOption) => ({
  paymentMethodType: wallet.brandCode,
  paymentMethodName: name,
  paymentMethodCategory: 'WALLET',
  paymentMethodRegion: [wallet.country],
  supportedCurrencies: [wallet.currency],
  enabled: because === null,
  ...(because === null ? {} : { disableReason: RESULTS[because.code] }),
});
