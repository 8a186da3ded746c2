/**
 * POST …/userInitiatedPay: somebody scanned a link that begins with a prefix of this acquirer. It says what order the link stands for;
 * the same link is answered alike until the order has ended. From then on the till asks the hub where the payment stands.
 */
import { money } from '../../src/base/money.ts';
import { timeText } from '../base/alipay-time.ts';
import { amountPart, type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import type { Acquirer } from './acquirer.ts';
import { nextAskMs } from './hear-word.ts';
import { refused } from './messages.ts';
import { orderPart } from './pay-request.ts';
import { findByCode } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

export function userInitiatedPay(shops: Shops, acquirer: Acquirer, fields: Fields): Answer {
  const code = textOf(fields.codeValue, 512);
  if (code === null || textOf(fields.customerId) === null)
    return refused('PARAM_ILLEGAL', 'codeValue and customerId are needed');
  if (!acquirer.codePrefixes.some((prefix) => code.startsWith(prefix))) return refused('INVALID_CODE');
  const payment = findByCode(shops, acquirer, code);
  const shop = payment === null ? null : shops.list.shop(acquirer, payment.merchant_id);
  if (payment === null || shop === null) return refused('INVALID_CODE');
  if (payment.state !== 'shown' && payment.state !== 'waiting') return refused('ORDER_IS_CLOSED');
  if (Number(payment.expires_ms) <= shops.time.nowMs()) return refused('EXPIRED_CODE');
  if (payment.state === 'shown') wasScanned(shops, payment);
  const amount = money(payment.amount, payment.currency);
  const facts = { orderReference: payment.order_reference, description: payment.description, amount };
  return {
    result: SUCCESS,
    paymentRequestId: payment.payment_request_id,
    order: orderPart(acquirer, shop, facts),
    paymentAmount: amountPart(amount),
    settlementStrategy: { settlementCurrency: payment.settlement_currency },
    paymentExpiryTime: timeText(Number(payment.expires_ms)),
  };
}

function wasScanned({ store, time }: Shops, { id, expires_ms: expiresMs }: PaymentRow): void {
  const dueMs = nextAskMs(time.nowMs(), 0, Number(expiresMs));
  store.run(`update payment set state = 'waiting', due_ms = ? where id = ?`, dueMs, id);
}
