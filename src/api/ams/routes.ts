/**
 * The AMS wire (Antom, "Alipay Global"): POST with a signature over the raw body, answered with HTTP 200 and a signed body
 * whatever the outcome, for the official clients look no further at any other status. Header names are in lower case.
 *
 * Checks in this fixed order, the first refusal wins: too much at once, method, body too large or broken off, headers,
 * client, key version, signature, time of the request, path, JSON, fields; then those of the command. Nothing is told to
 * whoever has no valid signature but why it is none. The time is wall-clock time, five minutes both ways. An identical
 * repeat is no special case: its request id finds what the first one did, and the answer is signed anew.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AmsClient, findClient } from '../../ams/index.ts';
import {
  formatSignatureHeader,
  formatTime,
  parseRequestTime,
  parseSignatureHeader,
  signMessage,
  verifyMessage,
} from '../../ams-protocol/index.ts';
import { wallNow } from '../../base/clock.ts';
import { toPlain } from '../../base/json.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { AmsGateway, App } from '../app.ts';
import type { Routes } from '../rest/routes.ts';
import { cancel, capture, inquiryRefund, refund } from './after-payment.ts';
import { submitAttachmentOf } from './attachments.ts';
import { type Answer, type Endpoint, refused } from './call.ts';
import { consult } from './consult.ts';
import { acceptDispute, downloadDisputeEvidence, supplyDefenseDocument } from './disputes.ts';
import { readFields } from './fields.ts';
import { createPayout, createTransfer, inquireBalance } from './funds.ts';
import { keyObjectOf } from './key-objects.ts';
import { register, updateSettlementInfo } from './merchants.ts';
import { type Parts, readParts } from './multipart.ts';
import { createPaymentSession, inquiryPayment, pay } from './pay.ts';
import { type GatewayRefusal, resultOf } from './results.ts';
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
  'payments/settle': settle,
  'payments/acceptDispute': acceptDispute,
  'payments/supplyDefenseDocument': supplyDefenseDocument,
  'payments/downloadDisputeEvidence': downloadDisputeEvidence,
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

const FRESH_MS = 5 * 60_000;
const KEY_VERSION = '1';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function amsRoutes(server: Routes, app: App): void {
  if (app.ams.key === null) return;
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => sendSigned(app, request, reply, answerToFault(app, error)));
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const answer = await answerTo(app, request).catch((error: unknown) => answerToFault(app, error));
      return sendSigned(app, request, reply, answer);
    };
    scope.route({ method: [...METHODS], url: '/ams/*', bodyLimit: BODY_LIMIT, schema: { hide: true }, handler });
    const uploads = fewAtOnce(app, MOST_UPLOADS);
    for (const url of [`/ams/${ATTACHMENT_PATH}`, `/ams/sandbox/${ATTACHMENT_PATH}`])
      scope.route({ method: 'POST', url, bodyLimit: FILE_BODY_LIMIT, schema: { hide: true }, ...uploads, handler });
  });
}

/** Hooks that refuse whoever comes while that many are being read and answered. */
function fewAtOnce(app: App, most: number) {
  const running = new Set<string>();
  return {
    onRequest: async ({ id }: FastifyRequest): Promise<void> => {
      if (running.size >= most) throw Object.assign(new Error('too many uploads'), { code: 'busy' });
      running.add(id);
    },
    onResponse: async ({ id }: FastifyRequest): Promise<void> => {
      running.delete(id);
    },
    onRequestAbort: async ({ id }: FastifyRequest): Promise<void> => {
      running.delete(id);
      app.log.info({ id }, 'an upload was broken off');
    },
  };
}

/** True for what is answered here and not with a problem. */
export const isAms = ({ ams }: App, url: string): boolean => ams.key !== null && url.startsWith('/ams/');

/** For what never gets to a route: too much at once, an address that is none. */
export const sendAmsRefusal = (
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: GatewayRefusal,
): Promise<FastifyReply> => sendSigned(app, request, reply, refused(refusal));

/** Clients that know one form only write the whole address into the request line (RFC 9112, 3.2.2); routes know the path. */
export const pathOfTarget = (target: string): string =>
  /^https?:\/\/[^/?#]*(?<path>[/?].*)?$/i.exec(target)?.groups?.path?.replace(/^\?/, '/?') ??
  (/^https?:/i.test(target) ? '/' : target);

async function answerTo(app: App, request: FastifyRequest): Promise<Answer> {
  const { db } = app.journal;
  if (request.method !== 'POST') return refused(NOT_POST);
  const { body, files } = await partsOf(request);
  const signer = await whoSigned(request, body, (clientId) => findClient(db, clientId));
  if (!signer.ok) return refused(signer.error);
  const endpoint = endpointOf(request.url);
  if (endpoint === undefined) return refused({ code: 'unknown_api', detail: 'this API is not offered here' });
  const parsed = parseBody(body);
  if (!parsed.ok) return refused(parsed.error);
  return endpoint({ app, client: signer.value, fields: readFields(parsed.value), files });
}

/** Where files are taken the signed body may be one part of several; everywhere else it is the whole. */
async function partsOf(request: FastifyRequest): Promise<Parts> {
  const content = (request.body ?? Buffer.alloc(0)) as Buffer;
  const whole = { body: content, files: new Map<string, Uint8Array>() };
  const takesFiles = pathOf(request.url).endsWith(ATTACHMENT_PATH);
  return (takesFiles ? await readParts(headerOf(request, 'content-type'), content) : null) ?? whole;
}

const pathOf = (url: string): string => url.split('?')[0] as string;

const NOT_POST: GatewayRefusal = { code: 'not_post', detail: 'every request is a POST' };

async function whoSigned(
  request: FastifyRequest,
  body: Buffer,
  find: (clientId: string) => Promise<AmsClient | null>,
): Promise<Result<AmsClient, Refusal>> {
  const [clientId, time, signature] = ['client-id', 'request-time', 'signature'].map((name) => headerOf(request, name));
  for (const [name, value] of Object.entries({ 'Client-Id': clientId, 'Request-Time': time, Signature: signature }))
    if (!value) return refuse('illegal_parameter', `the header ${name} is needed`);
  const parsed = parseSignatureHeader(signature as string);
  if (parsed === null) return refuse('illegal_parameter', 'the header Signature has no signature');
  const client = CLIENT_ID.test(clientId as string) ? await find(clientId as string) : null;
  if (client === null) return refuse('unknown_client', 'no such client');
  const key = client.keys.find(({ version, state }) => version === parsed.keyVersion && state === 'active');
  if (key === undefined) return refuse('unknown_key', `the client has no active key of version ${parsed.keyVersion}`);
  const message = { path: request.url, clientId: clientId as string, time: time as string, body };
  const good = parsed.algorithm === 'RSA256' && (await verifyMessage(message, parsed.signature, keyObjectOf(key)));
  if (!good) return refuse('wrong_signature', 'the signature does not fit path, client, time and body');
  const at = parseRequestTime(time as string);
  if (at === null || Math.abs(wallNow() - at) > FRESH_MS)
    return refuse('illegal_parameter', 'Request-Time must be within five minutes of now');
  return ok(client);
}

const CLIENT_ID = /^[\x21-\x7e]{1,64}$/;

const headerOf = ({ headers }: FastifyRequest, name: string): string => String(headers[name] ?? '');

/** Both families, and the doubled slash that some clients write. */
function endpointOf(url: string): Endpoint | undefined {
  const path = pathOf(url);
  if (path === `/ams/${ATTACHMENT_PATH}` || path === `/ams/sandbox/${ATTACHMENT_PATH}`) return submitAttachmentOf;
  const name = /^\/ams\/(?:sandbox\/)?api\/+v1\/([A-Za-z/]+)$/.exec(path)?.[1];
  return name !== undefined && Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
}

function parseBody(body: Buffer): Result<Record<string, unknown>, Refusal> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return ok(value as Record<string, unknown>);
  } catch {
    // Said below.
  }
  return refuse('illegal_parameter', 'the body must be one JSON object');
}

function answerToFault(app: App, error: unknown): Answer {
  const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refused({ code: 'illegal_parameter', detail: 'the body is too large' });
  if (code === 'busy') return refused({ code: 'too_often', detail: 'too much at once; try again' });
  if (statusCode !== undefined && statusCode < 500)
    return refused({ code: 'illegal_parameter', detail: 'the request is malformed' });
  app.log.error({ error: (error as Error).stack ?? String(error) }, 'an AMS request failed');
  return { result: resultOf('UNKNOWN_EXCEPTION', 'the outcome is not known; inquire, or repeat with the same id') };
}

async function sendSigned(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): Promise<FastifyReply> {
  const { privateKey } = app.ams.key as NonNullable<AmsGateway['key']>;
  const body = Buffer.from(JSON.stringify(toPlain(answer)), 'utf8');
  const sent = headerOf(request, 'client-id');
  const [clientId, time] = [CLIENT_ID.test(sent) ? sent : '', formatTime(wallNow())];
  const signature = await signMessage({ path: request.url, clientId, time, body }, privateKey);
  return reply
    .code(200)
    .header('client-id', clientId)
    .header('response-time', time)
    .header('signature', formatSignatureHeader({ keyVersion: KEY_VERSION, signature }))
    .type('application/json; charset=UTF-8')
    .send(body);
}
