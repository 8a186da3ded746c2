import type { Move, Order } from '../../api/client.ts';
import { useOrderPayments } from '../../queries/payments.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PaymentCard } from './PaymentCard.tsx';

interface Props {
  readonly order: Order;
  readonly choose: (move: Move) => void;
}

/** Every payment of the order, with what was asked of the network for it and what came back. */
export function Payments({ order, choose }: Props) {
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
          data.map((payment) => <PaymentCard key={payment.id} payment={payment} order={order} choose={choose} />)
        }
      </Loaded>
    </Panel>
  );
}
