/**
 * POST /alipayplus/acqp/{acquirer}/{operation}: checks who calls, lets the operation act in one transaction, signs what it answers.
 * Every answer of the business is HTTP 200. The checks stand in the order of docs/sandbox-shops.md; an ordered fault is taken after
 * the signature, so that none is spent on a call that was wrong anyway.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Fields } from '../base/message-fields.ts';
import type { Answer } from '../base/message-result.ts';
import { answerUnder } from '../base/signed-faults.ts';
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
  return answerUnder(fault, () => act(shops, acquirer, { operation, request }), sign);
}

interface Called {
  readonly operation: OperationName;
  readonly request: Request;
}

function act(shops: Shops, acquirer: Acquirer, { operation, request }: Called): Answer {
  const fields = bodyObject(request);
  if (fields === null) return refused('PARAM_ILLEGAL', 'the body is no JSON object');
  return shops.store.transaction(() => ACTS[operation](shops, acquirer, fields));
}

async function signed({ store }: Shops, { acquirerId }: Acquirer, { path }: Request, body: string): Promise<Reply> {
  const key = await acquirerKey(store, acquirerId);
  return signedReply({ clientId: acquirerId, key }, path, body);
}
