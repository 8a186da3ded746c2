/** The row of a request to pay: how it will be paid, until when, and the code that is shown for it. */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { deadline, EMPTY_PART, insert, merge, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { nextInstalment, type Order } from '../protection/index.ts';
import type { AmsDeps } from './deps.ts';
import { codeExpiry, codeFor } from './order-code.ts';
import type { AmsPay } from './order-to-pay.ts';
import { type AmsPayment, amsPayments } from './rows.ts';

/** How it will be paid. */
export function wayOf({ token, wallet }: AmsPay): AmsPayment['way'] {
  if (wallet !== undefined) return wallet.payer.kind === 'order_code' ? 'code' : 'wallet';
  return token === null ? 'hosted' : 'token';
}

/** The row of a request, and the part that makes it. */
export function openedFor(deps: AmsDeps, input: AmsPay, order: Order, payment: Id<'pay'> | null) {
  const { client, capture, amount } = input;
  const way = wayOf(input);
  const at = deps.clock.now();
  const expiresAt = expiryFor(input, way, at);
  const id = newId('amp');
  const shown = expiresAt === null ? null : codeFor(deps, input, { id, amount, expiresAt, createdAt: at });
  const row: AmsPayment = {
    id,
    version: 0,
    state: 'open',
    client: client.id,
    marketplace: client.marketplace,
    requestId: input.requestId,
    order: order.id,
    instalment: nextInstalment(order)?.number ?? 1,
    amount,
    way,
    capture,
    payment,
    ...(shown === null ? {} : { code: shown.code }),
    expiresAt,
    redirectUrl: input.redirectUrl,
    notifyUrl: input.notifyUrl ?? client.notifyUrl,
    ending: null,
    createdAt: at,
  };
  const { instalment } = row;
  const opened = event('ams_payment.opened', row.id, { client: client.id, order: order.id, instalment, amount, way });
  const jobs = row.expiresAt === null ? [] : [deadline(PAYMENT_EXPIRES_JOB, row.id, row.expiresAt)];
  const own = part({ events: [opened], writes: [insert(amsPayments, row)], jobs });
  return { row, part: merge(own, shown?.part ?? EMPTY_PART) };
}

/** A wallet that is asked is waited for by its payment, a card not at all. */
function expiryFor({ client, expiresAt }: AmsPay, way: AmsPayment['way'], at: Instant): Instant | null {
  if (way === 'code') return codeExpiry(expiresAt, at);
  return way === 'hosted' ? (expiresAt ?? addMs(at, client.defaults.payWithinS * 1000)) : null;
}

export const PAYMENT_EXPIRES_JOB = 'ams.payment_expires';
