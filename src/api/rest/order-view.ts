/** An order as a client sees it: where it stands, where its money is, and the legal moves with what each needs. */
import { add, compare, type Money, subtract, zero } from '../../base/money.ts';
import { feeOn } from '../../fees/index.ts';
import { capturable, isByWallet, leftOf, type Payment, refundable } from '../../payments/index.ts';
import {
  discountedOf,
  discountsOf,
  heldInAll,
  isPaymentInProgress,
  nextInstalment,
  type Order,
  releasedOf,
} from '../../protection/index.ts';

export type PartyNames = ReadonlyMap<string, string>;

/** Everything but the moves: for lists and command answers. */
export function viewOrder(order: Order, names: PartyNames = new Map()) {
  const held = heldInAll(order);
  const fee = order.fee ?? feeOn(order.feePlan, order.state === 'awaiting_payment' ? order.total : held);
  const released =
    order.state === 'released'
      ? subtract(releasedOf(order), add(fee, order.share ?? zero(fee.currency)))
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
    discounts: discountsOf(order).map(({ counted: _counted, ...discount }) => discount),
    discounted: discountedOf(order),
    refunded: order.refunded,
    refunding: order.refunding,
    disputed: order.disputed,
    dispute: order.dispute,
    held,
    fee,
    share: order.share,
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
  readonly type: 'text' | 'money' | 'card' | 'select' | 'check';
  readonly required: boolean;
  readonly max?: unknown;
  /** The amount must be more than this. */
  readonly above?: unknown;
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
      { name: 'estimated', label: 'An estimate, which may grow before it is captured', type: 'check', required: false },
    ],
  };
}

type MakeMove = (name: string, label: string, verb: string, fields?: readonly Field[]) => Move;

/** What may be asked of the network about a payment now; nothing while an earlier question is open. */
function paymentMoves(payment: Payment, closed: boolean): readonly Move[] {
  const move: MakeMove = (name, label, verb, fields = []) => ({
    move: name,
    label,
    method: 'POST',
    href: `/v1/payments/${payment.id}/${verb}`,
    needsIdempotencyKey: true,
    fields,
  });
  // The wallet's user may take his time; the marketplace need not wait for him.
  if (isByWallet(payment) && payment.state === 'pending')
    return payment.wallet.canceling === null ? [move('void', 'Give the payment up', 'cancel')] : [];
  if (payment.openOperation !== null) return [];
  if (payment.state === 'authorized' || payment.state === 'part_captured') return authorizedMoves(payment, move);
  const left = payment.state === 'captured' ? refundable(payment) : null;
  if (closed || left === null || left.amount === 0n) return [];
  const amount: Field = { name: 'amount', label: 'Amount', type: 'money', required: true, max: mostAtOnce(payment) };
  return [move('refund', `Refund instalment ${payment.instalment}`, 'refunds', [amount, text('reason', 'Reason')])];
}

function authorizedMoves(payment: Payment, move: MakeMove): readonly Move[] {
  const { instalment, state } = payment;
  const whole = state === 'authorized';
  const giveBack = move('void', whole ? 'Void authorization' : 'Give back the rest', 'cancel');
  if (whole && payment.decline !== null && payment.decline.code !== 'not_renewed') return [giveBack];
  const part: Field = { name: 'amount', label: 'Amount', type: 'money', required: true, max: capturable(payment) };
  const last: Field = { name: 'final', label: 'The last capture: give the rest back', type: 'check', required: false };
  const total: Field = {
    name: 'amount',
    label: 'New total',
    type: 'money',
    required: true,
    above: payment.authorized,
  };
  return [
    move('capture', `Capture ${whole ? '' : 'the rest of '}instalment ${instalment}`, 'capture'),
    move('capture_part', `Capture a part of instalment ${instalment}`, 'capture', [part, last]),
    ...(whole && payment.estimated ? [move('increment', 'Raise the authorization', 'increment', [total])] : []),
    giveBack,
  ];
}

/** A refund comes out of one capture: of several, the most that one of them has left. */
const mostAtOnce = ({ captures, captured }: Payment): Money =>
  captures.reduce(
    (most, capture) => (compare(leftOf(capture), most) > 0 ? leftOf(capture) : most),
    zero(captured.currency),
  );
