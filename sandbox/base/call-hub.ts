/**
 * Signed calls of a participant to the hub. Only an answer that is HTTP 200, signed by the hub and has a result counts; anything else is
 * no answer, and why is told.
 */
import { wallNow } from '../../src/base/clock.ts';
import { timeText } from './alipay-time.ts';
import { hubKey, hubUrl, type OwnKey } from './exchange-keys.ts';
import { call } from './http-client.ts';
import { type Fields, fieldsOf, textOf } from './message-fields.ts';
import { isSignedBy, readSignatureHeader, signatureHeader } from './message-signature.ts';
import type { Store } from './store.ts';

const TIMEOUT_MS = 10_000;

export type HubAnswer =
  | {
      readonly answered: true;
      readonly code: string;
      readonly status: string;
      readonly message: string;
      readonly body: Fields;
    }
  | { readonly answered: false; readonly reason: string };

export interface HubCall {
  /** A path of the hub, or a whole address that it gave. */
  readonly to: string;
  readonly body: object;
}

/** Who calls, and the key it signs with. */
export interface Caller {
  readonly clientId: string;
  readonly key: OwnKey;
}

export async function callHubAs(store: Store, { clientId, key }: Caller, { to, body }: HubCall): Promise<HubAnswer> {
  const base = hubUrl(store);
  if (base === null) return { answered: false, reason: 'no hub is set' };
  const address = to.startsWith('/') ? base + to : to;
  if (!URL.canParse(address) || !address.startsWith('http://'))
    return { answered: false, reason: `${address} is no address of the sandbox` };
  const url = new URL(address);
  const path = url.pathname + url.search;
  const time = timeText(wallNow());
  const text = JSON.stringify(body);
  const signature = signatureHeader({ path, clientId, time, body: text }, key);
  const outcome = await call({
    method: 'POST',
    url: url.href,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature,
    },
    text,
    timeoutMs: TIMEOUT_MS,
  });
  if (!outcome.answered) return outcome;
  if (outcome.status !== 200) return { answered: false, reason: `HTTP ${outcome.status}` };
  const of = (name: string): string => String(outcome.headers[name] ?? '');
  const read = readSignatureHeader(of('signature'));
  const hub = read === null ? null : hubKey(store, read.version);
  const message = { path, clientId: of('client-id'), time: of('response-time'), body: outcome.body };
  if (read === null || hub === null || !isSignedBy(message, read.signature, hub))
    return { answered: false, reason: 'the answer is not signed by the hub' };
  return readAnswer(outcome.body);
}

function readAnswer(text: string): HubAnswer {
  const body = fieldsOf(parsed(text));
  const { resultCode, resultStatus, resultMessage } = fieldsOf(body.result);
  const code = textOf(resultCode);
  if (code === null) return { answered: false, reason: 'the answer has no result' };
  return { answered: true, code, status: String(resultStatus), message: textOf(resultMessage, 256) ?? '', body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
