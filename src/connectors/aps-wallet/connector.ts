/**
 * A home wallet over Alipay+ messages (docs/sandbox-wallets.md has them), one connector for all: which wallet it is comes with
 * each call, so a new one is data. Stateless; no retries of its own: whoever asks again does so by the same reference.
 *
 * An answer counts only when it is HTTP 200, signed with a key of that wallet, and about what was asked; anything else is
 * `unknown`, for the wallet may have acted all the same.
 */
import { acknowledgment, callSigned, type OwnKey, type Said } from '../../ams-protocol/index.ts';
import { NetworkFault, type NetworkHttp } from '../ports/network-http.ts';
import type { WalletNetwork, WalletTarget } from '../ports/wallet.ts';
import { canceled, found, paid, refunded, token, tokenCanceled } from './answers.ts';
import { disputeBody } from './dispute-body.ts';
import { payBody, refundBody } from './pay-body.ts';

export interface ApsWalletDeps {
  /** The line to a wallet, by its participant id: each has a circuit of its own. */
  readonly http: (participantId: string) => NetworkHttp;
  readonly own: OwnKey;
  /** Wall-clock milliseconds for one exchange. */
  readonly timeoutMs: number;
}

export function createApsWallet(deps: ApsWalletDeps): WalletNetwork {
  return {
    pay: async (target, request) =>
      paid(await ask(deps, target, { ...PAY, reference: request.reference, body: payBody(target, request) }), {
        ...request,
        participantId: target.participantId,
      }),
    inquire: async (target, { reference, acquirer }) =>
      found(await ask(deps, target, { ...INQUIRE, reference, body: named(target, reference, acquirer) }), {
        reference,
        participantId: target.participantId,
      }),
    cancel: async (target, { reference, acquirer }) =>
      canceled(await ask(deps, target, { ...CANCEL, reference, body: named(target, reference, acquirer) })),
    refund: async (target, request) =>
      refunded(await ask(deps, target, { ...REFUND, reference: request.reference, body: refundBody(target, request) })),
    applyToken: async (target, authCode) =>
      token(await ask(deps, target, { ...APPLY_TOKEN, body: { pspId: target.participantId, authCode } })),
    refreshToken: async (target, refreshToken) =>
      token(
        await ask(deps, target, { ...APPLY_TOKEN, body: { pspId: target.participantId, ...REFRESH, refreshToken } }),
      ),
    cancelToken: async (target, accessToken) =>
      tokenCanceled(await ask(deps, target, { ...CANCEL_TOKEN, body: { pspId: target.participantId, accessToken } })),
    notifyDispute: async (target, news) =>
      acknowledgment(
        await ask(deps, target, { ...NOTIFY_DISPUTE, reference: news.reference, body: disputeBody(target, news) }),
      ),
  };
}

const PAY = { operation: 'pay', purpose: 'wallet_pay' };
const INQUIRE = { operation: 'inquiryPayment', purpose: 'wallet_inquire' };
const CANCEL = { operation: 'cancelPayment', purpose: 'wallet_cancel' };
const REFUND = { operation: 'refund', purpose: 'wallet_refund' };
const APPLY_TOKEN = { operation: 'applyToken', purpose: 'wallet_apply_token' };
const REFRESH = { grantType: 'REFRESH_TOKEN' };
const NOTIFY_DISPUTE = { operation: 'notifyDispute', purpose: 'wallet_notify_dispute' };
const CANCEL_TOKEN = { operation: 'cancelToken', purpose: 'wallet_cancel_token' };

const named = ({ participantId }: WalletTarget, reference: string, acquirer: string): object => ({
  acquirerId: acquirer,
  pspId: participantId,
  paymentRequestId: reference,
});

interface Question {
  readonly operation: string;
  readonly purpose: string;
  readonly reference?: string;
  readonly body: object;
}

async function ask(
  { http, own, timeoutMs }: ApsWalletDeps,
  { participantId, endpoint, keys }: WalletTarget,
  { operation, purpose, reference, body: content }: Question,
): Promise<Said> {
  const url = `${endpoint}/${operation}`;
  const body = JSON.stringify(content);
  const request = { method: 'POST', url, body, timeoutMs, purpose } as const;
  const logged = reference === undefined ? {} : { reference };
  try {
    return await callSigned({ url, clientId: participantId, body, own, otherKeys: keys }, (headers) =>
      http(participantId).send({ ...request, ...logged, headers }),
    );
  } catch (fault) {
    if (!(fault instanceof NetworkFault)) throw fault;
    return { believed: false, cause: fault.reached === 'no' ? 'not_reached' : 'no_answer' };
  }
}
