/**
 * 3-D Secure 2 by the network's stand-alone calls (docs/sandbox-acquirer.md). The card number travels through the vault as
 * a payment's does. What the network said is proof only when it is whole: an authentication without its cryptogram or its
 * transaction id is `unknown`, to be asked about again.
 */

import { randomBytes } from '../../base/random.ts';
import type { AuthenticationAnswer, AuthenticationRequest, CardAuthentication } from '../ports/card-authentication.ts';
import type { NetworkResponse } from '../ports/network-http.ts';
import { type JsonObject, parseObject, text } from './lenient-json.ts';
import { type JpmOnlinePaymentsDeps, type Line, openLine } from './line.ts';
import { amountOf } from './payment-body.ts';
import { NOT_REACHED, type Sent } from './transport.ts';

/** Authentication of cardholders over the same merchant account. Throws at once on settings that are missing. */
export function createJpmAuthentication(deps: JpmOnlinePaymentsDeps): CardAuthentication {
  const line = openLine(deps);
  return {
    authenticate: (request) => authenticate(line, request),
    find: (reference) => find(line, reference),
  };
}

async function authenticate(
  { transport, settings }: Line,
  request: AuthenticationRequest,
): Promise<AuthenticationAnswer> {
  const { reference } = request;
  const sent = await transport.throughVault(request, {
    method: 'POST',
    url: `${settings.baseUrl}/three-ds/authentications`,
    purpose: 'authenticate',
    reference,
    requestId: reference,
    body: JSON.stringify(authenticationBody(request)),
  });
  if (sent.kind === 'ended') return endedEarly(sent.answer);
  const { status } = sent.response;
  const body = parseObject(sent.response.body);
  if (body === undefined) return unknown(`http_${status}`);
  if (isDone(status)) return readResult(body);
  // Refused before anything began; 404 and 409 speak of something else, 5xx leaves open how far it came.
  const refused = status === 400 || status === 403 || status === 412;
  const code = text(body.responseCode);
  return refused && code !== undefined ? { outcome: 'unavailable', reason: code } : unknown(code ?? `http_${status}`);
}

/** No verification value: it is for the authorization, and nobody may use it twice. */
export const authenticationBody = ({ amount, browser, returnUrl }: AuthenticationRequest): object => ({
  ...amountOf(amount),
  paymentMethodType: {
    card: { accountNumber: '{{card_number}}', expiry: { month: '{{expiry_month}}', year: '{{expiry_year}}' } },
  },
  browserInfo: {
    browserAcceptHeader: browser.acceptHeader,
    browserUserAgent: browser.userAgent,
    language: browser.language,
    deviceIPAddress: browser.ip,
    screenWidth: browser.screenWidth,
    screenHeight: browser.screenHeight,
    colorDepth: browser.colorDepth,
    deviceLocalTimeZone: browser.timeZoneOffset,
  },
  authenticationReturnUrl: returnUrl,
});

/** Nothing left the vault, or nobody was there: no authentication began. Otherwise nobody knows. */
function endedEarly(answer: Extract<Sent, { kind: 'ended' }>['answer']): AuthenticationAnswer {
  if (answer.outcome === 'declined') return { outcome: 'unavailable', reason: answer.code };
  return answer.cause === NOT_REACHED ? { outcome: 'unavailable', reason: NOT_REACHED } : unknown(answer.cause);
}

async function find(
  { transport, settings }: Line,
  reference: string,
): Promise<AuthenticationAnswer | { readonly outcome: 'not_found' }> {
  const sent = await transport.direct({
    method: 'GET',
    url: `${settings.baseUrl}/three-ds/authentications?requestIdentifier=${encodeURIComponent(reference)}`,
    purpose: 'inquire_authenticate',
    reference,
    requestId: randomBytes(16).toString('hex'),
  });
  if (sent.kind === 'ended') return unknown(sent.answer.outcome === 'unknown' ? sent.answer.cause : sent.answer.code);
  return readFound(sent.response);
}

function readFound({ status, body }: NetworkResponse): AuthenticationAnswer | { readonly outcome: 'not_found' } {
  const found = parseObject(body);
  if (status === 404 && (body.length === 0 || text(found?.responseCode) === 'NOT_FOUND'))
    return { outcome: 'not_found' };
  return found !== undefined && isDone(status) ? readResult(found) : unknown(`http_${status}`);
}

const isDone = (status: number): boolean => status === 200 || status === 201;

/** transStatus of EMV 3-D Secure 2. What is not in this list, such as D (asked elsewhere), is not known yet. */
function readResult(body: JsonObject): AuthenticationAnswer {
  const status = text(body.threeDSTransactionStatus) ?? '';
  const reason = text(body.transactionStatusReason) ?? status;
  switch (status) {
    case 'Y':
    case 'A':
    case 'I':
      return readProof(body, status);
    case 'N':
    case 'R':
      return { outcome: 'failed', status, reason };
    case 'U':
      return { outcome: 'unavailable', reason };
    case 'C':
      return readChallenge(body);
    default:
      return unknown(`transaction_status:${status}`);
  }
}

/** Liability shifts to the issuer where it authenticated or proved the attempt, and gave a cryptogram for it. */
function readProof(body: JsonObject, status: 'Y' | 'A' | 'I'): AuthenticationAnswer {
  const eci = text(body.electronicCommerceIndicator);
  const cryptogram = text(body.authenticationValue);
  const transactionId = text(body.dsTransactionId);
  const version = text(body.messageVersion);
  const proven = status !== 'I';
  if (
    eci === undefined ||
    transactionId === undefined ||
    version === undefined ||
    (proven && cryptogram === undefined)
  ) {
    return unknown('proof_incomplete');
  }
  return {
    outcome: 'proven',
    proof: {
      status,
      eci: eci.padStart(2, '0'), // a number loses its zero
      ...(cryptogram === undefined ? {} : { cryptogram }),
      transactionId,
      version,
    },
    liabilityShift: proven,
  };
}

function readChallenge(body: JsonObject): AuthenticationAnswer {
  const url = text(body.acsUrl);
  const creq = text(body.encodedChallengeRequest);
  return url === undefined || creq === undefined
    ? unknown('challenge_incomplete')
    : { outcome: 'challenge', url, creq };
}

const unknown = (cause: string): { readonly outcome: 'unknown'; readonly cause: string } => ({
  outcome: 'unknown',
  cause,
});
