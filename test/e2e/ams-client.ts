/**
 * A client of the AMS wire, written from its documentation alone: it shares nothing with src, so that two mistakes cannot
 * cancel out. It can write each of the five forms of request time, either form of the request line, and be wrong on purpose.
 */
import assert from 'node:assert/strict';
import { createSign, createVerify, type KeyObject } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';

export interface AmsSettings {
  /** http or https origin. */
  readonly origin: string;
  readonly clientId: string;
  readonly merchantKey: KeyObject;
  readonly gatewayKey: KeyObject;
  /** The certificate to trust, and nothing else. */
  readonly ca?: string;
}

export interface AmsAnswer {
  readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage: string };
  // The rest differs by API; tests say what they expect.
  readonly [field: string]: unknown;
}

export interface SendOptions {
  readonly method?: string;
  readonly time?: string;
  readonly keyVersion?: string;
  readonly clientId?: string;
  readonly key?: KeyObject;
  /** Sent instead of the body that was signed. */
  readonly sentBody?: Uint8Array;
  /** The request line carries the whole address. */
  readonly absolute?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Taken out before sending. */
  readonly without?: string;
}

export interface Exchange {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly text: string;
  readonly answer: AmsAnswer;
}

export function signatureOf(content: Uint8Array, head: string, key: KeyObject): string {
  const signer = createSign('RSA-SHA256');
  signer.update(Buffer.from(head, 'utf8'));
  signer.update(content);
  return encodeURIComponent(signer.sign(key, 'base64'));
}

export function createAmsClient(settings: AmsSettings) {
  const send = async (path: string, body: string | Uint8Array, options: SendOptions = {}): Promise<Exchange> => {
    const { clientId = settings.clientId, time = String(Date.now()), keyVersion = '1' } = options;
    const content = Buffer.from(body);
    const signature = signatureOf(content, `POST ${path}\n${clientId}.${time}.`, options.key ?? settings.merchantKey);
    const headers: Record<string, string> = {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Request-Time': time,
      Signature: `algorithm=RSA256,keyVersion=${keyVersion},signature=${signature}`,
      ...options.headers,
    };
    if (options.without !== undefined) delete headers[options.without];
    const exchange = await post(settings, path, options.sentBody ?? content, headers, options);
    verify(settings, path, clientId, exchange);
    return exchange;
  };
  return {
    send,
    /** Signs and sends a request, checks the signature of its answer, and returns it. */
    call: async (operation: string, body: object, options: SendOptions = {}): Promise<AmsAnswer> =>
      (await send(`/ams/api/v1/${operation}`, JSON.stringify(body), options)).answer,
  };
}

export type AmsClientOfTest = ReturnType<typeof createAmsClient>;

function post(
  { origin, ca }: AmsSettings,
  path: string,
  body: Uint8Array,
  headers: Record<string, string>,
  { absolute = false, method = 'POST' }: SendOptions,
): Promise<Exchange> {
  const url = new URL(origin);
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)({
      host: url.hostname,
      port: url.port,
      method,
      path: absolute ? `${secure ? 'https' : 'http'}://127.0.0.1${path}` : path,
      headers: { ...headers, 'Content-Length': String(body.length) },
      agent: false,
      ...(ca === undefined ? {} : { ca }),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      if (secure) assert.ok((response.socket as TLSSocket).authorized);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, rawHeaders } = response;
        resolve({ status, rawHeaders, text, answer: JSON.parse(text) as AmsAnswer });
      });
    });
    outgoing.end(body);
  });
}

/** As the strictest of the official clients does: status 200, exact lower-case names, a signature over the raw body. */
function verify(
  { gatewayKey }: AmsSettings,
  path: string,
  clientId: string,
  { status, rawHeaders, text, answer }: Exchange,
) {
  assert.equal(status, 200, text);
  const header = (name: string): string => {
    const at = rawHeaders.findIndex((each, index) => index % 2 === 0 && each === name);
    assert.notEqual(at, -1, `no header ${name}`);
    return rawHeaders[at + 1] as string;
  };
  const [said, time] = [header('client-id'), header('response-time')];
  assert.equal(said, clientId);
  const signature = /^algorithm=RSA256,keyVersion=\d+,signature=([A-Za-z0-9%]+)$/.exec(header('signature'))?.[1];
  assert.ok(signature, 'a url-encoded signature');
  const verifier = createVerify('RSA-SHA256');
  verifier.update(`POST ${path}\n${said}.${time}.${text}`);
  assert.ok(
    verifier.verify(gatewayKey, Buffer.from(decodeURIComponent(signature), 'base64')),
    'the signature is right',
  );
  assert.match(answer.result.resultStatus, /^[SFU]$/);
}
