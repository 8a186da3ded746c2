/**
 * POST …/inquiryPushPayment: whether the money that a national scheme carries has arrived. It arrives as soon as it is asked about, unless
 * an admin has ordered it to be late or refused; once said, it stays so.
 */
import { timeText } from '../base/alipay-time.ts';
import { type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, type ResultPart, SUCCESS } from '../base/message-result.ts';
import type { Acquirer } from './acquirer.ts';
import { failed, refused } from './messages.ts';
import type { Shops } from './shops.ts';

const ON_ITS_WAY: ResultPart = {
  resultCode: 'PAYMENT_IN_PROCESS',
  resultStatus: 'U',
  resultMessage: 'nothing has arrived yet',
};

export function inquiryPushPayment(shops: Shops, acquirer: Acquirer, fields: Fields): Answer {
  const requestId = textOf(fields.paymentRequestId);
  if (requestId === null) return refused('PARAM_ILLEGAL', 'paymentRequestId is needed');
  if (acquirer.pushSchemes.length === 0)
    return refused('NO_INTERFACE_DEF', `${acquirer.name} serves no national scheme`);
  const arrivesMs = arrivalOf(shops, acquirer, requestId);
  const { acquirerId } = acquirer;
  const part = { result: SUCCESS, acquirerId, paymentRequestId: requestId };
  if (arrivesMs === null) {
    neverCame(shops, acquirer, requestId);
    return { ...part, paymentResult: failed('PROCESS_FAIL', 'the national scheme has given it back') };
  }
  if (arrivesMs > shops.time.nowMs()) return { ...part, paymentResult: ON_ITS_WAY };
  return { ...part, paymentResult: SUCCESS, paymentTime: timeText(arrivesMs) };
}

/** The hub owes nothing for what the scheme gave back, though the wallet has paid. */
function neverCame({ store }: Shops, { acquirerId }: Acquirer, requestId: string): void {
  store.run(
    `update payment set state = 'failed', result_code = 'PROCESS_FAIL', result_message = 'the national scheme has given it back'
     where acquirer_id = ? and payment_request_id = ? and scenario = 'push_code' and state = 'paid'`,
    ...[acquirerId, requestId],
  );
}

/** When it arrives, fixed when it is first asked about; null for never. */
function arrivalOf({ store, time }: Shops, { acquirerId }: Acquirer, requestId: string): number | null {
  const known = store.first<{ arrives_ms: bigint | null }>(
    'select arrives_ms from push where acquirer_id = ? and payment_request_id = ?',
    ...[acquirerId, requestId],
  );
  if (known !== null) {
    store.run(
      'update push set asked = asked + 1 where acquirer_id = ? and payment_request_id = ?',
      acquirerId,
      requestId,
    );
    return known.arrives_ms === null ? null : Number(known.arrives_ms);
  }
  const order = store.first<{ id: bigint; kind: 'delay' | 'refuse'; delay_ms: bigint }>(
    'select id, kind, delay_ms from push_order where acquirer_id = ? and left_count > 0 order by id limit 1',
    acquirerId,
  );
  if (order !== null) store.run('update push_order set left_count = left_count - 1 where id = ?', order.id);
  const arrivesMs = order?.kind === 'refuse' ? null : time.nowMs() + Number(order?.delay_ms ?? 0n);
  store.run('insert into push values (?, ?, ?, 1)', acquirerId, requestId, arrivesMs);
  return arrivesMs;
}
