/**
 * The acquirer's HTTP face. Order of checks: token, merchant, request id, then the ordered fault, then the operation. The
 * request id is checked before a fault is taken, so that an ordered fault is never spent on a call that was wrong anyway.
 */
import { header, json, type Reply, type Request, type Route } from '../base/http-server.ts';
import type { Acquirer, OperationName } from './acquirer.ts';
import { capturePayment } from './capture-payment.ts';
import { createPayment } from './create-payment.ts';
import { settlementDetails } from './daily-close.ts';
import { orderShortPayment } from './funds-transfer.ts';
import * as lookups from './lookups.ts';
import { forbidden, invalid, unauthorized } from './messages.ts';
import { refundPayment } from './refund-payment.ts';
import { hasToken, issueToken, registerClient } from './tokens.ts';
import { totals, transactions } from './totals.ts';
import { voidPayment } from './void-payment.ts';

type Operation = (acquirer: Acquirer, request: Request, requestId: string) => Reply;
type Lookup = (acquirer: Acquirer, request: Request) => Reply;

export function acquirerRoutes(acquirer: Acquirer): readonly Route[] {
  const { store } = acquirer;
  const change = (method: string, pattern: string, operation: OperationName, act: Operation): Route => ({
    method,
    pattern,
    handle: (request) => changing(acquirer, operation, request, act),
  });
  const read = (pattern: string, look: Lookup): Route => ({
    method: 'GET',
    pattern,
    handle: (request) => barrier(acquirer, request) ?? look(acquirer, request),
  });
  return [
    { method: 'POST', pattern: '/oauth2/token', handle: (request) => issueToken(store, request) },
    change('POST', '/api/v2/payments', 'payments', createPayment),
    change('PATCH', '/api/v2/payments/:id', 'void', voidPayment),
    change('POST', '/api/v2/payments/:id/captures', 'captures', capturePayment),
    change('POST', '/api/v2/refunds', 'refunds', refundPayment),
    read('/api/v2/payments', lookups.findPayment),
    read('/api/v2/payments/:id', lookups.getPayment),
    read('/api/v2/captures', lookups.findCapture),
    read('/api/v2/captures/:id', lookups.getCapture),
    read('/api/v2/refunds', lookups.findRefund),
    read('/api/v2/refunds/:id', lookups.getRefund),
    read('/api/v2/healthcheck/payments', () => json(200, { status: 'PASS' })),
    {
      method: 'GET',
      pattern: '/reports/settlement-details',
      handle: (request) =>
        hasToken(store, request) ? settlementDetails(acquirer, request) : unauthorized('no valid token'),
    },
    { method: 'POST', pattern: '/_sandbox/clients', handle: (request) => registerClient(store, request) },
    { method: 'POST', pattern: '/_sandbox/short-payment', handle: (request) => orderShortPayment(acquirer, request) },
    { method: 'GET', pattern: '/_sandbox/totals', handle: () => totals(acquirer) },
    { method: 'GET', pattern: '/_sandbox/transactions', handle: (request) => transactions(acquirer, request) },
    ...acquirer.faults.routes,
  ];
}

async function changing(
  acquirer: Acquirer,
  operation: OperationName,
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
  return acquirer.faults.around(operation, () => act(acquirer, request, requestId));
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
