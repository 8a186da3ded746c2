import type { WholeShopPayment } from '../../api/client.ts';
import { isZero } from '../../format/money.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Figure } from '../../ui/Figure.tsx';

/** What the payment comes to for shop, wallet and acquirer. Every figure is the server's; the rates stay with the payment. */
export function ShopPaymentMoney({ payment }: { readonly payment: WholeShopPayment }) {
  const { amount, payTo, settlement, refunded, refunding, price } = payment;
  return (
    <section className="money-strip" aria-labelledby="what-it-comes-to">
      <h2 id="what-it-comes-to" className="visually-hidden">
        What it comes to
      </h2>
      <dl>
        <Figure name="Shop sells for" amount={amount} note="agreed at the till" />
        <Figure name="Wallet owes" amount={payTo} note={rateNote(price?.shownRate)} />
        <Figure name="Of it our fee" amount={price?.shownFee ?? null} note="as the person is told" />
        <Figure name="Acquirer gets" amount={settlement} note={rateNote(price?.settlementRate)} />
        <Figure name="Our markup" amount={price?.margin ?? null} note="in the settlement’s currency" />
        <Figure name="Refunded" amount={refunded} note="of the shop’s amount">
          {isZero(refunding) ? null : (
            <>
              , and <Amount money={refunding} /> on its way
            </>
          )}
        </Figure>
      </dl>
    </section>
  );
}

const rateNote = (rate: string | null | undefined): string =>
  rate === undefined ? 'once a wallet is known' : rate === null ? 'in one currency' : `at ${rate}`;
