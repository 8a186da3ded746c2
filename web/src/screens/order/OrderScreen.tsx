import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Move, Order } from '../../api/client.ts';
import { MoveDialog } from '../../moves/MoveDialog.tsx';
import { useOrder } from '../../queries/orders.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Instalments } from './Instalments.tsx';
import { MoneyStrip } from './MoneyStrip.tsx';
import { DisputeNotice, OrderDisputes } from './OrderDisputes.tsx';
import { OrderFacts } from './OrderFacts.tsx';
import { OrderHeader } from './OrderHeader.tsx';
import { OrderTimeline } from './OrderTimeline.tsx';
import { Payments } from './Payments.tsx';
import { Postings } from './Postings.tsx';

/** One order: where it stands, where its money is, what happened, what comes next. */
export function OrderScreen() {
  const { orderId } = useParams({ from: '/orders/$orderId' });
  const order = useOrder(orderId);
  useTitle(order.data?.reference ?? 'Order', 'Orders');
  return (
    <Loaded of={order} what="order">
      {(data) => <OrderPage key={data.id} order={data} />}
    </Loaded>
  );
}

function OrderPage({ order }: { readonly order: Order }) {
  // The move as it was when its dialog opened: the order may lose it while the dialog still tells the outcome.
  const [move, setMove] = useState<Move | null>(null);
  return (
    <>
      <OrderHeader order={order} choose={setMove} />
      <DisputeNotice order={order} />
      <MoneyStrip order={order} />
      <div className="columns">
        <OrderTimeline order={order} />
        <OrderFacts order={order} />
      </div>
      <Instalments order={order} />
      <OrderDisputes order={order} />
      <Payments order={order} choose={setMove} />
      <Postings order={order} />
      {move !== null && <MoveDialog order={order} move={move} close={() => setMove(null)} />}
    </>
  );
}
