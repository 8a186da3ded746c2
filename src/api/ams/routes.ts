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
  keyObjectOf,
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
import { type Answer, type Endpoint, refused } from './call.ts';
import { consult } from './consult.ts';
import { readFields } from './fields.ts';
import { createPaymentSession, inquiryPayment, pay } from './pay.ts';
import { type GatewayRefusal, resultOf } from './results.ts';

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

const FRESH_MS = 5 * 60_000;
const KEY_VERSION = '1';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function amsRoutes(server: Routes, app: App): void {
  if (app.ams.key === null) return;
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => sendSigned(app, request, reply, answerToFault(app, error)));
    scope.route({
      method: [...METHODS],
      url: '/ams/*',
      schema: { hide: true },
      handler: async (request, reply) => {
        const answer = await answerTo(app, request).catch((error: unknown) => answerToFault(app, error));
        return sendSigned(app, request, reply, answer);
      },
    });
  });
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
  const body = (request.body ?? Buffer.alloc(0)) as Buffer;
  const signer = await whoSigned(request, body, (clientId) => findClient(db, clientId));
  if (!signer.ok) return refused(signer.error);
  const endpoint = endpointOf(request.url);
  if (endpoint === undefined) return refused({ code: 'unknown_api', detail: 'this API is not offered here' });
  const parsed = parseBody(body);
  if (!parsed.ok) return refused(parsed.error);
  return endpoint({ app, client: signer.value, fields: readFields(parsed.value) });
}

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
  const name = /^\/ams\/(?:sandbox\/)?api\/+v1\/([A-Za-z/]+)$/.exec(url.split('?')[0] as string)?.[1];
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
