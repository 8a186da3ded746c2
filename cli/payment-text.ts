/** One payment in words: what is authorized, captured and refunded, what was found about the card, what was asked. */
import { facts, money, table, time } from './output.ts';
import type { PaymentView } from './views.ts';

export function paymentText(payment: PaymentView): string {
  const { method, wallet, checks, captures, operations = [], refunds = [] } = payment;
  return [
    facts([
      ['payment', payment.id],
      ['order', `${payment.order}, instalment ${payment.instalment}`],
      ['state', payment.checking ? `${payment.state}; an outcome is still being looked up` : payment.state],
      ['paid with', method.type === 'card' ? `${method.brand} •••${method.last4}` : method.name],
      ['at home', wallet === null ? undefined : homeText(wallet)],
      ['amount', money(payment.amount)],
      ['authorized', money(payment.authorized)],
      ['until', payment.expiresAt === null ? undefined : time(payment.expiresAt)],
      ['capturable', money(payment.capturable)],
      ['captured', money(payment.captured)],
      ['refunded', money(payment.refunded)],
      ['refunding', money(payment.refunding)],
      ['checks', checks === null ? undefined : `address ${checks.address}, security code ${checks.cvv}`],
      ['cardholder', authenticationText(payment)],
      ...payment.tries.map(
        ({ code, at }) => ['declined first', `${code} at ${time(at)}, then tried once more`] as const,
      ),
      ['declined', declineText(payment)],
      ['created', time(payment.createdAt)],
    ]),
    ...(captures.length === 0 ? [] : [`\nCaptures\n${capturesText(captures)}`]),
    ...(operations.length === 0 ? [] : [`\nOperations\n${operationsText(operations)}`]),
    ...(refunds.length === 0 ? [] : [`\nRefunds\n${refundsText(refunds)}`]),
  ].join('\n');
}

function authenticationText({ authentication, exemption }: PaymentView): string | undefined {
  if (exemption !== null) return `not asked: ${exemption.replaceAll('_', ' ')}`;
  if (authentication === null) return undefined;
  const { state, liabilityShift, reason } = authentication;
  return `${state}${reason === null ? '' : ` (${reason})`}; fraud is ${liabilityShift ? 'the issuer’s' : 'the seller’s'} risk`;
}

const declineText = ({ decline }: PaymentView): string | undefined =>
  decline === null
    ? undefined
    : `${decline.code}: ${decline.message}${decline.class === undefined ? '' : ` (${decline.class})`}`;

const capturesText = (captures: PaymentView['captures']): string =>
  table(
    captures,
    [
      { title: 'CAPTURE', of: ({ networkId }) => networkId },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'RETURNED', of: ({ returned }) => money(returned), right: true },
      { title: 'LEFT', of: ({ left }) => money(left), right: true },
    ],
    'none',
  );

const operationsText = (operations: NonNullable<PaymentView['operations']>): string =>
  table(
    operations,
    [
      { title: 'OPERATION', of: ({ id }) => id },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'REFERENCE', of: ({ reference }) => reference },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'SENT', of: ({ at }) => time(at) },
      { title: 'ANSWER', of: ({ answer }) => (answer === null ? '' : `${answer.code}: ${answer.message}`) },
    ],
    'none',
  );

const refundsText = (refunds: NonNullable<PaymentView['refunds']>): string =>
  table(
    refunds,
    [
      { title: 'REFUND', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'REASON', of: ({ reason }) => reason },
      { title: 'CREATED', of: ({ createdAt }) => time(createdAt) },
    ],
    'none',
  );

/** What is paid in the wallet's currency, at one rate with everything in it. */
const homeText = ({ payTo, rate, fee }: NonNullable<PaymentView['wallet']>): string =>
  rate === null || fee === null ? money(payTo) : `${money(payTo)} at ${rate}, of which fee ${money(fee)}`;
