/**
 * An approval as the platform wants it: how much, under which ids, and what the issuer said beside it. An approval that does
 * not say enough to go on with is none.
 */
import { isCurrency } from '../../base/currency.ts';
import { type Money, money } from '../../base/money.ts';
import type { AcquirerAnswer, OperationKind } from '../ports/card-acquirer.ts';
import { detailsOf } from './answer-details.ts';
import { checksOf } from './checks.ts';
import { at, integer, type JsonObject, list, text } from './lenient-json.ts';

/** What was asked, to compare the answer with. */
export interface Asked {
  readonly kind: OperationKind;
  readonly reference: string;
  readonly amount: Money;
}

/** What was approved; a text says why it cannot be known. A network that did more than was asked contradicts itself. */
export function amountOf(asked: Asked, body: JsonObject, code: string): Money | string {
  const currency = text(body.currency) ?? asked.amount.currency;
  if (currency !== asked.amount.currency || !isCurrency(currency)) return 'currency_differs';
  if (body.amount === undefined || body.amount === null) {
    return code === 'PARTIAL_APPROVAL' || body.partialAuthorization === true ? 'partial_without_amount' : asked.amount;
  }
  const amount = integer(body.amount);
  if (amount === undefined) return 'malformed_amount';
  if (amount > asked.amount.amount) return 'amount_above_asked';
  // An increment of which the issuer took a part would be a total that nobody asked for.
  return isTotal(asked.kind) && amount !== asked.amount.amount ? 'total_differs' : money(amount, currency);
}

const isTotal = (kind: OperationKind): boolean => kind === 'increment' || kind === 'reverse' || kind === 'reauthorize';

/** Without the network's id nothing can follow, so an approval without one is unknown. */
export function approved(asked: Asked, body: JsonObject, amount: Money): AcquirerAnswer {
  const networkId = asked.kind === 'capture' ? captureIdOf(body, amount) : text(body.transactionId);
  if (networkId === undefined) return { outcome: 'unknown', cause: 'no_transaction_id' };
  const approvalCode = text(body.approvalCode);
  const checks = checksOf(body);
  const schemeTransactionId = schemeTransactionIdOf(body);
  return {
    outcome: 'approved',
    networkId,
    amount,
    ...(approvalCode === undefined ? {} : { approvalCode }),
    ...(checks === undefined ? {} : { checks }),
    ...(schemeTransactionId === undefined ? {} : { schemeTransactionId }),
    ...(asked.kind === 'reauthorize' ? { networkPaymentId: networkId } : {}),
    details: detailsOf(body),
  };
}

/**
 * What a refund of this capture has to name. Answers carry the capture's own id or the payment's, which may be the first
 * capture's as well; the list of captures knows which it is: the one of this id and amount, else the newest of this amount.
 */
function captureIdOf(body: JsonObject, amount: Money): string | undefined {
  const id = text(body.transactionId);
  const captures = list(list(body.paymentRequest)[0]?.captures);
  const alike = captures.filter((capture) => integer(capture.amount) === amount.amount);
  if (id === undefined || alike.some((capture) => text(capture.captureId) === id)) return id;
  return text(alike.at(-1)?.captureId) ?? id;
}

/** Mastercard's is the number of the Banknet message with its date. */
function schemeTransactionIdOf(body: JsonObject): string | undefined {
  const network = at(body, 'paymentMethodType', 'card', 'networkResponse');
  const banknet = text(network.banknetReferenceNumber);
  return (
    text(network.networkTransactionId) ??
    (banknet === undefined ? undefined : `${banknet}${text(network.bankNetDate) ?? ''}`)
  );
}
