/**
 * What the network's answers mean. The default is `unknown` or `pending`; only an explicit word is final.
 *
 * Read in this order: HTTP status, responseStatus, responseCode, transactionState. Words that contradict each other are
 * `unknown`, never the more convenient one. Declines arrive with HTTP 200.
 * answer-words.ts holds the words.
 *
 * | HTTP        | operation                                    | inquiry                                 |
 * | 200         | by body                                      | by body; not_found, when it is empty    |
 * | 400, 412    | declined, when the body is the error schema  | unknown                                 |
 * | 401         | unknown (a second time; nothing was done)    | unknown                                 |
 * | 403         | declined, when the body is the error schema  | unknown: not being told is not a no     |
 * | 404         | declined, when the body says NOT_FOUND       | not_found, when it says so or is empty  |
 * | the rest    | unknown                                      | unknown                                 |
 */
import type { AcquirerAnswer, InquiryAnswer, OperationKind } from '../ports/card-acquirer.ts';
import type { NetworkResponse } from '../ports/network-http.ts';
import {
  CODES_INVALID,
  CODES_PENDING,
  CODES_UNSURE,
  contradictsSuccess,
  STATES_DONE,
  STATES_HELD,
} from './answer-words.ts';
import { type Asked, amountOf, approved } from './approval.ts';
import { checksOf } from './checks.ts';
import { declineClass } from './declines.ts';
import { type JsonObject, list, parseObject, text } from './lenient-json.ts';

/** The answer to a POST or PATCH. */
export function readAnswer(asked: Asked, response: NetworkResponse): AcquirerAnswer {
  const body = parseObject(response.body);
  switch (response.status) {
    case 200:
    case 201:
    case 202:
      return body === undefined ? unknown('malformed_answer') : byBody(asked, body);
    case 400:
    case 412:
      return refusal(body, 'VALIDATION_ERROR');
    case 403:
      return refusal(body, 'FORBIDDEN');
    case 404:
      return body !== undefined && text(body.responseCode) === 'NOT_FOUND'
        ? refusal(body, 'NOT_FOUND')
        : unknown('http_404');
    default:
      return unknown(`http_${response.status}`);
  }
}

/** The answer to a GET by requestIdentifier. */
export function readInquiryAnswer(asked: Asked, response: NetworkResponse): InquiryAnswer {
  if (response.status === 404) return absence(response);
  if (response.status !== 200 && response.status !== 204) return unknown(`http_${response.status}`);
  if (isEmpty(response)) return { outcome: 'not_found' };
  const body = parseObject(response.body);
  if (body === undefined) return unknown('malformed_answer');
  if (text(body.responseStatus) === 'ERROR' && text(body.responseCode) === 'NOT_FOUND') return { outcome: 'not_found' };
  return byBody(asked, body);
}

/**
 * The answer to GET /payments/{id}, read for a void: VOIDED is the void done; AUTHORIZED means that no void is there;
 * a captured or declined payment can no longer be voided. responseStatus here speaks of the payment, not of the void.
 */
export function readVoidInquiry(asked: Asked, response: NetworkResponse): InquiryAnswer {
  if (response.status === 404) return absence(response);
  if (response.status !== 200) return unknown(`http_${response.status}`);
  const body = parseObject(response.body);
  if (body === undefined) return unknown('malformed_answer');
  const state = text(body.transactionState) ?? '';
  if (state === 'VOIDED') return approved(asked, body, asked.amount);
  if (state === 'AUTHORIZED')
    return hasCapture(body) ? declined('ALREADY_CAPTURED', state, body) : { outcome: 'not_found' };
  if (STATES_DONE.has(state)) return declined('ALREADY_CAPTURED', state, body);
  if (state === 'DECLINED') return declined('PAYMENT_DECLINED', state, body);
  if (state === 'PENDING') return pending(text(body.transactionId));
  return unknown(`transaction_state:${state}`);
}

function byBody(asked: Asked, body: JsonObject): AcquirerAnswer {
  const requestId = text(body.requestId);
  // A void answers with the payment's record, which may carry the payment's own request.
  if (asked.kind !== 'void' && requestId !== undefined && requestId !== asked.reference)
    return unknown('answer_of_another_request');
  const code = text(body.responseCode) ?? '';
  const networkId = text(body.transactionId);
  switch (text(body.responseStatus)) {
    case 'SUCCESS':
      return contradictsSuccess(code) ? unknown(`SUCCESS with ${code}`) : bySuccess(asked, body, code);
    case 'DENIED':
      return byDenial(asked, body);
    case 'ERROR': // the host's trouble, unless the code says that the request was refused
      return CODES_INVALID.has(code) ? refusal(body, code) : unknown(code === '' ? 'ERROR' : code);
    case 'PENDING':
      return pending(networkId);
    default:
      return unknown('response_status');
  }
}

function bySuccess(asked: Asked, body: JsonObject, code: string): AcquirerAnswer {
  const networkId = text(body.transactionId);
  const state = text(body.transactionState) ?? '';
  if (CODES_PENDING.has(code) || state === 'PENDING') return pending(networkId);
  if (state === 'DECLINED' || state === 'ERROR') return unknown(`SUCCESS with ${state}`);
  if (state === 'VOIDED' && asked.kind !== 'void') {
    // A reauthorization voids the payment it replaces: whether there is a new one, this does not say.
    return asked.kind === 'reauthorize'
      ? unknown('reauthorize answered VOIDED')
      : declined('VOIDED', 'voided at the network', body);
  }
  if (!isDone(asked.kind, state, body)) {
    return asked.kind === 'void' && STATES_DONE.has(state) ? unknown(`void answered ${state}`) : pending(networkId);
  }
  if (asked.kind === 'void') return approved(asked, body, asked.amount);
  const amount = amountOf(asked, body, code);
  return typeof amount === 'string' ? unknown(amount) : approved(asked, body, amount);
}

/** Whether this state is the successful end of this operation. A sale is judged by its captures, not by captureMethod. */
function isDone(kind: OperationKind, state: string, body: JsonObject): boolean {
  switch (kind) {
    case 'authorize':
    case 'refund': // a refund ends AUTHORIZED, and CLOSED once it is settled
    case 'increment':
    case 'reverse': // CLOSED when nothing is left beside what was captured
    case 'reauthorize':
      return STATES_HELD.has(state) || STATES_DONE.has(state);
    case 'verify': // holds nothing, so the published answers carry no state at all
      return true;
    case 'sale':
      return STATES_DONE.has(state) || (STATES_HELD.has(state) && hasCapture(body));
    case 'capture':
      return STATES_DONE.has(state);
    case 'void':
      return state === 'VOIDED';
  }
}

const hasCapture = (body: JsonObject): boolean =>
  list(list(body.paymentRequest)[0]?.captures).some((capture) =>
    STATES_DONE.has(text(capture.transactionStatusCode) ?? ''),
  );

/**
 * A payment that is denied and stands authorized contradicts itself. A follow-up may carry the payment's own state (a
 * refused capture of an authorized payment), so there the denial alone speaks.
 */
function byDenial(asked: Asked, body: JsonObject): AcquirerAnswer {
  const state = text(body.transactionState) ?? '';
  const ofPayment = asked.kind === 'authorize' || asked.kind === 'sale' || asked.kind === 'verify';
  if (ofPayment && (STATES_HELD.has(state) || STATES_DONE.has(state) || state === 'PENDING')) {
    return unknown(`DENIED with ${state}`);
  }
  return refusal(body, 'DECLINED');
}

/** An explicit no with its code; the codes that leave open whether the host acted are not a no. */
function refusal(body: JsonObject | undefined, fallbackCode: string): AcquirerAnswer {
  const status = body === undefined ? undefined : text(body.responseStatus);
  if (body === undefined || (status !== 'ERROR' && status !== 'DENIED')) return unknown('malformed_answer');
  const code = text(body.responseCode) ?? fallbackCode;
  if (CODES_UNSURE.some((pattern) => pattern.test(code))) return unknown(code);
  const errors = list(body.validationErrors).map((error) =>
    `${text(error.entity) ?? ''} ${text(error.message) ?? ''}`.trim(),
  );
  const message = [text(body.responseMessage) ?? text(body.hostMessage) ?? code, ...errors].join('; ');
  return declined(code, message, body);
}

/**
 * Of a request that it timed out on the network keeps no record, and the lookup answers empty: by its own words that is
 * how one learns of it. In what form is not written, so every form of nothing counts.
 */
const isEmpty = ({ body }: NetworkResponse): boolean =>
  /^\s*(\{\s*\}|\[\s*\])?\s*$/.test(new TextDecoder().decode(body));

/** A 404 is `not_found` when the network says NOT_FOUND or nothing; a page of some proxy or router is no word of it. */
function absence(response: NetworkResponse): InquiryAnswer {
  const says = text(parseObject(response.body)?.responseCode);
  return response.body.length === 0 || says === 'NOT_FOUND' ? { outcome: 'not_found' } : unknown('http_404');
}

const unknown = (cause: string): { readonly outcome: 'unknown'; readonly cause: string } => ({
  outcome: 'unknown',
  cause,
});

const pending = (networkId: string | undefined): AcquirerAnswer => ({
  outcome: 'pending',
  ...(networkId === undefined ? {} : { networkId }),
});

function declined(code: string, message: string, body: JsonObject): AcquirerAnswer {
  const networkId = text(body.transactionId);
  const meaning = declineClass(code, body);
  const checks = checksOf(body);
  return {
    outcome: 'declined',
    code,
    message,
    ...(networkId === undefined ? {} : { networkId }),
    ...(meaning === undefined ? {} : { class: meaning }),
    ...(checks === undefined ? {} : { checks }),
  };
}
