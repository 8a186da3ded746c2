/**
 * Reason codes of the schemes with what they mean, for disputes raised by hand. Compiled from public documents of payment
 * providers, not an official table; a code that is not here is taken too, as the schemes add new ones.
 */
const REASONS: Readonly<Record<string, string>> = {
  '10.1': 'EMV liability shift, counterfeit fraud',
  '10.2': 'EMV liability shift, other fraud',
  '10.3': 'Other fraud, card present',
  '10.4': 'Other fraud, card absent',
  '10.5': 'Fraud monitoring program',
  '11.1': 'Card recovery bulletin',
  '11.2': 'Declined authorization',
  '11.3': 'No authorization or late presentment',
  '12.2': 'Incorrect transaction code',
  '12.3': 'Incorrect currency',
  '12.4': 'Incorrect account number',
  '12.5': 'Incorrect amount',
  '12.6.1': 'Duplicate processing',
  '12.6.2': 'Paid by other means',
  '12.7': 'Invalid data',
  '13.1': 'Merchandise or services not received',
  '13.2': 'Canceled recurring transaction',
  '13.3': 'Not as described or defective',
  '13.4': 'Counterfeit merchandise',
  '13.5': 'Misrepresentation',
  '13.6': 'Credit not processed',
  '13.7': 'Canceled merchandise or services',
  '13.8': 'Original credit transaction not accepted',
  '13.9': 'Non-receipt of cash',
  '4808': 'Authorization-related chargeback',
  '4834': 'Point-of-interaction error',
  '4837': 'No cardholder authorization',
  '4849': 'Questionable merchant activity',
  '4853': 'Cardholder dispute',
  '4870': 'Chip liability shift',
  '4871': 'Chip and PIN liability shift',
  F29: 'Card not present fraud',
  C08: 'Goods or services not received',
  C31: 'Goods or services not as described',
};

export const reasonText = (code: string): string => REASONS[code] ?? 'Other reason';
