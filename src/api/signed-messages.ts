/**
 * The wire that AMS and APS have in common: POST with a signature over the raw body, answered with HTTP 200 and a signed body
 * whatever the outcome, for the official clients look no further at any other status. Header names are in lower case.
 *
 * Checks in this fixed order, the first refusal wins: too much at once, method, body too large or broken off, headers,
 * client, key version, signature, time of the request, then what the gateway behind it checks. Nothing is told to whoever has
 * no valid signature but why it is none. The time is wall-clock time, five minutes both ways. An identical
 * repeat is no special case: its request id finds what the first one did, and the answer is signed anew.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  formatSignatureHeader,
  formatTime,
  keyObjectOf,
  parseRequestTime,
  parseSignatureHeader,
  signMessage,
  verifyMessage,
} from '../ams-protocol/index.ts';
import { wallNow } from '../base/clock.ts';
import { toJson } from '../base/json.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { AmsGateway, App } from './app.ts';
import type { Routes } from './rest/routes.ts';
import { mayBeUnstorable, whyNotStorable } from './storable.ts';

/** What the wire itself refuses. */
export type WireRefusal = Refusal<
  'illegal_parameter' | 'unknown_client' | 'unknown_key' | 'wrong_signature' | 'unknown_api' | 'not_post' | 'too_often'
>;

export interface SignedAnswer {
  readonly result: {
    readonly resultCode: string;
    readonly resultStatus: 'S' | 'F' | 'U';
    readonly resultMessage: string;
  };
  readonly [field: string]: unknown;
}

/** One family of signed messages. */
export interface SignedGateway {
  /** Of all its paths, `/ams/`. */
  readonly prefix: string;
  /** Bytes of a body; the server's own limit unless it says. */
  readonly bodyLimit?: number;
  /** Paths on which files come. */
  readonly uploads?: { readonly paths: readonly string[]; readonly bodyLimit: number; readonly atOnce: number };
  /** To a POST whose body is whole. */
  answer(app: App, request: FastifyRequest, body: Buffer): Promise<SignedAnswer>;
  refused(refusal: WireRefusal): SignedAnswer;
  /** The outcome is not known; the fault is logged. */
  failed(): SignedAnswer;
}

/** Whoever signs: with keys of its own, by version. */
export interface Signer {
  readonly keys: readonly {
    readonly version: string;
    readonly publicKey: string;
    readonly state: 'active' | 'withdrawn';
  }[];
}

const FRESH_MS = 5 * 60_000;
const KEY_VERSION = '1';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** All paths of the gateway; none where the installation has no key to sign with. */
export function serveSigned(server: Routes, app: App, gateway: SignedGateway): void {
  if (app.ams.key === null) return;
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) =>
      sendSigned(app, request, reply, answerToFault(app, gateway, error)),
    );
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const answer = await answerTo(app, gateway, request).catch((error: unknown) =>
        answerToFault(app, gateway, error),
      );
      return sendSigned(app, request, reply, answer);
    };
    const { prefix, bodyLimit, uploads } = gateway;
    const limit = bodyLimit === undefined ? {} : { bodyLimit };
    scope.route({ method: [...METHODS], url: `${prefix}*`, ...limit, schema: { hide: true }, handler });
    if (uploads === undefined) return;
    const few = fewAtOnce(app, uploads.atOnce);
    for (const url of uploads.paths)
      scope.route({ method: 'POST', url, bodyLimit: uploads.bodyLimit, schema: { hide: true }, ...few, handler });
  });
}

/** Hooks that refuse whoever comes while that many are being read and answered: a body is read before its signature is known. */
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

async function answerTo(app: App, gateway: SignedGateway, request: FastifyRequest): Promise<SignedAnswer> {
  if (request.method !== 'POST') return gateway.refused({ code: 'not_post', detail: 'every request is a POST' });
  return gateway.answer(app, request, (request.body ?? Buffer.alloc(0)) as Buffer);
}

/** Clients that know one form only write the whole address into the request line (RFC 9112, 3.2.2); routes know the path. */
export const pathOfTarget = (target: string): string =>
  /^https?:\/\/[^/?#]*(?<path>[/?].*)?$/i.exec(target)?.groups?.path?.replace(/^\?/, '/?') ??
  (/^https?:/i.test(target) ? '/' : target);

/** Whoever signed this body for this path a moment ago. `find` is by the name it signs with. */
export async function whoSigned<Known extends Signer>(
  request: FastifyRequest,
  body: Buffer,
  find: (clientId: string) => Promise<Known | null>,
): Promise<Result<Known, WireRefusal>> {
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

export const headerOf = ({ headers }: FastifyRequest, name: string): string => String(headers[name] ?? '');

export function parseBody(body: Buffer): Result<Record<string, unknown>, WireRefusal> {
  const text = textOf(body);
  const value = text === null ? undefined : jsonOf(text);
  if (text === null || typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('illegal_parameter', 'the body must be one JSON object');
  const wrong = mayBeUnstorable(text) ? whyNotStorable(value) : null;
  if (wrong !== null) return refuse('illegal_parameter', wrong.detail, { pointer: wrong.pointer });
  return ok(value as Record<string, unknown>);
}

function textOf(body: Buffer): string | null {
  return isUtf8(body) ? UTF_8.decode(body) : null;
}

const UTF_8 = new TextDecoder('utf-8');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerToFault(app: App, gateway: SignedGateway, error: unknown): SignedAnswer {
  const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return gateway.refused({ code: 'illegal_parameter', detail: 'the body is too large' });
  if (code === 'busy') return gateway.refused({ code: 'too_often', detail: 'too much at once; try again' });
  if (statusCode !== undefined && statusCode < 500)
    return gateway.refused({ code: 'illegal_parameter', detail: 'the request is malformed' });
  app.log.error({ error: (error as Error).stack ?? String(error), gateway: gateway.prefix }, 'a signed request failed');
  return gateway.failed();
}

export async function sendSigned(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: SignedAnswer,
): Promise<FastifyReply> {
  const { privateKey } = app.ams.key as NonNullable<AmsGateway['key']>;
  const body = Buffer.from(toJson(answer), 'utf8');
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
