/**
 * POST /alipayplus/mpp/{walletId}/{operation}: checks who calls, lets the operation act in one transaction, signs what it answers.
 * Every answer of the business is HTTP 200. The checks stand in the order of docs/sandbox-wallets.md; an ordered fault is taken
 * after the signature, so that none is spent on a call that was wrong anyway.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Fields } from '../base/message-fields.ts';
import type { Answer } from '../base/message-result.ts';
import { answerUnder } from '../base/signed-faults.ts';
import { callerRefusal, messageReply, signedReply } from '../base/signed-reply.ts';
import { cancelPayment, inquiryPayment } from './after-payment.ts';
import { notifyDispute } from './disputes.ts';
import { walletKey } from './keys.ts';
import { refused } from './messages.ts';
import { pay } from './pay.ts';
import { refund } from './refund.ts';
import { applyToken, cancelToken } from './tokens.ts';
import type { Wallet } from './wallet.ts';
import { FAULT_KINDS, OPERATIONS, type OperationName, type Wallets } from './wallets.ts';

const ACTS: Readonly<Record<OperationName, (wallets: Wallets, wallet: Wallet, fields: Fields) => Answer>> = {
  pay,
  inquiryPayment,
  cancelPayment,
  refund,
  applyToken,
  cancelToken,
  notifyDispute,
};

export async function answerHub(wallets: Wallets, request: Request): Promise<Reply> {
  const wallet = wallets.list.find(request.params.walletId ?? '');
  if (wallet === null) return messageReply(JSON.stringify(refused('INVALID_CLIENT', 'there is no such wallet')));
  const wrong = callerRefusal(wallets.store, wallet.pspId, request);
  if (wrong !== null) return signed(wallets, wallet, request, JSON.stringify(refused(...wrong)));
  const operation = OPERATIONS.find((known) => known === request.params.operation);
  if (operation === undefined) return signed(wallets, wallet, request, JSON.stringify(refused('NO_INTERFACE_DEF')));
  const fault = wallets.faults.take(operation, FAULT_KINDS);
  return answerUnder(
    fault,
    () => act(wallets, wallet, { operation, request }),
    (text) => signed(wallets, wallet, request, text),
  );
}

interface Called {
  readonly operation: OperationName;
  readonly request: Request;
}

function act(wallets: Wallets, wallet: Wallet, { operation, request }: Called): Answer {
  const fields = bodyObject(request);
  if (fields === null) return refused('PARAM_ILLEGAL', 'the body is no JSON object');
  return wallets.store.transaction(() => ACTS[operation](wallets, wallet, fields));
}

async function signed({ store }: Wallets, wallet: Wallet, { path }: Request, body: string): Promise<Reply> {
  const key = await walletKey(store, wallet.walletId);
  return signedReply({ clientId: wallet.pspId, key }, path, body);
}
