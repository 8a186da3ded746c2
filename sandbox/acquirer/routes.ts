/**
 * The acquirer's HTTP face. Order of checks: token, merchant, request id, then the ordered fault, then the operation. The
 * request id is checked before a fault is taken, so that an ordered fault is never spent on a call that was wrong anyway.
 */
import { header, json, type Reply, type Request, type Route } from '../base/http-server.ts';
import { setAccount, showAccount } from './account.ts';
import type { Acquirer, OperationName } from './acquirer.ts';
import { advanceDispute } from './advance-dispute.ts';
import { acceptDispute, challengeDispute, fulfillDispute } from './answer-dispute.ts';
import { authenticateCardholder, findAuthentication } from './authenticate-cardholder.ts';
import { capturePayment } from './capture-payment.ts';
import { takeChallenge } from './challenge.ts';
import { changeKind, changePayment } from './change-payment.ts';
import { createPayment } from './create-payment.ts';
import { createVerification } from './create-verification.ts';
import { orderShortPayment } from './funds-transfer.ts';
import { getDispute, listDisputes } from './list-disputes.ts';
import * as lookups from './lookups.ts';
import { forbidden, invalid, unauthorized } from './messages.ts';
import { raiseDispute } from './raise-dispute.ts';
import { refundPayment } from './refund-payment.ts';
import { issuedReport } from './reports.ts';
import { hasToken, issueToken, registerClient } from './tokens.ts';
import { disputes, totals, transactions } from './totals.ts';

type Operation = (acquirer: Acquirer, request: Request, requestId: string) => Reply;
type Lookup = (acquirer: Acquirer, request: Request) => Reply;

export function acquirerRoutes(acquirer: Acquirer): readonly Route[] {
  return [
    { method: 'POST', pattern: '/oauth2/token', handle: (request) => issueToken(acquirer.store, request) },
    ...paymentRoutes(acquirer),
    ...authenticationRoutes(acquirer),
    ...disputeRoutes(acquirer),
    { method: 'GET', pattern: '/reports/:report', handle: (request) => report(acquirer, request) },
    ...adminRoutes(acquirer),
    ...acquirer.faults.routes,
  ];
}

function paymentRoutes(acquirer: Acquirer): readonly Route[] {
  const pass: Lookup = () => json(200, { status: 'PASS' });
  return [
    change(acquirer, 'POST', '/api/v2/payments', 'payments', createPayment),
    change(acquirer, 'PATCH', '/api/v2/payments/:id', changeKind, changePayment),
    change(acquirer, 'POST', '/api/v2/payments/:id/captures', 'captures', capturePayment),
    change(acquirer, 'POST', '/api/v2/refunds', 'refunds', refundPayment),
    change(acquirer, 'POST', '/api/v2/verifications', 'verifications', createVerification),
    read(acquirer, 'GET', '/api/v2/payments', lookups.findPayment),
    read(acquirer, 'GET', '/api/v2/payments/:id', lookups.getPayment),
    read(acquirer, 'GET', '/api/v2/captures', lookups.findCapture),
    read(acquirer, 'GET', '/api/v2/captures/:id', lookups.getCapture),
    read(acquirer, 'GET', '/api/v2/refunds', lookups.findRefund),
    read(acquirer, 'GET', '/api/v2/refunds/:id', lookups.getRefund),
    read(acquirer, 'GET', '/api/v2/verifications', lookups.findVerification),
    read(acquirer, 'GET', '/api/v2/verifications/:id', lookups.getVerification),
    ...['payments', 'refunds', 'verifications'].map((name) =>
      read(acquirer, 'GET', `/api/v2/healthcheck/${name}`, pass),
    ),
  ];
}

const authenticationRoutes = (acquirer: Acquirer): readonly Route[] => [
  change(acquirer, 'POST', '/api/v2/three-ds/authentications', 'authentications', authenticateCardholder),
  read(acquirer, 'GET', '/api/v2/three-ds/authentications', findAuthentication),
  // The cardholder's browser: no token, no merchant.
  { method: 'POST', pattern: '/api/v2/acs/challenge', handle: (request) => takeChallenge(acquirer, request) },
];

const disputeRoutes = (acquirer: Acquirer): readonly Route[] => [
  read(acquirer, 'GET', '/commerce/v1/disputes/health', () => json(200, { status: 'PASS' })),
  read(acquirer, 'POST', '/commerce/v1/disputes', listDisputes),
  read(acquirer, 'GET', '/commerce/v1/disputes/:id', getDispute),
  change(acquirer, 'POST', '/commerce/v1/disputes/:id/accept', 'disputes', acceptDispute),
  change(acquirer, 'POST', '/commerce/v1/disputes/:id/challenge', 'disputes', challengeDispute),
  change(acquirer, 'POST', '/commerce/v1/disputes/:id/fulfill', 'disputes', fulfillDispute),
];

const adminRoutes = (acquirer: Acquirer): readonly Route[] => [
  { method: 'POST', pattern: '/_sandbox/clients', handle: (request) => registerClient(acquirer.store, request) },
  { method: 'POST', pattern: '/_sandbox/short-payment', handle: (request) => orderShortPayment(acquirer, request) },
  { method: 'POST', pattern: '/_sandbox/disputes', handle: (request) => raiseDispute(acquirer, request) },
  { method: 'GET', pattern: '/_sandbox/disputes', handle: () => disputes(acquirer) },
  { method: 'POST', pattern: '/_sandbox/disputes/:id/advance', handle: (request) => advanceDispute(acquirer, request) },
  { method: 'POST', pattern: '/_sandbox/account', handle: (request) => setAccount(acquirer, request) },
  { method: 'GET', pattern: '/_sandbox/account', handle: () => showAccount(acquirer) },
  { method: 'GET', pattern: '/_sandbox/totals', handle: () => totals(acquirer) },
  { method: 'GET', pattern: '/_sandbox/transactions', handle: (request) => transactions(acquirer, request) },
];

/** A call that changes something; what faults of it are ordered under may depend on the request. */
const change = (
  acquirer: Acquirer,
  method: string,
  pattern: string,
  operation: OperationName | ((acquirer: Acquirer, request: Request) => OperationName),
  act: Operation,
): Route => ({ method, pattern, handle: (request) => changing(acquirer, operation, request, act) });

const read = (acquirer: Acquirer, method: string, pattern: string, look: Lookup): Route => ({
  method,
  pattern,
  handle: (request) => barrier(acquirer, request) ?? look(acquirer, request),
});

/** Reports need the token alone. */
function report(acquirer: Acquirer, request: Request): Reply | Promise<Reply> {
  if (!hasToken(acquirer.store, request)) return unauthorized('no valid token');
  return acquirer.faults.around('reports', () => issuedReport(acquirer, request));
}

async function changing(
  acquirer: Acquirer,
  operation: OperationName | ((acquirer: Acquirer, request: Request) => OperationName),
  request: Request,
  act: Operation,
): Promise<Reply> {
  const refused = barrier(acquirer, request);
  if (refused !== null) return refused;
  const requestId = header(request, 'request-id');
  if (requestId === '' || requestId.length > 40) {
    return invalid([
      { code: 'INVALID_HEADER', message: 'request-id of 1 to 40 characters is required', entity: 'request-id' },
    ]);
  }
  const name = typeof operation === 'string' ? operation : operation(acquirer, request);
  return acquirer.faults.around(name, () => act(acquirer, request, requestId));
}

/** Who may not come in, or null. */
function barrier({ store, settings }: Acquirer, request: Request): Reply | null {
  if (!hasToken(store, request)) return unauthorized('no valid token');
  const merchantId = header(request, 'merchant-id');
  if (merchantId.length < 8 || merchantId.length > 12) {
    return invalid([
      { code: 'INVALID_HEADER', message: 'merchant-id of 8 to 12 characters is required', entity: 'merchant-id' },
    ]);
  }
  return merchantId === settings.merchantId ? null : forbidden('merchant-id is not yours');
}
