import { Link, useParams } from '@tanstack/react-router';
import type { TimelineEntry, WholeShopPayment } from '../../api/client.ts';
import { useShopPayment } from '../../queries/hub.ts';
import { Amount } from '../../ui/Amount.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { LaneLegend, Lanes } from '../../ui/Lanes.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PostingsTable } from '../../ui/PostingsTable.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { OperatorOnly } from '../OperatorOnly.tsx';
import { ShopPaymentFacts } from './ShopPaymentFacts.tsx';
import { ShopPaymentMoney } from './ShopPaymentMoney.tsx';
import { Notifications, Refunds } from './ShopPaymentParts.tsx';

/** One payment of a home wallet in a shop: what it comes to for each side, what was said, what was posted. */
export function ShopPaymentScreen() {
  return (
    <OperatorOnly>
      <ShopPaymentPage />
    </OperatorOnly>
  );
}

function ShopPaymentPage() {
  const { paymentId } = useParams({ from: '/shop-payments/$paymentId' });
  const payment = useShopPayment(paymentId);
  useTitle(payment.data?.shop.name ?? 'Payment', 'Shop payments');
  return (
    <Loaded of={payment} what="payment">
      {(data) => (
        <>
          <Header payment={data} />
          <ShopPaymentMoney payment={data} />
          <div className="columns">
            <Panel title="What happened" aside={<LaneLegend />}>
              <Lanes entries={entriesOf(data)} first="Said" />
            </Panel>
            <ShopPaymentFacts payment={data} />
          </div>
          <Refunds payment={data} />
          <Notifications payment={data} />
          <Panel title="Ledger">
            {data.postings.length === 0 ? (
              <div className="empty">No money has moved yet.</div>
            ) : (
              <PostingsTable postings={data.postings} />
            )}
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function Header({ payment }: { readonly payment: WholeShopPayment }) {
  const { id, shop, amount, state, failure } = payment;
  return (
    <header className="page-head">
      <div className="crumb">
        <Link to="/shop-payments" search={{}}>
          Shop payments
        </Link>
        <span className="crumb-id">
          <IdText value={id} />
        </span>
      </div>
      <div className="title-row">
        <h1>
          {shop.name} · <Amount money={amount} strong />
        </h1>
        <StateBadge kind="shop-payment" state={state} />
      </div>
      {failure !== null && (
        <p className="lead">
          {failure.code}: {failure.message}
          {failure.limitSetBy !== undefined && `, a limit of ${failure.limitSetBy}`}
        </p>
      )}
    </header>
  );
}

/** What shop and wallet said stands in one lane, in the order of time. */
const entriesOf = ({ timeline }: WholeShopPayment): readonly TimelineEntry[] =>
  timeline.map((entry) => ({ ...entry, lane: entry.lane === 'money' ? 'money' : 'case' }));
