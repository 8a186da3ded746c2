/** One verification: POST and GET /verifications. Source: Online Payments OpenAPI 2.0.55, verificationResponse. */
import { instant } from '../../src/base/clock.ts';
import type { Store } from '../base/store.ts';
import { type Answer, shownCard } from './payment-answer.ts';
import type { VerificationRow } from './rows.ts';
import { shownCredential } from './stored-credential.ts';

export const verificationBy = (store: Store, by: 'id' | 'request_id', value: string): VerificationRow | null =>
  store.first<VerificationRow>(`select * from verification where ${by} = ?`, value);

export const verificationAnswer = (row: VerificationRow): Answer => ({
  transactionId: row.id,
  requestId: row.request_id,
  currency: row.currency,
  responseStatus: row.approved === 1n ? 'SUCCESS' : 'DENIED',
  responseCode: row.response_code,
  responseMessage: row.response_message,
  hostMessage: row.host_message,
  paymentMethodType: { card: shownCard(row) },
  merchant: JSON.parse(row.merchant) as unknown,
  ...shownCredential(row.credential),
  ...(row.order_number === '' ? {} : { merchantOrderNumber: row.order_number }),
  hostReferenceId: row.host_reference,
  transactionDate: instant(Number(row.created_ms)),
});
