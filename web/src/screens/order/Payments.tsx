import type { Order, Payment } from '../../api/client.ts';
import { useOrderPayments, usePaymentParts } from '../../queries/payments.ts';
import { Amount } from '../../ui/Amount.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';
import { Operations, Refunds } from './PaymentParts.tsx';

/** Every payment of the order, with what was asked of the network for it and what came back. */
export function Payments({ order }: { readonly order: Order }) {
  const payments = useOrderPayments(order);
  return (
    <Panel title="Payments">
      <Loaded
        of={payments}
        what="payments"
        isEmpty={({ data }) => data.length === 0}
        empty="No payment has been tried yet."
      >
        {({ data }) =>
          data.map((payment) => <PaymentCard key={payment.id} payment={payment} version={order.version} />)
        }
      </Loaded>
    </Panel>
  );
}

function PaymentCard({ payment, version }: { readonly payment: Payment; readonly version: number }) {
  const parts = usePaymentParts(payment, version);
  return (
    <article className="payment" aria-label={`Payment ${payment.id}`}>
      <header className="payment-head">
        <h3>
          <span className="sentence">{payment.card.brand}</span> <span className="mono">•••• {payment.card.last4}</span>
        </h3>
        <StateBadge kind="other" state={payment.state} />
        <span className="faint">
          Instalment {payment.instalment} · <IdText value={payment.id} /> · <When at={payment.createdAt} named />
        </span>
        <span className="title-end">
          <Amount money={payment.amount} strong />
        </span>
      </header>
      {payment.checking && (
        <p className="notice tone-waiting" role="status">
          We are checking with the bank what became of this. Nothing needs to be done; do not charge again.
        </p>
      )}
      {payment.decline && (
        <p className="notice tone-bad">
          Declined: {payment.decline.message} <code>{payment.decline.code}</code>
        </p>
      )}
      <Loaded of={parts} what="its operations">
        {({ operations = [], refunds = [] }) => (
          <>
            <Operations operations={operations} />
            {refunds.length > 0 && <Refunds refunds={refunds} />}
          </>
        )}
      </Loaded>
    </article>
  );
}
