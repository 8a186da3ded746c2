/**
 * Reason codes of disputes, by brand. The codes are the card schemes'; the titles are ours, short. `kind` is what an answer has
 * to be about: who made the payment, whether it was authorized, how it was processed, or what the buyer got for it. A code
 * that is not here is shown as the network wrote it, with kind `other`.
 */
import type { ReasonKind } from './case.ts';

interface ReasonLine {
  readonly title: string;
  readonly kind: ReasonKind;
}

const line = (kind: ReasonKind, title: string): ReasonLine => ({ kind, title });

export const REASONS: Readonly<Record<string, Readonly<Record<string, ReasonLine>>>> = {
  visa: {
    '10.1': line('fraud', 'Counterfeit, chip liability shift'),
    '10.2': line('fraud', 'Lost or stolen, chip liability shift'),
    '10.3': line('fraud', 'Fraud, card present'),
    '10.4': line('fraud', 'Fraud, card absent'),
    '10.5': line('fraud', 'Named by the fraud monitoring program'),
    '11.1': line('authorization', 'Card was on the recovery bulletin'),
    '11.2': line('authorization', 'Authorization was declined'),
    '11.3': line('authorization', 'No authorization, or presented too late'),
    '12.2': line('processing', 'Wrong transaction code'),
    '12.3': line('processing', 'Wrong currency'),
    '12.4': line('processing', 'Wrong account number'),
    '12.5': line('processing', 'Wrong amount'),
    '12.6.1': line('processing', 'Processed twice'),
    '12.6.2': line('processing', 'Paid by other means'),
    '12.7': line('processing', 'Invalid data'),
    '13.1': line('consumer', 'Goods or services not received'),
    '13.2': line('consumer', 'Canceled recurring payment'),
    '13.3': line('consumer', 'Not as described, or defective'),
    '13.4': line('consumer', 'Counterfeit goods'),
    '13.5': line('consumer', 'Misrepresentation'),
    '13.6': line('consumer', 'Credit not processed'),
    '13.7': line('consumer', 'Canceled goods or services'),
    '13.8': line('consumer', 'Original credit not accepted'),
    '13.9': line('consumer', 'Cash not received'),
  },
  mastercard: {
    4837: line('fraud', 'Not authorized by the cardholder'),
    4849: line('fraud', 'Questionable merchant activity'),
    4870: line('fraud', 'Chip liability shift'),
    4871: line('fraud', 'Chip and PIN liability shift'),
    4808: line('authorization', 'Authorization'),
    4834: line('processing', 'Error at the point of interaction'),
    4853: line('consumer', 'Dispute of the cardholder'),
  },
  'american-express': {
    F29: line('fraud', 'Fraud, card not present'),
    C08: line('consumer', 'Goods or services not received'),
    C31: line('consumer', 'Not as described'),
  },
};

/** The line of a brand's code; the code as the network writes it, whatever stands around it. */
export const findReason = (brand: string, code: string): ReasonLine | null =>
  REASONS[brand.toLowerCase()]?.[code.trim().toUpperCase()] ?? null;
