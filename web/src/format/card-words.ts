/** What networks and issuers say about a card payment, in plain words. A word the console does not know is shown as it is. */
import { sentence } from './states.ts';

const OPERATIONS: Readonly<Record<string, string>> = {
  authenticate: 'Cardholder authentication',
  authorize: 'Authorization',
  sale: 'Authorization and capture',
  capture: 'Capture',
  increment: 'Increment to',
  reverse: 'Reversal to',
  reauthorize: 'Authorization renewed',
  void: 'Authorization given back',
  refund: 'Refund',
};
const ADDRESS: Readonly<Record<string, string>> = {
  match: 'matches',
  partial: 'matches in part',
  no_match: 'does not match',
  unavailable: 'not checked by the bank',
};
const CVV: Readonly<Record<string, string>> = { ...ADDRESS, match: 'correct', no_match: 'wrong' };
const AUTHENTICATION: Readonly<Record<string, string>> = {
  asked: 'The issuer is being asked',
  challenge: 'The issuer wants the cardholder to confirm',
  proven: 'The cardholder was authenticated',
  unavailable: 'The issuer could not be asked',
  failed: 'The issuer did not confirm the cardholder',
};
/** transStatusReason of EMV 3-D Secure, and our own words. */
const AUTHENTICATION_REASONS: Readonly<Record<string, string>> = {
  '01': 'not authenticated, or canceled',
  11: 'suspected fraud',
  14: 'the time ran out',
  19: 'too many wrong codes',
  22: 'a technical fault at the issuer',
  challenge_abandoned: 'nobody answered',
  not_received: 'the question never arrived',
};
const EXEMPTIONS: Readonly<Record<string, string>> = {
  low_value: 'low value',
  risk_analysis: 'low risk',
  trusted_merchant: 'trusted by the cardholder',
  secure_corporate: 'corporate card',
};
/** What a decline means for another try. */
const DECLINES: Readonly<Record<string, string>> = {
  hard: 'The bank will not take this card. Trying again with it does not help; ask for another card.',
  soft: 'Declined for now, such as for lack of funds. The same card may work later, another one now.',
  authenticate: 'The bank wants the cardholder to confirm the payment. Pay again with the cardholder at the browser.',
  refused: 'The request itself was not taken; the bank did not decide about the card.',
};
const CODES: Readonly<Record<string, string>> = {
  authentication_failed: 'Nothing was charged. The cardholder may try again, or use another card.',
  partial_approval: 'The bank approved less than the amount; it is being given back.',
  cvv_mismatch: 'The security code was wrong; the authorization is being given back.',
  address_mismatch: 'The address was wrong; the authorization is being given back.',
  not_renewed: 'The bank did not renew the authorization; what is authorized can be captured until it lapses.',
  not_received: 'The request never arrived. Nothing was charged; another try is safe.',
};

export const operationWords = (kind: string): string => OPERATIONS[kind] ?? sentence(kind);
export const addressWords = (result: string): string => ADDRESS[result] ?? result;
export const cvvWords = (result: string): string => CVV[result] ?? result;
export const authenticationWords = (state: string): string => AUTHENTICATION[state] ?? sentence(state);
export const authenticationReason = (reason: string): string =>
  AUTHENTICATION_REASONS[reason] ?? reason.replaceAll('_', ' ');
export const exemptionWords = (name: string): string => EXEMPTIONS[name] ?? name.replaceAll('_', ' ');

/** What to do about a decline: by its class, else by our own code; empty when neither says. */
export const declineWords = (decline: { readonly code: string; readonly class?: string }): string =>
  DECLINES[decline.class ?? ''] ?? CODES[decline.code] ?? '';
