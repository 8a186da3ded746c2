/**
 * Which question is asked about each operation. All but the void are found by our own reference; a change of a payment is
 * found as that payment, which then answers for the change. A void is read from the state of its payment, which says it on
 * every version of the API, so the caller must know the payment's network id.
 */
import { present } from '../../base/assert.ts';
import { randomBytes } from '../../base/random.ts';
import type { InquiryAnswer, InquiryRequest, OperationKind } from '../ports/card-acquirer.ts';
import { readInquiryAnswer, readVoidInquiry } from './answers.ts';
import type { Line } from './line.ts';

const COLLECTIONS: Readonly<Record<Exclude<OperationKind, 'void'>, string>> = {
  authorize: 'payments',
  sale: 'payments',
  verify: 'verifications',
  capture: 'captures',
  refund: 'refunds',
  increment: 'payments',
  reverse: 'payments',
  reauthorize: 'payments',
};

/** What became of an operation. */
export async function inquire({ transport, settings }: Line, request: InquiryRequest): Promise<InquiryAnswer> {
  const { kind, reference, amount } = request;
  const sent = await transport.direct({
    method: 'GET',
    url: settings.baseUrl + question(request),
    purpose: `inquire_${kind}`,
    reference,
    requestId: randomBytes(16).toString('hex'), // of this question; the operation is named in the query
  });
  if (sent.kind === 'ended') return sent.answer;
  const read = kind === 'void' ? readVoidInquiry : readInquiryAnswer;
  return read({ kind, reference, amount }, sent.response);
}

function question({ kind, reference, networkPaymentId }: InquiryRequest): string {
  if (kind !== 'void') return `/${COLLECTIONS[kind]}?requestIdentifier=${encodeURIComponent(reference)}`;
  return `/payments/${encodeURIComponent(present(networkPaymentId, 'networkPaymentId for the inquiry of a void'))}`;
}
