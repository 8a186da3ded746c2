/**
 * The AMS gateway (Antom, "Alipay Global") on the signed wire (signed-messages.ts). After the wire's own checks come, in this
 * order: path, JSON, fields; then those of the command.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findClient } from '../../ams/index.ts';
import type { App } from '../app.ts';
import type { Routes } from '../rest/routes.ts';
import {
  parseBody,
  type SignedGateway,
  sendSigned,
  serveSigned,
  type WireRefusal,
  whoSigned,
} from '../signed-messages.ts';
import { cancel, capture, inquiryRefund, refund } from './after-payment.ts';
import { type Answer, type Endpoint, refused } from './call.ts';
import { consult } from './consult.ts';
import { readFields } from './fields.ts';
import { createPaymentSession, inquiryPayment, pay } from './pay.ts';
import { resultOf } from './results.ts';

/** What is offered, by its path below `/ams/api/v1/` or `/ams/sandbox/api/v1/`. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'payments/pay': pay,
  'payments/inquiryPayment': inquiryPayment,
  'payments/cancel': cancel,
  'payments/capture': capture,
  'payments/refund': refund,
  'payments/inquiryRefund': inquiryRefund,
  'payments/consult': consult,
  'payments/createPaymentSession': createPaymentSession,
};

export const AMS: SignedGateway = {
  prefix: '/ams/',
  answer: answerTo,
  refused,
  failed: () => ({
    result: resultOf('UNKNOWN_EXCEPTION', 'the outcome is not known; inquire, or repeat with the same id'),
  }),
};

export const amsRoutes = (server: Routes, app: App): void => serveSigned(server, app, AMS);

/** For what never gets to a route: too much at once, an address that is none. */
export const sendAmsRefusal = (
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: WireRefusal,
): Promise<FastifyReply> => sendSigned(app, request, reply, refused(refusal));

async function answerTo(app: App, request: FastifyRequest, body: Buffer): Promise<Answer> {
  const { db } = app.journal;
  const signer = await whoSigned(request, body, (clientId) => findClient(db, clientId));
  if (!signer.ok) return refused(signer.error);
  const endpoint = endpointOf(request.url);
  if (endpoint === undefined) return refused({ code: 'unknown_api', detail: 'this API is not offered here' });
  const parsed = parseBody(body);
  if (!parsed.ok) return refused(parsed.error);
  return endpoint({ app, client: signer.value, fields: readFields(parsed.value) });
}

/** Both families, and the doubled slash that some clients write. */
function endpointOf(url: string): Endpoint | undefined {
  const name = /^\/ams\/(?:sandbox\/)?api\/+v1\/([A-Za-z/]+)$/.exec(url.split('?')[0] as string)?.[1];
  return name !== undefined && Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
}
