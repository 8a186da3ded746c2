/**
 * The hub's gateway: Alipay+ messages ("APS") of acquirers and wallets on the signed wire (signed-messages.ts). After the wire's own
 * checks come, in this order: path, role, JSON, fields; then those of the command.
 */
import type { FastifyRequest } from 'fastify';
import { findParticipantByName } from '../../parties/index.ts';
import { readFields } from '../ams/fields.ts';
import type { App } from '../app.ts';
import { parseBody, type SignedGateway, whoSigned } from '../signed-messages.ts';
import { cancelPayment, refund } from './after-payment.ts';
import { type Answer, type Endpoint, refused } from './call.ts';
import { CODE_ENDPOINTS } from './code-endpoints.ts';
import { consultPayment } from './consult.ts';
import { DISPUTE_ENDPOINTS } from './disputes.ts';
import { notifyPayment } from './notify.ts';
import { inquiryPayment, pay } from './pay.ts';
import { resultOf } from './results.ts';

/** What is offered, by its path below `/aps/api/v1/` or `/aps/v1/`. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'payments/pay': { role: 'acquirer', run: pay },
  'payments/inquiryPayment': { role: 'acquirer', run: inquiryPayment },
  'payments/cancelPayment': { role: 'acquirer', run: cancelPayment },
  'payments/refund': { role: 'acquirer', run: refund },
  'payments/consultPayment': { role: 'acquirer', run: consultPayment },
  'payments/notifyPayment': { role: 'wallet', run: notifyPayment },
  ...CODE_ENDPOINTS,
  ...DISPUTE_ENDPOINTS,
};

export const APS: SignedGateway = {
  prefix: '/aps/',
  answer: answerTo,
  refused,
  failed: () => ({
    result: resultOf('UNKNOWN_EXCEPTION', 'the outcome is not known; inquire, or repeat with the same id'),
  }),
};

async function answerTo(app: App, request: FastifyRequest, body: Buffer): Promise<Answer> {
  const { db } = app.journal;
  const signer = await whoSigned(request, body, (participantId) => findParticipantByName(db, participantId));
  if (!signer.ok) return refused(signer.error);
  const participant = signer.value;
  const endpoint = endpointOf(request.url);
  if (endpoint === undefined) return refused({ code: 'unknown_api', detail: 'this API is not offered here' });
  if (participant[endpoint.role] === null)
    return refused({ code: 'access_denied', detail: `only for participants that are a ${endpoint.role}` });
  const parsed = parseBody(body);
  if (!parsed.ok) return refused(parsed.error);
  return endpoint.run({ app, participant, fields: readFields(parsed.value) });
}

function endpointOf(url: string): Endpoint | undefined {
  const name = /^\/aps\/(?:api\/)?v1\/([A-Za-z/]+)$/.exec(url.split('?')[0] as string)?.[1];
  return name !== undefined && Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
}
