/** Disputes in plain words: what the payer's bank claims, what an answer must show, what speaks for it. */
import { sentence } from './states.ts';

interface ReasonWords {
  readonly claim: string;
  readonly evidence: string;
}

const REASONS: Readonly<Record<string, ReasonWords>> = {
  fraud: {
    claim: 'The cardholder says that they did not make this payment.',
    evidence: 'that the cardholder took part: an authentication, delivery to their address, earlier purchases',
  },
  authorization: {
    claim: 'The bank says that the payment was not authorized, or too late.',
    evidence: 'the approval of the payment and when it was captured',
  },
  processing: {
    claim: 'The bank says that the payment was processed wrongly, such as twice or with another amount.',
    evidence: 'the record of the payment, and of the refund if there was one',
  },
  consumer: {
    claim: 'The cardholder made the payment and says that they did not get what was agreed.',
    evidence: 'delivery, the description the buyer agreed to, letters with the buyer, or the refund',
  },
};
const UNKNOWN: ReasonWords = {
  claim: 'The network gave a reason that has no explanation here; its own words are the title.',
  evidence: 'whatever answers the reason',
};
const RECOMMENDATIONS: Readonly<Record<string, string>> = {
  liability_shift: 'Challenge it: the cardholder was authenticated, so fraud is the issuer’s to bear.',
  refunded: 'Challenge it: this payment was refunded, and the refund is the evidence.',
  no_rule: 'No rule decides this one; a person has to look.',
};
const CHANNELS: Readonly<Record<string, string>> = { card_chargeback: 'Card', wallet_escalation: 'Home wallet' };
const STAGES: Readonly<Record<string, string>> = {
  inquiry: 'Inquiry',
  chargeback: 'Chargeback',
  pre_arbitration: 'Pre-arbitration',
  arbitration: 'Arbitration',
  escalation: 'Claim of the wallet',
};

export const reasonWords = (kind: string): ReasonWords => REASONS[kind] ?? UNKNOWN;
export const recommendationWords = (because: string): string => RECOMMENDATIONS[because] ?? '';
export const channelWords = (channel: string): string => CHANNELS[channel] ?? sentence(channel);
export const stageWords = (stage: string): string => STAGES[stage] ?? sentence(stage);
