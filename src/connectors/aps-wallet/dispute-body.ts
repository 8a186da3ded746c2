/** Where a wallet's dispute stands, in the words of docs/sandbox-wallets.md ("notifyDispute"). */
import { amountPart } from '../../ams-protocol/index.ts';
import type { WalletTarget } from '../ports/wallet.ts';
import type { DisputeNews } from '../ports/wallet-dispute.ts';

/** The published answers, with the code that merchants give. */
const ANSWERS = {
  full: { answer: 'ACCEPT_REFUND', responseCode: '001' },
  partial: { answer: 'ACCEPT_PARTIAL_REFUND', responseCode: '002' },
  refuse: { answer: 'REFUSE_REFUND', responseCode: '003' },
} as const;

export const disputeBody = ({ participantId }: WalletTarget, news: DisputeNews) => ({
  pspId: participantId,
  disputeId: news.claim,
  hubDisputeId: news.id,
  disputeType: news.kind.toUpperCase(),
  disputeState: news.state.toUpperCase(),
  paymentRequestId: news.reference,
  ...(news.answer === null ? {} : answerPart(news.answer)),
  ...(news.refundBy === null ? {} : { refundDueTime: news.refundBy }),
});

const answerPart = ({ kind, amount, text, evidence, bySilence }: NonNullable<DisputeNews['answer']>) => ({
  ...ANSWERS[kind],
  ...(amount === null ? {} : { amount: amountPart(amount) }),
  ...(text === '' ? {} : { text }),
  ...(evidence.length === 0 ? {} : { evidence }),
  bySilence,
});
