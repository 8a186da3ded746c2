/**
 * The proof of a cardholder's authentication as it travels with an authorization, checked by the issuer against what it
 * gave out itself: same cryptogram, indicator, card and currency, an amount not above the authenticated one, 90 days.
 * A request without cryptogram whose indicator claims an authentication is checked too, and found wrong.
 */
import { MS_PER_DAY } from '../../src/base/clock.ts';
import { randomBytes } from '../../src/base/random.ts';
import type { Store } from '../base/store.ts';
import type { FieldReader } from './fields.ts';
import { type Refusal, refusal } from './issuer.ts';
import type { AuthenticationRow } from './rows.ts';

/** As in the request; absent fields were not sent. */
export interface Proof {
  readonly electronicCommerceIndicator?: string;
  readonly SCAExemptionReason?: string;
  readonly cryptogram?: string;
  readonly transactionId?: string;
  readonly status?: string;
  readonly version?: string;
}

export const PROOF_LIFE_MS = 90 * MS_PER_DAY;
const EXEMPTIONS = [
  'TRUSTED_MERCHANT',
  'SECURE_CORPORATE_PAYMENT',
  'TRANSACTION_RISK_ANALYSIS',
  'LOW_VALUE_PAYMENT',
  'MERCHANT_INITIATED_TRANSACTION',
  'RECURRING_PAYMENT',
  'SCA_DELEGATION',
];
const STATUSES = ['Y', 'A', 'N', 'U', 'R', 'I'];
const PATH = 'paymentMethodType.card.authentication';

export function readProof(fields: FieldReader): Proof {
  const given = {
    electronicCommerceIndicator: fields.text(`${PATH}.electronicCommerceIndicator`, { pattern: /^\d{1,2}$/ }),
    SCAExemptionReason: fields.choice(`${PATH}.SCAExemptionReason`, EXEMPTIONS),
    cryptogram: fields.text(`${PATH}.threeDS.authenticationValue`, { max: 56 }),
    transactionId: fields.text(`${PATH}.threeDS.authenticationTransactionId`, { max: 40 }),
    status: fields.choice(`${PATH}.threeDS.version2.threeDSTransactionStatus`, STATUSES),
    version: fields.text(`${PATH}.threeDS.threeDSProgramProtocol`, { max: 20 }),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** Whether the request says that the cardholder was authenticated (or that it was tried). */
export const claimsProof = ({ cryptogram, electronicCommerceIndicator: indicator }: Proof): boolean =>
  cryptogram !== undefined || ['01', '02', '05', '06', '1', '2', '5', '6'].includes(indicator ?? '');

export interface ProofFacts {
  readonly amount: bigint;
  readonly currency: string;
  readonly masked: string;
  readonly nowMs: number;
}

const INVALID = refusal('AUTHENTICATION_INVALID', 'Proof of authentication is not valid', '05');

/** The issuer's no to a proof, or null when it is right or nothing is claimed. */
export function wrongProof(store: Store, proof: Proof, facts: ProofFacts): Refusal | null {
  if (!claimsProof(proof)) return null;
  const given = store.first<AuthenticationRow>(
    `select * from authentication where cryptogram = ? and status in ('Y', 'A')`,
    proof.cryptogram ?? '',
  );
  if (given === null) return INVALID;
  const indicator = proof.electronicCommerceIndicator?.padStart(2, '0');
  const same =
    given.masked === facts.masked &&
    given.currency === facts.currency &&
    (proof.transactionId === undefined || proof.transactionId === given.ds_transaction) &&
    (proof.status === undefined || proof.status === given.status) &&
    (indicator === undefined || indicator === indicatorOf(given.card_type, given.status));
  const covers = facts.amount <= given.amount && facts.nowMs < Number(given.created_ms) + PROOF_LIFE_MS;
  return same && covers ? null : INVALID;
}

/** CAVV or AAV: 20 bytes in base64. */
export const newCryptogram = (): string => randomBytes(20).toString('base64');

/** Electronic commerce indicator of a status: 05, 06, 07; Mastercard's 02, 01, 00. */
export function indicatorOf(cardType: string, status: string): string {
  const [authenticated, attempted, none] = cardType === 'MC' ? ['02', '01', '00'] : ['05', '06', '07'];
  return (status === 'Y' ? authenticated : status === 'A' ? attempted : none) ?? '';
}

/** The card's `authentication` in answers: the claim without the cryptogram. */
export function shownProof(json: string): { readonly authentication?: object } {
  // Written by this file, in insert statements of payments and verifications.
  const proof = JSON.parse(json) as Proof;
  if (Object.keys(proof).length === 0) return {};
  const { electronicCommerceIndicator, SCAExemptionReason, transactionId, status, version } = proof;
  const threeDS = {
    authenticationTransactionId: transactionId,
    threeDSProgramProtocol: version,
    ...(status === undefined ? {} : { version2: { threeDSTransactionStatus: status } }),
  };
  const carried = transactionId !== undefined || status !== undefined;
  return { authentication: { electronicCommerceIndicator, SCAExemptionReason, ...(carried ? { threeDS } : {}) } };
}
