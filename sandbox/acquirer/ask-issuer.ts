/**
 * One question to the issuer, whoever asks: a payment, a verification, an increment, a reauthorization. First use and proof
 * are looked up in what the sandbox itself has given out; then the issuer decides about card and amount.
 */
import type { Currency } from '../../src/base/currency.ts';
import { ISSUER_KINDS } from '../base/faults.ts';
import type { Acquirer } from './acquirer.ts';
import { claimsProof, type Proof, wrongProof } from './authentication-proof.ts';
import { decide, refusal, type Verdict } from './issuer.ts';
import { type Credential, unknownFirstUse } from './stored-credential.ts';

export interface IssuerQuestion {
  readonly masked: string;
  readonly expiry: string;
  readonly amount: bigint;
  readonly currency: Currency;
  readonly partial: boolean;
  readonly proof: Proof;
  readonly credential: Credential;
}

/** The first no is the answer. */
export function askIssuer({ store, time }: Acquirer, question: IssuerQuestion): Verdict {
  const { masked, expiry, amount, currency, partial, proof, credential } = question;
  const nowMs = time.nowMs();
  return (
    unknownFirstUse(store, credential, masked) ??
    wrongProof(store, proof, { amount, currency, masked, nowMs }) ??
    decide({ masked, expiry, amount, partial, proven: claimsProof(proof) }, nowMs)
  );
}

/** The answer in an issuer's place when a fault says that it cannot be reached (ISO 8583 field 39: 91). */
export const unreached = ({ faults }: Acquirer): Verdict | null =>
  faults.take('payments', ISSUER_KINDS) === null ? null : refusal('PROCESSOR_DECLINE', '303 Processor decline', '91');

/** What a kept payment would be asked about again: the same card, use and proof, another amount. */
export const askedAgain = (
  payment: {
    readonly masked: string;
    readonly expiry: string;
    readonly currency: Currency;
    readonly proof: string;
    readonly credential: string;
  },
  amount: bigint,
): IssuerQuestion => ({
  masked: payment.masked,
  expiry: payment.expiry,
  amount,
  currency: payment.currency,
  partial: false,
  // Both were written from these types when the payment was made.
  proof: JSON.parse(payment.proof) as Proof,
  credential: JSON.parse(payment.credential) as Credential,
});
