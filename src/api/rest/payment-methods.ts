/** With what an order can be paid: cards, and the home wallets of the buyer's country, with what the amount comes to in each. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { type Buyer, findBuyer, findSeller, type Seller } from '../../parties/index.ts';
import { offerWallets, type WalletOffer } from '../../payments/index.ts';
import { findOrder, nextInstalment, type Order } from '../../protection/index.ts';
import { PaymentMethodsAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, Country, params } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';

export function paymentMethodsRoute(server: Routes, app: App): void {
  server.get(
    '/v1/orders/:id/payment-methods',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'With what the next instalment can be paid: cards, and wallets of a country',
        tags: ['payments'],
        params: params('ord'),
        querystring: Type.Object(
          { country: Type.Optional({ ...Country, description: 'of the buyer’s wallet; the buyer’s own when absent' }) },
          { additionalProperties: false },
        ),
        response: answers(200, 'The methods', PaymentMethodsAnswer),
      },
    },
    async (request, reply) => {
      const order = await findOrder(app.journal.db, request.params.id as Id<'ord'>);
      if (order === null || !mayRead(request.caller, order.marketplace)) return sendProblem(reply, notFound('order'));
      const amount = nextInstalment(order)?.amount ?? null;
      if (amount === null) return toPlain({ amount: null, country: null, cards: false, wallets: [], refused: [] });
      const [buyer, seller] = await Promise.all([
        findBuyer(app.journal.db, order.buyer),
        findSeller(app.journal.db, order.seller),
      ]);
      if (buyer === null || seller === null) throw new Error(`a party of order ${order.id} is missing`);
      const offers = await offersFor(app, { order, buyer, seller }, request.query.country);
      return toPlain({ amount, cards: true, ...offers });
    },
  );
}

/** Of the order's next instalment; `country` in place of the buyer's. */
export async function offersFor(
  { payments }: Pick<App, 'payments'>,
  { order, buyer, seller }: { readonly order: Order; readonly buyer: Buyer; readonly seller: Seller },
  country = buyer.country,
) {
  const { offered, refused } = await offerWallets(payments, {
    marketplace: order.marketplace,
    amount: nextInstalment(order)?.amount ?? order.total,
    country,
    sellerCountry: seller.country,
  });
  return {
    country,
    wallets: offered.map(viewOffer),
    refused: refused.map(({ wallet, because }) => ({
      wallet: wallet.wallet.slug,
      name: wallet.name,
      code: because.code,
      detail: because.detail,
      setBy: (because.facts?.setBy as string | undefined) ?? null,
    })),
  };
}

const viewOffer = ({ wallet: { name, wallet }, payTo, rate }: WalletOffer) => ({
  wallet: wallet.slug,
  brand: wallet.brandCode,
  name,
  payTo,
  rate: rate?.allIn ?? null,
  fee: rate?.fee ?? null,
});
