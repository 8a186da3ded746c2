/**
 * POST /alipayplus/acqp/{acquirer}/{operation}: checks who calls, lets the operation act in one transaction, signs what it answers.
 * Every answer of the business is HTTP 200. The checks stand in the order of docs/sandbox-shops.md; an ordered fault is taken after
 * the signature, so that none is spent on a call that was wrong anyway.
 */
import { sleep } from '../../src/base/clock.ts';
import type { Fault } from '../base/faults.ts';
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Fields } from '../base/message-fields.ts';
import type { Answer } from '../base/message-result.ts';
import { callerRefusal, messageReply, signedReply } from '../base/signed-reply.ts';
import type { Acquirer } from './acquirer.ts';
import { initiateEscalation, initiateRetrieval } from './disputes.ts';
import { acquirerKey } from './keys.ts';
import { refused } from './messages.ts';
import { notifyPayment } from './notify-payment.ts';
import { userInitiatedPay } from './private-code.ts';
import { inquiryPushPayment } from './push-payment.ts';
import { FAULT_KINDS, OPERATIONS, type OperationName, type Shops } from './shops.ts';

const ACTS: Readonly<Record<OperationName, (shops: Shops, acquirer: Acquirer, fields: Fields) => Answer>> = {
  notifyPayment,
  userInitiatedPay,
  inquiryPushPayment,
  initiateRetrieval,
  initiateEscalation,
};

export async function answerHub(shops: Shops, request: Request): Promise<Reply> {
  const acquirer = shops.list.find(request.params.acquirer ?? '');
  if (acquirer === null) return messageReply(JSON.stringify(refused('INVALID_CLIENT', 'there is no such acquirer')));
  const sign = (text: string): Promise<Reply> => signed(shops, acquirer, request, text);
  const wrong = callerRefusal(shops.store, acquirer.acquirerId, request);
  if (wrong !== null) return sign(JSON.stringify(refused(...wrong)));
  const operation = OPERATIONS.find((known) => known === request.params.operation);
  if (operation === undefined) return sign(JSON.stringify(refused('NO_INTERFACE_DEF')));
  const fault = shops.faults.take(operation, FAULT_KINDS);
  if (fault?.kind === 'drop_before') return { hangUp: true };
  if (fault?.kind === 'http_500' || fault?.kind === 'http_503')
    return {
      status: fault.kind === 'http_500' ? 500 : 503,
      headers: { 'content-type': 'text/plain' },
      body: 'ordered',
    };
  const fields = bodyObject(request);
  const answer =
    fields === null
      ? refused('PARAM_ILLEGAL', 'the body is no JSON object')
      : shops.store.transaction(() => ACTS[operation](shops, acquirer, fields));
  return withFault(fault, JSON.stringify(answer), sign);
}

async function withFault(fault: Fault | null, text: string, sign: (text: string) => Promise<Reply>): Promise<Reply> {
  switch (fault?.kind) {
    case 'drop_after':
      return { hangUp: true };
    case 'malformed':
      return sign(text.slice(0, Math.floor(text.length / 2)));
    case 'delay':
      await sleep(fault.delayMs);
      return sign(text);
    default:
      return sign(text);
  }
}

async function signed({ store }: Shops, { acquirerId }: Acquirer, { path }: Request, body: string): Promise<Reply> {
  const key = await acquirerKey(store, acquirerId);
  return signedReply({ clientId: acquirerId, key }, path, body);
}
