/**
 * A shop takes a payment. It is in the books before the hub hears of it, so that a lost answer or a crash leaves something to ask about:
 * a till never takes silence for a failure. The same request id is one payment, whatever is asked with it again.
 */

import type { Currency } from '../../src/base/currency.ts';
import { uuidV7Hex } from '../../src/base/ids.ts';
import type { Money } from '../../src/base/money.ts';
import { randomBytes } from '../../src/base/random.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { callHub } from './call-hub.ts';
import { askLater, hear, nextAskMs, wordOf } from './hear-word.ts';
import { type Payer, type PayFacts, payRequest } from './pay-request.ts';
import { findByRequest, insertPayment, mustFind } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

export interface NewOrder {
  readonly shop: Shop;
  readonly amount: Money;
  readonly payer: Payer;
  readonly description?: string;
  readonly settlementCurrency?: Currency;
  /** From now, in business time; ten minutes without it. */
  readonly expiresInMs?: number;
  /** Where the wallet leads back to, from the payment's own id. */
  readonly redirectTo?: (id: string) => string;
  readonly paymentRequestId?: string;
}

const LIFE_MS = 10 * 60_000;

export type PayRefusal = Refusal<'invalid_request' | 'request_differs'>;

/** Resolves when the hub has answered or could not be heard. */
export async function takePayment(
  shops: Shops,
  acquirer: Acquirer,
  order: NewOrder,
): Promise<Result<PaymentRow, PayRefusal>> {
  const begun = begin(shops, acquirer, order);
  if (!begun.ok || !begun.value.isNew) return begun.ok ? ok(begun.value.payment) : begun;
  const { payment } = begun.value;
  if (payment.request !== null) await sendPay(shops, acquirer, payment);
  return ok(mustFind(shops, payment.id));
}

interface Begun {
  readonly payment: PaymentRow;
  readonly isNew: boolean;
}

function begin(shops: Shops, acquirer: Acquirer, order: NewOrder): Result<Begun, PayRefusal> {
  const { shop, amount, payer } = order;
  const settlementCurrency = order.settlementCurrency ?? acquirer.settlementCurrencies[0];
  if (settlementCurrency === undefined) return refuse('invalid_request', `${acquirer.name} is settled in nothing`);
  if (amount.currency !== shop.currency) return refuse('invalid_request', `${shop.name} sells in ${shop.currency}`);
  const [prefix] = acquirer.codePrefixes;
  if (payer.scenario === 'private_code' && prefix === undefined)
    return refuse('invalid_request', `${acquirer.name} has no order codes of its own`);
  const paymentRequestId = order.paymentRequestId ?? `${acquirer.slug}-${uuidV7Hex()}`;
  return shops.store.transaction((): Result<Begun, PayRefusal> => {
    const known = findByRequest(shops, acquirer, paymentRequestId);
    if (known !== null)
      return known.amount === amount.amount && known.currency === amount.currency && known.scenario === payer.scenario
        ? ok({ payment: known, isNew: false })
        : refuse('request_differs', 'this request id stands for another payment');
    const nowMs = shops.time.nowMs();
    const facts: PayFacts = {
      paymentRequestId,
      orderReference: `order-${paymentRequestId.slice(-24)}`,
      description: order.description ?? `Sale at ${shop.name}`,
      ...{ amount, settlementCurrency, expiresMs: nowMs + (order.expiresInMs ?? LIFE_MS) },
      redirectUrl: order.redirectTo?.(paymentRequestId) ?? null,
    };
    const isPrivate = payer.scenario === 'private_code';
    const payment = insertPayment(shops, acquirer, {
      ...facts,
      merchantId: shop.merchantId,
      scenario: payer.scenario,
      state: isPrivate ? 'shown' : 'waiting',
      request: isPrivate ? null : payRequest(acquirer, shop, facts, payer),
      code: isPrivate ? `${prefix}${sixteenDigits()}` : null,
      dueMs: isPrivate ? facts.expiresMs : nextAskMs(nowMs, 0, facts.expiresMs),
    });
    return ok({ payment, isNew: true });
  });
}

/** Says pay, for the first time or where the hub has just said that it knows of none; it knows it by its request id. */
export async function sendPay(shops: Shops, acquirer: Acquirer, { id, request }: PaymentRow): Promise<void> {
  const answer = await callHub(shops, acquirer, 'payments/pay', JSON.parse(request ?? '{}') as object);
  shops.store.transaction(() => {
    const effect = answer.answered ? hear(shops, mustFind(shops, id), wordOf(answer)) : 'known';
    if (effect !== 'settled') askLater(shops, id);
  });
}

const sixteenDigits = (): string =>
  String(randomBytes(6).readUIntBE(0, 6) % 100_000_000).padStart(8, '0') +
  String(randomBytes(6).readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
