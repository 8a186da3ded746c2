/**
 * What issuer and scheme said beside yes or no, as the network names it, for risk decisions and for people. Never a card
 * number: the masked one is first six and last four digits.
 */
import { at, type JsonObject, text } from './lenient-json.ts';

const OF_ANSWER = [
  'responseCode',
  'hostMessage',
  'hostReferenceId',
  'transactionDate',
  'remainingAuthAmount',
  'remainingRefundableAmount',
];
const OF_CARD = ['cardType', 'maskedAccountNumber'];
const OF_NETWORK = [
  'addressVerificationResult',
  'cardVerificationResult',
  'networkResponseCode',
  'networkTransactionId',
  'paymentAccountReference',
];

/** Flat texts by the network's own field names; absent fields are left out. */
export function detailsOf(body: JsonObject): Readonly<Record<string, string>> {
  const card = at(body, 'paymentMethodType', 'card');
  return {
    ...texts(body, OF_ANSWER),
    ...texts(card, OF_CARD),
    ...texts(at(card, 'networkResponse'), OF_NETWORK),
    ...texts(at(card, 'cardTypeIndicators'), ['issuanceCountryCode']),
  };
}

function texts(object: JsonObject, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = text(object[name]);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
