/** An order as a client sees it: where it stands, where its money is, and the legal moves with what each needs. */
import { add, subtract, zero } from '../../base/money.ts';
import { feeOn } from '../../fees/index.ts';
import { type Payment, refundable } from '../../payments/index.ts';
import { heldOf, isPaymentInProgress, nextInstalment, type Order } from '../../protection/index.ts';

export type PartyNames = ReadonlyMap<string, string>;

/** Everything but the moves: for lists and command answers. */
export function viewOrder(order: Order, names: PartyNames = new Map()) {
  const held = heldOf(order);
  const fee = order.fee ?? feeOn(order.feePlan, order.state === 'awaiting_payment' ? order.total : held);
  const released =
    order.state === 'released'
      ? subtract(subtract(order.captured, add(order.refunded, order.disputed)), fee)
      : zero(order.total.currency);
  return {
    id: order.id,
    version: order.version,
    state: order.state,
    marketplace: order.marketplace,
    seller: { id: order.seller, name: names.get(order.seller) ?? null },
    buyer: { id: order.buyer, name: names.get(order.buyer) ?? null },
    reference: order.reference,
    description: order.description,
    total: order.total,
    captured: order.captured,
    refunded: order.refunded,
    refunding: order.refunding,
    disputed: order.disputed,
    dispute: order.dispute,
    held,
    fee,
    feeReturned: order.feeReturned,
    released,
    instalments: order.instalments,
    shipBy: order.shipByAt,
    payBy: order.payBy,
    shipment: order.shipment,
    autoReceiptAt: order.autoReceiptAt,
    receivedAt: order.receivedAt,
    receivedBy: order.receivedBy,
    releaseDueAt: order.releaseDueAt,
    releasedAt: order.releasedAt,
    canceledAt: order.canceledAt,
    cancelReason: order.cancelReason,
    policy: { name: order.policy.name, version: order.policy.version },
    createdAt: order.createdAt,
  };
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'money' | 'card' | 'select';
  readonly required: boolean;
  readonly max?: unknown;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

interface Move {
  readonly move: string;
  readonly label: string;
  readonly method: 'POST';
  readonly href: string;
  readonly needsIdempotencyKey: boolean;
  /** Sent as they are, beside what the fields ask. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

const text = (name: string, label: string): Field => ({ name, label, type: 'text', required: true });

/** The next legal moves, in the order a person would think of them. */
export function movesOf(order: Order, payments: readonly Payment[]): readonly Move[] {
  const path = `/v1/orders/${order.id}`;
  const simple = (move: string, label: string, fields: readonly Field[] = [], needsIdempotencyKey = false): Move => ({
    move,
    label,
    method: 'POST',
    href: `${path}/${move}`,
    needsIdempotencyKey,
    fields,
  });
  const free = !isPaymentInProgress(order);
  const next = nextInstalment(order);
  const moves: Move[] = [];
  if ((order.state === 'awaiting_payment' || order.state === 'part_paid') && free && next !== null)
    moves.push(payMove(order, next.number));
  if (order.state === 'paid')
    moves.push(simple('ship', 'Ship', [text('carrier', 'Carrier'), text('trackingNumber', 'Tracking number')]));
  if (order.state === 'shipped') moves.push(simple('receive', 'Confirm receipt'));
  const disputed = order.dispute !== null;
  if (order.state === 'received' && order.refunding.amount === 0n && !disputed)
    moves.push(simple('release', 'Release to seller', [], true));
  if (order.state === 'awaiting_payment' && free)
    moves.push(simple('cancel', 'Cancel order', [text('reason', 'Reason')]));
  const closed = ['released', 'canceled', 'refunded'].includes(order.state);
  return [...moves, ...payments.flatMap((payment) => paymentMoves(payment, closed || !free || disputed))];
}

function payMove(order: Order, instalment: number): Move {
  const label = order.instalments.length === 1 ? 'Pay' : instalment === 1 ? 'Pay deposit' : 'Pay balance';
  return {
    move: 'pay',
    label,
    method: 'POST',
    href: `/v1/orders/${order.id}/payments`,
    needsIdempotencyKey: true,
    body: { instalment },
    fields: [
      { name: 'token', label: 'Card', type: 'card', required: true },
      {
        name: 'capture',
        label: 'Capture',
        type: 'select',
        required: true,
        options: [
          { value: 'automatic', label: 'At once' },
          { value: 'manual', label: 'Authorize now, capture later' },
        ],
      },
    ],
  };
}

function paymentMoves(payment: Payment, closed: boolean): readonly Move[] {
  const path = `/v1/payments/${payment.id}`;
  const move = (name: string, label: string, href: string, fields: readonly Field[] = []): Move => ({
    move: name,
    label,
    method: 'POST',
    href,
    needsIdempotencyKey: true,
    fields,
  });
  if (payment.openOperation !== null) return [];
  if (payment.state === 'authorized' || payment.state === 'part_captured') {
    const whole = payment.state === 'authorized';
    return [
      move('capture', `Capture ${whole ? '' : 'the rest of '}instalment ${payment.instalment}`, `${path}/capture`),
      move('void', whole ? 'Void authorization' : 'Give back the rest', `${path}/cancel`),
    ];
  }
  const left = payment.state === 'captured' ? refundable(payment) : null;
  if (closed || left === null || left.amount === 0n) return [];
  const amount: Field = { name: 'amount', label: 'Amount', type: 'money', required: true, max: left };
  return [
    move('refund', `Refund instalment ${payment.instalment}`, `${path}/refunds`, [amount, text('reason', 'Reason')]),
  ];
}
