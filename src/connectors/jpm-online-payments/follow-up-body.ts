/**
 * Bodies of what is asked about a payment that is there: captures, changes (PATCH) and refunds, strictly by the published
 * schema; what goes beyond it is in later-fields.ts.
 */
import { assert } from '../../base/assert.ts';
import type { FollowUpRequest } from '../ports/card-acquirer.ts';
import { amountOf, softwareOf } from './payment-body.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';

/** Largest number of captures the schema can count; stands for "not known yet" until the last one. */
const CAPTURES_MAX = 99;

/**
 * POST /payments/{id}/captures. The amount is always said. The only capture gives back what is left of the authorization;
 * one of several leaves it open until the final one.
 */
export function captureBody({ amount, part }: FollowUpRequest): object {
  if (part === undefined) return { captureMethod: 'NOW', ...amountOf(amount), isAmountFinal: true };
  assert(part.sequence >= 1 && part.sequence <= CAPTURES_MAX, 'captures are numbered from 1 to 99');
  return {
    captureMethod: 'NOW',
    ...amountOf(amount),
    multiCapture: {
      multiCaptureSequenceNumber: String(part.sequence),
      multiCaptureRecordCount: part.final ? part.sequence : CAPTURES_MAX,
      isFinalCapture: part.final,
    },
  };
}

/** PATCH /payments/{id}. Voids the whole authorization; the network takes no amount with it. */
export const voidBody = (): object => ({ isVoid: true });

/** PATCH /payments/{id}: more than is authorized. The amount is the new total, not what is added. */
export const incrementBody = ({ amount }: FollowUpRequest): object => ({ amount: amountOf(amount).amount });

/** PATCH /payments/{id}: less than is authorized. MANUAL, because NOW would capture the new total at once. */
export const reverseBody = ({ amount }: FollowUpRequest): object => ({
  captureMethod: 'MANUAL',
  amount: amountOf(amount).amount,
});

/** PATCH /payments/{id}: the same total again, for an authorization that is about to lapse. */
export const reauthorizeBody = (): object => ({ isReauthorization: true });

/** POST /refunds, always linked to the payment: a refund to a card out of nowhere is not for a marketplace. */
export const refundBody = (request: FollowUpRequest, settings: JpmOnlinePaymentsSettings): object => ({
  ...amountOf(request.amount),
  merchant: softwareOf(settings),
  paymentMethodType: { transactionReference: { transactionReferenceId: request.networkPaymentId } },
  ...(request.networkCaptureId === undefined ? {} : { captureId: request.networkCaptureId }),
});
