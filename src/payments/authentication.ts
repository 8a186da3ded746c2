/** What a payment keeps of the authentication of its cardholder (authenticate-payment.ts). */
import type { AuthenticationProof } from '../connectors/ports/card-acquirer.ts';

export interface Authentication {
  readonly state: 'asked' | 'challenge' | 'proven' | 'unavailable' | 'failed';
  /** Where the cardholder's browser goes, by POST of `creq`. */
  readonly challenge: { readonly url: string; readonly creq: string } | null;
  readonly proof: AuthenticationProof | null;
  /** A fraud chargeback is then the issuer's loss. */
  readonly liabilityShift: boolean;
  readonly reason: string | null;
}

export const ASKED: Authentication = {
  state: 'asked',
  challenge: null,
  proof: null,
  liabilityShift: false,
  reason: null,
};
