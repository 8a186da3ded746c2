/** A dispute as it is shown, in lists and alone. */
import { instant } from '../../src/base/clock.ts';
import type { Store } from '../base/store.ts';
import type { DisputeRow } from './dispute.ts';
import type { Answer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';

export const disputeAnswer = (store: Store, dispute: DisputeRow): Answer => ({
  disputeId: dispute.id,
  transactionId: dispute.payment_id,
  disputeType: dispute.type,
  disputeStatus: dispute.status,
  ...(dispute.outcome === null ? {} : { outcome: dispute.outcome }),
  amount: Number(dispute.amount),
  currency: dispute.currency,
  reasonCode: dispute.reason_code,
  reasonDescription: dispute.reason_text,
  createdTimestamp: instant(Number(dispute.created_ms)),
  updatedTimestamp: instant(Number(dispute.updated_ms)),
  ...(dispute.due_ms === null ? {} : { dueTimestamp: instant(Number(dispute.due_ms)) }),
  last4CardNumber: rows.mustFind(store, dispute.payment_id).masked.slice(-4),
});
