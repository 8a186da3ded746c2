import { Link } from '@tanstack/react-router';
import type { WholeShopPayment } from '../../api/client.ts';
import { moneyText } from '../../format/money.ts';
import { sentence } from '../../format/states.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

/** Who took part, and by which names each side knows the payment. */
export function ShopPaymentFacts({ payment }: { readonly payment: WholeShopPayment }) {
  const { wallet, acquirer, shop, discounts } = payment;
  return (
    <Panel title="About">
      <Facts
        rows
        items={[
          [
            'Wallet',
            wallet === null ? (
              'nobody has scanned it yet'
            ) : (
              <Link key="wallet" to="/shop-payments" search={{ wallet: wallet.slug }}>
                {wallet.name}
              </Link>
            ),
          ],
          [
            'Acquirer',
            <Link key="acquirer" to="/shop-payments" search={{ acquirer: acquirer.id }}>
              {acquirer.name}
            </Link>,
          ],
          ['Shop', `${shop.merchantId}, ${shop.country}`],
          ['Order', payment.orderReference],
          ['By', sentence(payment.scenario)],
          ['Acquirer’s id', <Mono key="request" text={payment.requestId} />],
          ['Wallet’s id', <Mono key="reference" text={payment.reference} />],
          ['Person', payment.customerId && <Mono key="person" text={payment.customerId} />],
          ...discounts.map(
            ({ name, fundedBy, savings }) => [`Discount by ${fundedBy}`, `${name}, ${moneyText(savings)}`] as const,
          ),
          ['Created', <When key="created" at={payment.createdAt} named />],
          ['Paid', payment.paidAt && <When key="paid" at={payment.paidAt} named />],
          ['Can be canceled until', payment.cancelableUntil && <When key="until" at={payment.cancelableUntil} named />],
        ]}
      />
    </Panel>
  );
}

const Mono = ({ text }: { readonly text: string }) => <span className="mono">{text}</span>;
