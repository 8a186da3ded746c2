/**
 * The connector's behaviour: which call each operation makes, and which question each inquiry asks. Stateless but for the
 * cached access token. No retries of its own beyond the one after 401: the platform resumes an unknown operation with an
 * inquiry. Operations of the network are in jpmorgan.md §2.2; what its answers mean is in answers.ts.
 */

import { present } from '../../base/assert.ts';
import type { Day } from '../../base/clock.ts';
import { randomBytes } from '../../base/random.ts';
import type {
  AcquirerAnswer,
  CardAcquirer,
  FollowUpRequest,
  InquiryAnswer,
  InquiryRequest,
  NetworkFile,
  PayRequest,
} from '../ports/card-acquirer.ts';
import { NetworkFault, type NetworkHttp, type NetworkResponse } from '../ports/network-http.ts';
import { type Asked, readAnswer, readInquiryAnswer, readVoidInquiry } from './answers.ts';
import { parseNotification } from './notification.ts';
import { captureBody, paymentBody, refundBody, voidBody } from './request-bodies.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';
import { parseSettlementReport } from './settlement-report.ts';
import { createTokenSource } from './token.ts';
import { type Call, createTransport, header, type Transport } from './transport.ts';

export interface JpmOnlinePaymentsDeps {
  readonly http: NetworkHttp;
  readonly settings: JpmOnlinePaymentsSettings;
}

/** A card acquirer over J.P. Morgan Online Payments v2 (OpenAPI 2.0.55). Throws at once on settings that are missing. */
export function createJpmOnlinePayments(deps: JpmOnlinePaymentsDeps): CardAcquirer {
  const { settings } = deps;
  for (const [name, value] of Object.entries(settings)) {
    if (value === '') throw new Error(`setting is empty: ${name}`);
  }
  const transport = createTransport(deps, createTokenSource(deps));
  return {
    pay: (request) => pay(transport, settings, request),
    followUp: (request) => followUp(transport, settings, request),
    inquire: (request) => inquire(transport, settings, request),
    fetchSettlement: (day) => fetchSettlement(transport, settings, day),
    parseSettlement: parseSettlementReport,
    parseNotification,
  };
}

/** Authorization (captureMethod MANUAL) or sale (NOW). The card travels through the vault; this process never sees it. */
async function pay(
  transport: Transport,
  settings: JpmOnlinePaymentsSettings,
  request: PayRequest,
): Promise<AcquirerAnswer> {
  const sent = await transport.throughVault(request.cardToken, {
    method: 'POST',
    url: `${settings.baseUrl}/payments`,
    purpose: request.kind,
    reference: request.reference,
    requestId: request.reference,
    body: JSON.stringify(paymentBody(request, settings)),
  });
  return sent.kind === 'ended' ? sent.answer : readAnswer(asked(request), sent.response);
}

async function followUp(
  transport: Transport,
  settings: JpmOnlinePaymentsSettings,
  request: FollowUpRequest,
): Promise<AcquirerAnswer> {
  const sent = await transport.direct({
    ...followUpCall(settings, request),
    purpose: request.kind,
    reference: request.reference,
    requestId: request.reference,
  });
  return sent.kind === 'ended' ? sent.answer : readAnswer(asked(request), sent.response);
}

function followUpCall(
  settings: JpmOnlinePaymentsSettings,
  request: FollowUpRequest,
): Pick<Call, 'method' | 'url' | 'body'> {
  const payment = `${settings.baseUrl}/payments/${encodeURIComponent(request.networkPaymentId)}`;
  switch (request.kind) {
    case 'capture':
      return { method: 'POST', url: `${payment}/captures`, body: JSON.stringify(captureBody(request)) };
    case 'void':
      return { method: 'PATCH', url: payment, body: JSON.stringify(voidBody()) };
    case 'refund':
      return {
        method: 'POST',
        url: `${settings.baseUrl}/refunds`,
        body: JSON.stringify(refundBody(request, settings)),
      };
  }
}

const COLLECTION = { authorize: 'payments', sale: 'payments', capture: 'captures', refund: 'refunds' } as const;

/**
 * What became of an operation. All but the void are found by our own reference. A void has no record of its own: the
 * payment is read and its state tells, so the caller must know the payment's network id.
 */
async function inquire(
  transport: Transport,
  settings: JpmOnlinePaymentsSettings,
  request: InquiryRequest,
): Promise<InquiryAnswer> {
  const url =
    request.kind === 'void'
      ? `/payments/${encodeURIComponent(present(request.networkPaymentId, 'networkPaymentId for the inquiry of a void'))}`
      : `/${COLLECTION[request.kind]}?requestIdentifier=${encodeURIComponent(request.reference)}`;
  const sent = await transport.direct({
    method: 'GET',
    url: settings.baseUrl + url,
    purpose: `inquire_${request.kind}`,
    reference: request.reference,
    requestId: randomBytes(16).toString('hex'), // of this question; the operation is named in the query
  });
  if (sent.kind === 'ended') return sent.answer;
  const read = request.kind === 'void' ? readVoidInquiry : readInquiryAnswer;
  return read(asked(request), sent.response);
}

const asked = ({ kind, reference, amount }: PayRequest | FollowUpRequest | InquiryRequest): Asked => ({
  kind,
  reference,
  amount,
});

async function fetchSettlement(
  transport: Transport,
  settings: JpmOnlinePaymentsSettings,
  day: Day,
): Promise<NetworkFile | null> {
  const response = await transport.fetch({
    method: 'GET',
    url: `${settings.reportsUrl}/settlement-details?day=${day}`,
    purpose: 'fetch_settlement',
    accept: 'text/csv',
  });
  if (response.status === 404) return null;
  if (response.status !== 200) throw new NetworkFault(`settlement report: HTTP ${response.status}`, 'maybe');
  return { name: fileName(response) ?? `SettlementDetails_${settings.merchantId}_${day}.csv`, bytes: response.body };
}

/** The file's own name, when it is a plain one: it becomes a key and may reach a file system. */
function fileName(response: NetworkResponse): string | undefined {
  return /filename="?([A-Za-z0-9_-][A-Za-z0-9._-]{0,127})"?/.exec(header(response, 'content-disposition') ?? '')?.[1];
}
