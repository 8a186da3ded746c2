/**
 * What the hub says of a payment, by whatever way it comes: the answer to pay, to an inquiry, or a notification. A payment ends once; a
 * word that says otherwise afterwards changes nothing and is counted. Who has asked to cancel does not take a late "paid"; one that
 * had been heard before is an old word on its way.
 */
import { isCurrency } from '../../src/base/currency.ts';
import { type Money, money } from '../../src/base/money.ts';
import type { HubAnswer } from '../base/call-hub.ts';
import { amountOf, type Fields, fieldsOf, textOf, timeMsOf } from '../base/message-fields.ts';
import { mustFind } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

export interface Word {
  readonly status: string;
  readonly code: string;
  readonly message: string;
  /** The body it came with. */
  readonly facts: Fields;
}

export type Effect = 'settled' | 'known' | 'contradicts';

const FIRST_ASK_MS = 2_000;
const NEXT_ASK_MS = 5_000;
/** Once nobody can pay any more only the hub's silence is waited for: for an hour, and then for days. */
const LATE_ASK_MS = 60_000;
const LATEST_ASK_MS = 3_600_000;

/** When a till asks after its `asked`th question about something that should have ended by `untilMs`. */
export function nextAskMs(nowMs: number, asked: number, untilMs: number): number {
  if (asked === 0) return nowMs + FIRST_ASK_MS;
  if (nowMs <= untilMs) return nowMs + NEXT_ASK_MS;
  return nowMs + (nowMs <= untilMs + LATEST_ASK_MS ? LATE_ASK_MS : LATEST_ASK_MS);
}

export const wordOf = (answer: Extract<HubAnswer, { answered: true }>): Word => ({ ...answer, facts: answer.body });

/** The payment's own word in an answer that carries one beside the call's. */
export function paymentWordOf(body: Fields): Word {
  const { resultCode, resultStatus, resultMessage } = fieldsOf(body.paymentResult);
  return {
    status: String(resultStatus),
    code: textOf(resultCode) ?? 'UNKNOWN',
    message: textOf(resultMessage, 256) ?? '',
    facts: body,
  };
}

/** Pure: what a word does to a payment in this state. */
export function effectOf(payment: PaymentRow, { status, code, facts }: Word): Effect {
  const { state, currency, amount } = payment;
  const wasPaid = payment.paid_ms !== null;
  const told = amountOf(facts.paymentAmount);
  if (status === 'S' && told !== null && (told.currency !== currency || told.amount !== amount)) return 'contradicts';
  switch (state) {
    case 'shown':
    case 'waiting':
      return status === 'S' || status === 'F' ? 'settled' : 'known';
    case 'paid':
      if (status === 'F') return code === 'ORDER_IS_CANCELED' ? 'settled' : 'contradicts';
      return status === 'S' ? 'known' : 'contradicts';
    case 'canceling':
      if (status === 'F') return 'settled';
      return status === 'S' && !wasPaid ? 'contradicts' : 'known';
    case 'failed':
    case 'canceled':
      return status === 'S' && !wasPaid ? 'contradicts' : 'known';
  }
}

/** Takes a word into the books; call it inside a transaction that has just read the payment. */
export function hear(shops: Shops, payment: PaymentRow, word: Word): Effect {
  const effect = effectOf(payment, word);
  if (effect === 'contradicts') return effect;
  if (effect === 'settled') settle(shops, payment, word);
  keepFacts(shops, payment, word.facts);
  return effect;
}

function settle({ store, time }: Shops, { id }: PaymentRow, { status, code, message, facts }: Word): void {
  const state = status === 'S' ? 'paid' : code === 'ORDER_IS_CANCELED' ? 'canceled' : 'failed';
  const paidMs = status === 'S' ? (timeMsOf(facts.paymentTime) ?? time.nowMs()) : null;
  store.run(
    'update payment set state = ?, result_code = ?, result_message = ?, due_ms = null, paid_ms = coalesce(?, paid_ms) where id = ?',
    ...[state, code, message, paidMs, id],
  );
}

/** Facts are taken when they are first told; a later message without them takes nothing away. */
function keepFacts({ store }: Shops, { id }: PaymentRow, facts: Fields): void {
  const settlement = settlementOf(facts);
  const [code] = codesOf(facts.orderCodeForm);
  const quote = facts.settlementQuote === undefined ? null : JSON.stringify(facts.settlementQuote);
  store.run(
    `update payment set hub_payment_id = coalesce(hub_payment_id, ?), psp_id = coalesce(psp_id, ?), wallet = coalesce(wallet, ?),
       customer_id = coalesce(customer_id, ?), settlement = coalesce(settlement, ?),
       settlement_currency = coalesce(?, settlement_currency), quote = coalesce(quote, ?), code = coalesce(code, ?),
       pay_url = coalesce(pay_url, ?) where id = ?`,
    ...[textOf(facts.paymentId), textOf(facts.pspId), textOf(facts.walletBrandName), textOf(facts.customerId)],
    ...[settlement?.amount ?? null, settlement?.currency ?? null, quote, code ?? null],
    ...[webAddress(facts.paymentUrl), id],
  );
}

/** A settlement of nothing is one too. */
export function settlementOf(facts: Fields): Money | null {
  const { currency, value } = fieldsOf(facts.settlementAmount);
  return isCurrency(currency) && typeof value === 'string' && /^\d{1,16}$/.test(value)
    ? money(BigInt(value), currency)
    : null;
}

function codesOf(form: unknown): readonly string[] {
  const { codeDetails } = fieldsOf(form);
  const details: readonly unknown[] = Array.isArray(codeDetails) ? codeDetails : [];
  return details.map((detail) => textOf(fieldsOf(detail).codeValue, 1_024)).filter((code) => code !== null);
}

function webAddress(value: unknown): string | null {
  const text = textOf(value, 2_048);
  return text !== null && /^https?:\/\//i.test(text) ? text : null;
}

/** Nothing final was said: the till asks again later. */
export function askLater({ store, time }: Pick<Shops, 'store' | 'time'>, id: string): void {
  const { asked, expires_ms: expiresMs } = mustFind({ store }, id);
  store.run(
    `update payment set due_ms = ?, asked = asked + 1 where id = ? and state in ('shown', 'waiting', 'canceling')`,
    ...[nextAskMs(time.nowMs(), Number(asked), Number(expiresMs)), id],
  );
}
