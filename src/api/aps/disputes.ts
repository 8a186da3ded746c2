/**
 * Wallets ask about payments of their users and claim them back (initiateRetrieval, initiateEscalation); acquirers answer for their
 * shops (responseRetrieval, responseEscalation). Of an order here the marketplace answers, over REST.
 */
import { parseId } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { answerWalletDispute, findWalletDispute, openWalletDispute, type WalletDispute } from '../../wallets/index.ts';
import { amountOf, timeOf } from '../ams/views.ts';
import { type Answer, type Call, type Endpoint, refused } from './call.ts';
import { SUCCESS } from './results.ts';

type Kind = WalletDispute['kind'];

const ANSWERS = { ACCEPT_REFUND: 'full', ACCEPT_PARTIAL_REFUND: 'partial', REFUSE_REFUND: 'refuse' } as const;
const WORDS = ['ACCEPT_REFUND', 'ACCEPT_PARTIAL_REFUND', 'REFUSE_REFUND'] as const;

const initiate =
  (kind: Kind) =>
  async ({ app, participant: wallet, fields }: Call): Promise<Answer> => {
    const claim = fields.needText('disputeId', 64);
    const reference = fields.needText('paymentRequestId', 64);
    const text = fields.needText('disputeReason', 256);
    const code = fields.text('disputeReasonCode', 32) ?? 'OTHER';
    const amount = fields.has('disputeAmount') ? fields.needAmount('disputeAmount') : null;
    if (fields.wrong !== null) return refused(fields.wrong);
    const reason = { code, text };
    const opened = await openWalletDispute(app.hub.deps, { wallet, kind, claim, reference, amount, reason });
    return opened.ok ? { result: SUCCESS, ...viewDispute(opened.value) } : refused(opened.error);
  };

const viewDispute = ({ claim, id, amount, respondBy, state }: WalletDispute) => ({
  disputeId: claim,
  hubDisputeId: id,
  disputeState: state.toUpperCase(),
  disputeAmount: amountOf(amount),
  responseDueTime: timeOf(respondBy),
});

const respond =
  (kind: Kind) =>
  async ({ app, participant, fields }: Call): Promise<Answer> => {
    const name = fields.needText('disputeId', 64);
    const word = fields.word('answer', WORDS);
    const text = fields.text('text', 1024) ?? '';
    const amount = readAmount(fields, word);
    if (word === null) fields.reject('answer', 'is needed');
    if (fields.wrong !== null || word === null) return refused(fields.wrong ?? NO_DISPUTE);
    const id = parseId('esc', name);
    const row = id === null ? null : await findWalletDispute(app.journal.db, id);
    const own = row?.home.kind === 'hub' && row.home.acquirer === participant.id && row.kind === kind;
    if (row === null || !own) return refused(NO_DISPUTE);
    const given = { kind: ANSWERS[word], amount, text, evidence: [], by: 'acquirer' } as const;
    const answered = await answerWalletDispute(app.hub.deps, { dispute: row.id, ...given });
    return answered.ok ? { result: SUCCESS, ...viewAnswered(answered.value) } : refused(answered.error);
  };

/** Of a part only. */
function readAmount(fields: Call['fields'], word: (typeof WORDS)[number] | null): Money | null {
  return word === 'ACCEPT_PARTIAL_REFUND' ? fields.needAmount('amount') : null;
}

/** What is accepted is refunded under the id of the dispute. */
const viewAnswered = ({ id, state, answer, refundBy }: WalletDispute) => ({
  disputeId: id,
  disputeState: state.toUpperCase(),
  ...(answer?.amount == null ? {} : { refundRequestId: id, refundAmount: amountOf(answer.amount) }),
  ...(refundBy === null ? {} : { refundDueTime: timeOf(refundBy) }),
});

const NO_DISPUTE = { code: 'unknown_dispute', detail: 'no such dispute' } as const;

export const DISPUTE_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'disputes/initiateRetrieval': { role: 'wallet', run: initiate('retrieval') },
  'disputes/initiateEscalation': { role: 'wallet', run: initiate('escalation') },
  'disputes/responseRetrieval': { role: 'acquirer', run: respond('retrieval') },
  'disputes/responseEscalation': { role: 'acquirer', run: respond('escalation') },
};
