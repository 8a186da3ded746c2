/**
 * What the issuer said about address and verification value. The network's words first; where it gives the scheme's letter
 * only, that. Everything else, unknown words too, is `unavailable`: neither for nor against the buyer.
 */
import type { Checks } from '../ports/card-acquirer.ts';
import { at, type JsonObject, text } from './lenient-json.ts';

/** `partial`: street or postal code agrees, the other does not or was not compared. A name alone is no address. */
const ADDRESS_WORDS: Readonly<Record<string, Checks['address']>> = {
  ADDRESS_POSTALCODE_MATCH: 'match',
  ADDRESS_MATCH: 'partial',
  NAME_ADDRESS_MATCH: 'partial',
  NAME_POSTALCODE_MATCH: 'partial',
  POSTALCODE_MATCH: 'partial',
  NAME_MATCH: 'no_match',
  NO_MATCH: 'no_match',
};

/** Letters of the schemes' address verification. */
const ADDRESS_LETTERS: readonly (readonly [Checks['address'], string])[] = [
  ['match', 'D H J M Q V X Y'],
  ['partial', 'A B F L O P T W Z'],
  ['no_match', 'C K N'],
];

const CVV_WORDS: Readonly<Record<string, Checks['cvv']>> = { MATCH: 'match', NO_MATCH: 'no_match' };
const CVV_LETTERS: Readonly<Record<string, Checks['cvv']>> = { M: 'match', N: 'no_match' };

/** Undefined when the answer has no word about either. */
export function checksOf(body: JsonObject): Checks | undefined {
  const network = at(body, 'paymentMethodType', 'card', 'networkResponse');
  const word = text(network.addressVerificationResult);
  const letter = text(network.addressVerificationResultCode);
  const cvvWord = text(network.cardVerificationResult);
  const cvvLetter = text(network.cardVerificationResultCode);
  if (word === undefined && letter === undefined && cvvWord === undefined && cvvLetter === undefined) return undefined;
  const address = word === undefined ? byLetter(letter) : ADDRESS_WORDS[word];
  const cvv = cvvWord === undefined ? CVV_LETTERS[cvvLetter ?? ''] : CVV_WORDS[cvvWord];
  return { address: address ?? 'unavailable', cvv: cvv ?? 'unavailable' };
}

const byLetter = (letter: string | undefined): Checks['address'] | undefined =>
  ADDRESS_LETTERS.find(([, letters]) => letters.split(' ').includes(letter ?? ''))?.[0];
