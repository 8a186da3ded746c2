/** The dialog of one move: asks, sends, and stays until the answer is definite or the person closes it. */
import { Button, Modal } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { Move, Order } from '../api/client.ts';
import { partyName } from '../format/party.ts';
import { useSession } from '../queries/session.ts';
import { cardholderOf } from './cardholder.ts';
import { buildBody, fieldsOf, initialValues } from './form.ts';
import { MoveFields } from './MoveFields.tsx';
import { MoveNotice } from './MoveNotice.tsx';
import { useMove } from './use-move.ts';

interface Props {
  readonly order: Order;
  readonly move: Move;
  readonly close: () => void;
}

const EXPLAIN: Readonly<Partial<Record<Move['move'], string>>> = {
  pay: 'Charges the card and holds the money under order protection.',
  ship: 'Records the shipment; the buyer’s receipt or the deadline comes next.',
  receive: 'Records that the buyer has the goods. Release follows the order’s policy.',
  release: 'Pays the seller the held amount less the fee. This cannot be taken back.',
  cancel: 'Ends the order. Money already paid goes back to the buyer.',
  refund: 'Sends money back to the buyer’s card.',
  capture: 'Takes from the card what is authorized and not captured yet, and holds it.',
  capture_part: 'Takes a part from the card and holds it. The rest stays authorized, unless this is the last capture.',
  increment: 'Asks the issuer to authorize a new total, as the buyer agreed. The order’s total grows with it.',
  void: 'Gives back what is authorized and not captured. That cannot be captured any more.',
};

export function MoveDialog({ order, move, close }: Props) {
  const [values, setValues] = useState(() => initialValues(move));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const { phase, sending, send } = useMove(order.id, move);
  const session = useSession().data;
  const fields = fieldsOf(move);
  const asksCard = fields.some((field) => field.type === 'card');
  const asking = phase.kind === 'form' || phase.kind === 'refused' || phase.kind === 'declined';

  const submit = (filled: typeof values): void => {
    const built = buildBody(move, order, filled);
    setErrors(built.ok ? {} : built.errors);
    if (built.ok)
      send(
        move.move === 'pay' && session ? { ...built.body, cardholder: cardholderOf(session, order.id) } : built.body,
      );
  };
  const repeat = useCallback(() => send({}), [send]);

  return (
    <Modal opened onClose={close} title={move.label} size="md" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="move"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (asking && !sending && !asksCard) submit(values);
        }}
      >
        <p className="move-context">
          {order.reference} · {partyName(order.seller)}
        </p>
        <MoveNotice phase={phase} sending={sending} repeat={move.needsIdempotencyKey ? repeat : null} />
        {asking && EXPLAIN[move.move] !== undefined && <p>{EXPLAIN[move.move]}</p>}
        {asking && !(asksCard && sending) && (
          <MoveFields
            fields={fields}
            order={order}
            values={values}
            errors={errors}
            onChange={(name, value) => setValues({ ...values, [name]: value })}
            onToken={(name, token) => submit({ ...values, [name]: token })}
          />
        )}
        <div className="move-buttons">
          <Button variant="default" onClick={close}>
            {asking ? 'Not now' : 'Close'}
          </Button>
          {asking && !asksCard && (
            <Button type="submit" loading={sending} color={move.move === 'cancel' ? 'red.9' : 'ink'}>
              {move.label}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
