/**
 * An acquirer of the hub, called at its endpoint: told of payments, asked what its own codes mean, asked whether what was pushed
 * has arrived (docs/hub.md, "What the hub calls"). Stateless; one attempt a call. As with wallets, only a signed answer counts.
 */
import { acknowledgment, callSigned, type OwnKey, type Said } from '../../ams-protocol/index.ts';
import type { Instant } from '../../base/clock.ts';
import { NetworkFault, type NetworkHttp } from '../ports/network-http.ts';
import type { AcquirerTarget, ShopAcquirer } from '../ports/shop-acquirer.ts';
import { decoded, pushed } from './answers.ts';
import { disputeBody } from './dispute-body.ts';

export interface ApsAcquirerDeps {
  /** The line to an acquirer, by its participant id: each has a circuit of its own. */
  readonly http: (participantId: string) => NetworkHttp;
  readonly own: OwnKey;
  /** Business time: of an arrival that the acquirer gives no time for. */
  readonly now: () => Instant;
  /** Wall-clock milliseconds for one exchange. */
  readonly timeoutMs: number;
}

export function createApsAcquirer(deps: ApsAcquirerDeps): ShopAcquirer {
  return {
    notify: async (target, { url, body }) => {
      if (!URL.canParse(url)) return 'no_address';
      return acknowledgment(await ask(deps, target, { url, body, purpose: 'acquirer_notify' }));
    },
    decode: async (target, { value, customerId }) => {
      const content = { acquirerId: target.participantId, codeValue: value, customerId };
      const url = `${target.endpoint}/userInitiatedPay`;
      return decoded(await ask(deps, target, { url, body: JSON.stringify(content), purpose: 'acquirer_decode' }));
    },
    inquirePush: async (target, { requestId }) => {
      const content = { acquirerId: target.participantId, paymentRequestId: requestId };
      const url = `${target.endpoint}/inquiryPushPayment`;
      const question = { url, body: JSON.stringify(content), purpose: 'acquirer_inquire_push', reference: requestId };
      return pushed(await ask(deps, target, question), deps.now);
    },
    openDispute: async (target, dispute) => {
      const url = `${target.endpoint}/${dispute.kind === 'retrieval' ? 'initiateRetrieval' : 'initiateEscalation'}`;
      const body = JSON.stringify(disputeBody(target, dispute));
      return acknowledgment(await ask(deps, target, { url, body, purpose: 'acquirer_dispute', reference: dispute.id }));
    },
  };
}

interface Question {
  readonly url: string;
  readonly body: string;
  readonly purpose: string;
  readonly reference?: string;
}

async function ask(
  { http, own, timeoutMs }: ApsAcquirerDeps,
  { participantId, keys }: AcquirerTarget,
  question: Question,
): Promise<Said> {
  const { url, body } = question;
  try {
    return await callSigned({ url, clientId: participantId, body, own, otherKeys: keys }, (headers) =>
      http(participantId).send({ method: 'POST', ...question, headers, timeoutMs }),
    );
  } catch (fault) {
    if (!(fault instanceof NetworkFault)) throw fault;
    return { believed: false, cause: fault.reached === 'no' ? 'not_reached' : 'no_answer' };
  }
}
