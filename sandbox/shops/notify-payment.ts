/**
 * POST …/notifyPayment: how a payment ended. One that the till began is settled; one that a person began with a printed code, or by a
 * national scheme, is taken into the books under the request id that the hub gave it. The same word again changes nothing.
 */
import { money } from '../../src/base/money.ts';
import { amountOf, type Fields, fieldsOf, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import type { Acquirer } from './acquirer.ts';
import { type Effect, hear, paymentWordOf, type Word } from './hear-word.ts';
import { type RefusalCode, refused } from './messages.ts';
import { findByRequest, insertPayment } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

type Taken =
  | { readonly effect: Effect | 'begun' }
  | { readonly effect: 'refused'; readonly why: [RefusalCode, string?] };

export function notifyPayment(shops: Shops, acquirer: Acquirer, fields: Fields): Answer {
  const requestId = textOf(fields.paymentRequestId);
  if (requestId === null) return refused('PARAM_ILLEGAL', 'paymentRequestId is needed');
  const word = paymentWordOf(fields);
  const taken = take(shops, acquirer, requestId, word);
  keepNotification(shops, acquirer, { requestId, word, effect: taken.effect });
  if (taken.effect === 'refused') return refused(...taken.why);
  return taken.effect === 'contradicts'
    ? refused('REPEAT_REQ_INCONSISTENT', 'the payment has ended otherwise')
    : { result: SUCCESS };
}

function take(shops: Shops, acquirer: Acquirer, requestId: string, word: Word): Taken {
  const { facts } = word;
  if (facts.acquirerId !== acquirer.acquirerId)
    return { effect: 'refused', why: ['PARAM_ILLEGAL', 'acquirerId is somebody else'] };
  if (!['S', 'F', 'U'].includes(word.status))
    return { effect: 'refused', why: ['PARAM_ILLEGAL', 'paymentResult is needed'] };
  const known = findByRequest(shops, acquirer, requestId);
  if (known !== null) return { effect: hearKnown(shops, known, word) };
  // What never was paid needs no place in the books.
  if (word.status !== 'S') return { effect: 'known' };
  return beginByPerson(shops, acquirer, requestId, word);
}

function hearKnown(shops: Shops, payment: PaymentRow, word: Word): Effect {
  const told = textOf(word.facts.paymentId);
  const isAnother = payment.hub_payment_id !== null && told !== null && payment.hub_payment_id !== told;
  return isAnother ? 'contradicts' : hear(shops, payment, word);
}

function beginByPerson(shops: Shops, acquirer: Acquirer, requestId: string, word: Word): Taken {
  const order = fieldsOf(word.facts.order);
  const amount = amountOf(word.facts.paymentAmount);
  const named = textOf(fieldsOf(order.merchant).referenceMerchantId) ?? '';
  const scheme = acquirer.pushSchemes.find((each) => named.toLowerCase().startsWith(`${each}:`));
  const shop = shops.list.shop(acquirer, scheme === undefined ? named : named.slice(scheme.length + 1));
  if (amount === null) return { effect: 'refused', why: ['PARAM_ILLEGAL', 'paymentAmount is needed'] };
  if (shop === null) return { effect: 'refused', why: ['PARAM_ILLEGAL', 'order.merchant is no shop of this acquirer'] };
  const nowMs = shops.time.nowMs();
  const payment = insertPayment(shops, acquirer, {
    ...{ merchantId: shop.merchantId, paymentRequestId: requestId, state: 'waiting', request: null, code: null },
    // A shop that was read from a national code is named by its scheme: `<scheme>:<account>`.
    scenario: scheme === undefined ? 'store_code' : 'push_code',
    description: textOf(order.orderDescription, 256) ?? `Sale at ${shop.name}`,
    orderReference: textOf(order.referenceOrderId) ?? requestId,
    amount: money(amount.amount, amount.currency),
    settlementCurrency: acquirer.settlementCurrencies[0] ?? amount.currency,
    ...{ expiresMs: nowMs, dueMs: nowMs },
  });
  hear(shops, payment, word);
  return { effect: 'begun' };
}

interface Kept {
  readonly requestId: string;
  readonly word: Word;
  readonly effect: Taken['effect'];
}

function keepNotification({ store, time }: Shops, { acquirerId }: Acquirer, { requestId, word, effect }: Kept): void {
  store.run(
    'insert into notification (acquirer_id, payment_request_id, result_status, effect, body, at_ms) values (?, ?, ?, ?, ?, ?)',
    ...[acquirerId, requestId, word.status, effect, JSON.stringify(word.facts), time.nowMs()],
  );
}
