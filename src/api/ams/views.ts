/** A payment, a capture and a refund as AMS shows them, made of its standing. Amounts have text values, all else native types. */
import { type AmsPayment, type AmsRequest, operationFor, outcomeOf, type Standing } from '../../ams/index.ts';
import type { Instant } from '../../base/clock.ts';
import type { Refusal } from '../../base/result.ts';
import { isByWallet, type Operation, type Payment } from '../../payments/index.ts';
import type { App } from '../app.ts';
import { checkoutUrl } from '../rest/checkout-links.ts';
import { type AmsResult, resultOf, resultOfRefusal, SUCCESS } from './results.ts';
import { amountOf, timeOf, viewOrderCode } from './view-values.ts';
import { viewWallet } from './wallet-view.ts';

export { amountOf, timeOf, viewOrderCode };

/** What became of the payment, as a result: of pay and of notifications. */
export function paymentResult({ status, because }: Standing): AmsResult {
  if (status === 'SUCCESS') return SUCCESS;
  if (status === 'CANCELLED') return resultOf('ORDER_IS_CANCELED', 'the payment was canceled');
  if (status === 'FAIL') return resultOfRefusal(because as Refusal);
  return resultOf('PAYMENT_IN_PROCESS', 'the payment is in process; inquire, or repeat with the same paymentRequestId');
}

/** What pay, inquiry and notification say alike. */
export function viewPayment(row: AmsPayment, standing: Standing) {
  const { payment, operations, status } = standing;
  const paidAt = status === 'SUCCESS' ? paidAtOf(operations) : null;
  return {
    paymentRequestId: row.requestId,
    paymentId: row.id,
    paymentAmount: amountOf(row.amount),
    paymentCreateTime: timeOf(row.createdAt),
    ...(paidAt === null ? {} : { paymentTime: timeOf(paidAt) }),
    ...(payment === null || status === 'PROCESSING' ? {} : viewPayer(payment)),
    ...(payment?.state === 'authorized' && payment.expiresAt !== null
      ? { authExpiryTime: timeOf(payment.expiresAt) }
      : {}),
  };
}

/** Where the buyer has to go, the hosted page, the wallet's or the issuer's; or what he has to scan. */
export function viewAction(app: App, { payment, link, status, toScan }: Standing) {
  if (status !== 'PROCESSING') return {};
  if (toScan !== null)
    return { orderCodeForm: { paymentMethodType: toScan.brand ?? ANY_WALLET, ...viewOrderCode(toScan) } };
  const wallet = payment?.wallet;
  const challenge = payment?.state === 'authenticating' ? payment.authentication?.challenge : null;
  if (link !== null) {
    const url = checkoutUrl(app, link);
    return url === null ? {} : { normalUrl: url };
  }
  if (wallet !== undefined && wallet.payUrl !== null && wallet.canceling === null) return { normalUrl: wallet.payUrl };
  if (challenge === null || challenge === undefined) return {};
  return {
    redirectActionForm: {
      actionFormType: 'RedirectActionForm',
      method: 'POST',
      redirectUrl: challenge.url,
      parameters: JSON.stringify({ creq: challenge.creq }),
    },
  };
}

/** `paymentMethodType` of a code that every wallet may scan. */
export const ANY_WALLET = 'CONNECT_WALLET';

/** `paymentMethodType` of what was paid, or is being or was to be paid, with. */
export function methodTypeOf({ code }: AmsPayment, { payment }: Standing): string {
  const asked = code === undefined ? 'CARD' : (code.brand ?? ANY_WALLET);
  return payment?.wallet?.brandCode ?? asked;
}

/** Of a card its masked number, of a wallet its user and the rate, where there was one. */
const viewPayer = (payment: Payment) =>
  isByWallet(payment) ? viewWallet(payment) : { paymentResultInfo: viewCard(payment) };

const viewCard = ({ card, schemeTransactionId }: Payment) =>
  card === null
    ? {}
    : {
        cardNo: `************${card.last4}`,
        cardBrand: card.brand.toUpperCase().replaceAll('-', '_'),
        lastFour: card.last4,
        ...(schemeTransactionId === null ? {} : { networkTransactionId: schemeTransactionId }),
      };

const paidAtOf = (operations: readonly Operation[]): Instant | null =>
  operations.find(({ kind, state }) => state === 'approved' && (kind === 'authorize' || kind === 'sale'))?.answeredAt ??
  null;

const TRANSACTIONS: Readonly<Record<string, string>> = {
  sale: 'PAYMENT',
  authorize: 'AUTHORIZATION',
  capture: 'CAPTURE',
  refund: 'REFUND',
  void: 'VOID',
  increment: 'INCREMENTAL',
};

/** What was asked of the network, as a list. */
export function viewTransactions(row: AmsPayment, { operations, requests, payment }: Standing) {
  const isWallets = payment?.wallet !== undefined;
  return operations
    .filter(({ kind }) => TRANSACTIONS[kind] !== undefined)
    .map((operation) => {
      const request = requests.find(({ id }) => id === operation.command?.client);
      const status =
        operation.state === 'approved' ? 'SUCCESS' : operation.state === 'declined' ? 'FAIL' : 'PROCESSING';
      return {
        // What a wallet takes back was paid already.
        transactionType: isWallets && operation.kind === 'void' ? 'CANCEL' : TRANSACTIONS[operation.kind],
        transactionStatus: status,
        transactionId: operation.refund ?? operation.id,
        transactionRequestId: request === undefined || request.kind === 'cancel' ? row.requestId : request.requestId,
        transactionAmount: amountOf(operation.amount),
        transactionTime: timeOf(operation.answeredAt ?? operation.sentAt),
        transactionResult:
          status === 'SUCCESS'
            ? SUCCESS
            : status === 'FAIL'
              ? resultOf('PROCESS_FAIL', operation.answer?.message ?? 'the network refused it')
              : resultOf('PAYMENT_IN_PROCESS', 'the network has not answered yet'),
      };
    });
}

/** What became of a capture, a refund or a cancel, as a result. */
export function requestResult(request: AmsRequest, operations: readonly Operation[]): AmsResult {
  if (request.ending !== null) return resultOfRefusal(request.ending);
  const outcome = outcomeOf(request, operations);
  if (outcome === 'SUCCESS') return SUCCESS;
  if (outcome === 'PROCESSING') {
    const code = request.kind === 'refund' ? 'REFUND_IN_PROCESS' : 'PAYMENT_IN_PROCESS';
    return resultOf(code, 'the network has not answered yet; repeat with the same id');
  }
  const { moved, answer } = operationFor(request, operations) ?? {};
  const facts = { code: answer?.code, byWallet: true };
  if (moved !== undefined) return resultOfRefusal({ code: 'declined', detail: answer?.message ?? REFUSED, facts });
  return resultOf('PROCESS_FAIL', answer?.message ?? REFUSED);
}

const REFUSED = 'the network refused it';

export function viewRefund(request: AmsRequest, operations: readonly Operation[]) {
  const operation = operationFor(request, operations);
  const done = operation?.state === 'approved' && operation.answeredAt !== null;
  return {
    refundRequestId: request.requestId,
    refundId: operation?.refund ?? request.id,
    paymentId: request.amsPayment,
    refundAmount: amountOf(request.amount),
    ...(done && operation.answeredAt !== null
      ? { actualRefundAmount: amountOf(request.amount), refundTime: timeOf(operation.answeredAt) }
      : {}),
  };
}

export function viewCapture(request: AmsRequest, operations: readonly Operation[]) {
  const operation = operationFor(request, operations);
  return {
    captureRequestId: request.requestId,
    captureId: operation?.id ?? request.id,
    paymentId: request.amsPayment,
    captureAmount: amountOf(request.amount),
    ...(operation?.answeredAt ? { captureTime: timeOf(operation.answeredAt) } : {}),
    ...(operation?.networkId ? { acquirerReferenceNo: operation.networkId } : {}),
  };
}
