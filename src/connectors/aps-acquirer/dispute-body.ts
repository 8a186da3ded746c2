/** A wallet's question or claim in the words of the hub's wire (docs/hub.md, "Disputes"). */
import { amountPart } from '../../ams-protocol/index.ts';
import type { AcquirerTarget } from '../ports/shop-acquirer.ts';
import type { DisputeToAnswer } from '../ports/wallet-dispute.ts';

export const disputeBody = ({ participantId }: AcquirerTarget, dispute: DisputeToAnswer) => ({
  acquirerId: participantId,
  pspId: dispute.wallet,
  walletBrandName: dispute.walletBrand,
  disputeId: dispute.id,
  paymentRequestId: dispute.paymentRequestId,
  paymentId: dispute.paymentId,
  disputeAmount: amountPart(dispute.amount),
  disputeReasonCode: dispute.reason.code,
  disputeReason: dispute.reason.text,
  responseDueTime: dispute.respondBy,
});
