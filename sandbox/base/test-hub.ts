/**
 * A hub in memory for the tests of its participants: it signs and verifies by node:crypto directly, answers as a test orders, and remembers
 * what it was told.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { instant, wallNow } from '../../src/base/clock.ts';
import { type Reply, type Request, type RunningServer, serve } from './http-server.ts';

export type Body = Record<string, unknown>;

export interface HubRequest {
  readonly path: string;
  readonly clientId: string;
  readonly body: Body;
  readonly verified: boolean;
}

export interface TestHub {
  readonly url: string;
  /** What participants asked and told, in order. */
  readonly asked: readonly HubRequest[];
  /** Answers the next call of a path; without one, `result` S and whatever the path's standing answer is. */
  answerWith(path: string, answer: (body: Body) => Body | 'hang up' | 'unsigned'): void;
}

export interface Answered {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly headers: Headers;
  /** By the participant's public key, over the bytes as they came. */
  readonly verified: boolean;
}

export interface CallChanges {
  readonly clientId?: string;
  readonly time?: string;
  readonly signedBody?: string;
  readonly keyVersion?: string;
  readonly signature?: string;
}

export const S = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };

/** Who is called, and what its answer must be signed with. */
export interface Called {
  readonly url: string;
  readonly path: string;
  readonly clientId: string;
  readonly key: KeyObject;
}

/** A signed call of the hub; `changes` make it wrong. */
export async function callAsHub(
  { url, path, clientId: participant, key }: Called,
  privateKey: KeyObject,
  body: unknown,
  changes: CallChanges = {},
): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const clientId = changes.clientId ?? participant;
  const requestTime = changes.time ?? instant(wallNow());
  const material = `POST ${path}\n${clientId}.${requestTime}.${changes.signedBody ?? text}`;
  const signature = encodeURIComponent(sign('sha256', Buffer.from(material), privateKey).toString('base64'));
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Request-Time': requestTime,
      Signature:
        changes.signature ?? `algorithm=RSA256, keyVersion=${changes.keyVersion ?? '1'}, signature=${signature}`,
    },
    body: text,
  });
  return answered(response, path, key);
}

async function answered(response: Response, path: string, key: KeyObject): Promise<Answered> {
  const text = await response.text();
  const { headers, status } = response;
  const material = `POST ${path}\n${headers.get('client-id')}.${headers.get('response-time')}.${text}`;
  const verified = verifies(material, headers.get('signature'), key);
  let body: Body = {};
  try {
    body = JSON.parse(text) as Body;
  } catch {
    // Malformed on order; the test looks at the text.
  }
  return { status, text, headers, body, verified };
}

function verifies(material: string, header: string | null, key: KeyObject): boolean {
  const signature = /signature=(\S+)$/.exec(header ?? '')?.[1];
  if (signature === undefined) return false;
  return verify('sha256', Buffer.from(material), key, Buffer.from(decodeURIComponent(signature), 'base64'));
}

export const spki = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

/** A hub that verifies whatever comes to `paths`, remembers it and answers as ordered. */
export async function startTestHub(
  privateKey: KeyObject,
  { paths, keyOf }: { readonly paths: readonly string[]; keyOf(clientId: string): Promise<KeyObject> | null },
): Promise<{ hub: TestHub; server: RunningServer }> {
  const asked: HubRequest[] = [];
  const ordered: { path: string; answer: Parameters<TestHub['answerWith']>[1] }[] = [];
  const handle = async (request: Request): Promise<Reply> => {
    const of = (name: string): string => String(request.headers[name] ?? '');
    const clientId = of('client-id');
    const material = `POST ${request.path}\n${clientId}.${of('request-time')}.${request.body.toString('utf8')}`;
    const key = await keyOf(clientId);
    const verified = key !== null && verifies(material, of('signature'), key);
    const body = JSON.parse(request.body.toString('utf8')) as Body;
    asked.push({ path: request.path, clientId, body, verified });
    const at = ordered.findIndex(({ path }) => path === request.path);
    const answer = at < 0 ? { result: S } : (ordered.splice(at, 1)[0]?.answer(body) ?? { result: S });
    if (answer === 'hang up') return { hangUp: true };
    const text = JSON.stringify(answer === 'unsigned' ? { result: S } : answer);
    const time = instant(wallNow());
    const signed = sign('sha256', Buffer.from(`POST ${request.path}\n${clientId}.${time}.${text}`), privateKey);
    const signature = `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signed.toString('base64'))}`;
    const headers = { 'client-id': clientId, 'response-time': time, ...(answer === 'unsigned' ? {} : { signature }) };
    return { status: 200, headers, body: text };
  };
  const server = await serve(
    0,
    paths.map((pattern) => ({ method: 'POST', pattern, handle })),
  );
  const hub: TestHub = {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    answerWith: (path, answer) => void ordered.push({ path, answer }),
  };
  return { hub, server };
}

export const codeOf = (answer: Answered, part: 'result' | 'paymentResult' = 'result'): unknown =>
  (answer.body[part] as Body | undefined)?.resultCode;
