/**
 * The AMS gateway (Antom, "Alipay Global") on the signed wire (signed-messages.ts). After the wire's own checks come, in this
 * order: path, JSON, fields; then those of the command.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findClient } from '../../ams/index.ts';
import type { App } from '../app.ts';
import type { Routes } from '../rest/routes.ts';
import {
  headerOf,
  parseBody,
  type SignedGateway,
  sendSigned,
  serveSigned,
  type WireRefusal,
  whoSigned,
} from '../signed-messages.ts';
import { cancel, capture, inquiryRefund, refund } from './after-payment.ts';
import { submitAttachmentOf } from './attachments.ts';
import { applyToken, consultAuthorization, queryToken, revoke } from './authorizations.ts';
import { type Answer, type Endpoint, refused } from './call.ts';
import { consult } from './consult.ts';
import { acceptDispute, downloadDisputeEvidence, supplyDefenseDocument } from './disputes.ts';
import { inquireExchangeRate } from './exchange-rate.ts';
import { readFields } from './fields.ts';
import { createPayout, createTransfer, inquireBalance } from './funds.ts';
import { register, updateSettlementInfo } from './merchants.ts';
import { type Parts, readParts } from './multipart.ts';
import { createPaymentSession, inquiryPayment, pay } from './pay.ts';
import { resultOf } from './results.ts';
import { settle } from './settle.ts';

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
  'payments/inquireExchangeRate': inquireExchangeRate,
  'payments/settle': settle,
  'payments/acceptDispute': acceptDispute,
  'payments/supplyDefenseDocument': supplyDefenseDocument,
  'payments/downloadDisputeEvidence': downloadDisputeEvidence,
  'authorizations/consult': consultAuthorization,
  'authorizations/applyToken': applyToken,
  'authorizations/query': queryToken,
  'authorizations/revoke': revoke,
  'accounts/inquireBalance': inquireBalance,
  'funds/createTransfer': createTransfer,
  'funds/createPayout': createPayout,
  'merchants/register': register,
  'merchants/settlementInfo/update': updateSettlementInfo,
};

/** Where files are taken; below both families as well. */
const ATTACHMENT_PATH = 'api/open/openapiv2_file/v1/business/attachment/submitAttachment';
/** A document of a dispute, 1,000,000 characters of base64, and what stands around it. */
const BODY_LIMIT = 1_100_000;
/** A file of 32 MiB, and what stands around it. A body is read before its signature is known: few at once. */
const FILE_BODY_LIMIT = 33 * 1024 * 1024;
const MOST_UPLOADS = 4;

export const AMS: SignedGateway = {
  prefix: '/ams/',
  bodyLimit: BODY_LIMIT,
  uploads: {
    paths: [`/ams/${ATTACHMENT_PATH}`, `/ams/sandbox/${ATTACHMENT_PATH}`],
    bodyLimit: FILE_BODY_LIMIT,
    atOnce: MOST_UPLOADS,
  },
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

async function answerTo(app: App, request: FastifyRequest, content: Buffer): Promise<Answer> {
  const { db } = app.journal;
  const { body, files } = await partsOf(request, content);
  const signer = await whoSigned(request, body, (clientId) => findClient(db, clientId));
  if (!signer.ok) return refused(signer.error);
  const endpoint = endpointOf(request.url);
  if (endpoint === undefined) return refused({ code: 'unknown_api', detail: 'this API is not offered here' });
  const parsed = parseBody(body);
  if (!parsed.ok) return refused(parsed.error);
  return endpoint({ app, client: signer.value, fields: readFields(parsed.value), files });
}

/** Where files are taken the signed body may be one part of several; everywhere else it is the whole. */
async function partsOf(request: FastifyRequest, content: Buffer): Promise<Parts> {
  const whole = { body: content, files: new Map<string, Uint8Array>() };
  const takesFiles = pathOf(request.url).endsWith(ATTACHMENT_PATH);
  return (takesFiles ? await readParts(headerOf(request, 'content-type'), content) : null) ?? whole;
}

const pathOf = (url: string): string => url.split('?')[0] as string;

/** Both families, and the doubled slash that some clients write. */
function endpointOf(url: string): Endpoint | undefined {
  const path = pathOf(url);
  if (path === `/ams/${ATTACHMENT_PATH}` || path === `/ams/sandbox/${ATTACHMENT_PATH}`) return submitAttachmentOf;
  const name = /^\/ams\/(?:sandbox\/)?api\/+v1\/([A-Za-z/]+)$/.exec(path)?.[1];
  return name !== undefined && Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
}
