import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Move, Order } from '../../api/client.ts';
import { Copy } from '../../ui/Copy.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';

interface Props {
  readonly order: Order;
  readonly choose: (move: Move) => void;
}

/**
 * What the order is, its state, and the moves that are legal now, as the server lists them. What is asked about one payment
 * stands at that payment; capturing what is authorized is also here, as it is what comes next.
 */
export function OrderHeader({ order, choose }: Props) {
  const moves = order.moves.filter(({ move, href }) => move === 'capture' || href.startsWith('/v1/orders/'));
  return (
    <header className="page-head">
      <div className="crumb">
        <Link to="/orders" search={{}}>
          Orders
        </Link>
        <span className="crumb-id">
          <IdText value={order.id} />
        </span>
        <Copy label="Copy as curl" value={curlOf(order)} />
      </div>
      <div className="title-row">
        <h1>{order.reference}</h1>
        <StateBadge kind="order" state={order.state} />
        {moves.length > 0 && <Moves moves={moves} choose={choose} />}
      </div>
      <p className="lead">{order.description}</p>
    </header>
  );
}

function Moves({ moves, choose }: { readonly moves: readonly Move[]; readonly choose: Props['choose'] }) {
  return (
    <fieldset className="moves">
      <legend className="visually-hidden">Next moves</legend>
      {moves.map((move, index) => (
        <Button
          key={`${move.move} ${move.href}`}
          size="sm"
          variant={index === 0 && move.move !== 'cancel' ? 'filled' : 'default'}
          onClick={() => choose(move)}
        >
          {move.label}
        </Button>
      ))}
    </fieldset>
  );
}

const curlOf = (order: Order): string =>
  `curl ${window.location.origin}/v1/orders/${order.id} -H "Authorization: Bearer $CAUSEWAY_KEY"`;
