/**
 * Authentication of a cardholder (EMV 3-D Secure 2) as the platform sees it. It comes before the authorization and holds no
 * money. A challenge is answered in the buyer's browser, at the issuer; what came of it is asked from the network, never
 * taken from the browser.
 */
import type { Money } from '../../base/money.ts';
import type { AuthenticationProof, CardOwner } from './card-acquirer.ts';

export interface BrowserFacts {
  readonly acceptHeader: string;
  readonly userAgent: string;
  readonly language: string;
  readonly ip: string;
  readonly screenWidth: number;
  readonly screenHeight: number;
  readonly colorDepth: number;
  /** Minutes, as JavaScript's getTimezoneOffset. */
  readonly timeZoneOffset: number;
}

export interface AuthenticationRequest {
  /** Ours, ≤ 15 of A–Z 0–9; asked by it again. */
  readonly reference: string;
  readonly cardToken: string;
  /** As in PayRequest. */
  readonly use: string;
  readonly amount: Money;
  readonly browser: BrowserFacts;
  /** Where the issuer's page sends the browser when it is done. */
  readonly returnUrl: string;
  readonly cardOwner?: CardOwner;
}

export type AuthenticationAnswer =
  /** Y, A or I: go on with the proof. For Y and A a fraud chargeback is the issuer's. */
  | { readonly outcome: 'proven'; readonly proof: AuthenticationProof; readonly liabilityShift: boolean }
  /** N or R: do not authorize. */
  | { readonly outcome: 'failed'; readonly status: 'N' | 'R'; readonly reason: string }
  /** U, or the network's trouble before anything began: the merchant decides; no liability shift. */
  | { readonly outcome: 'unavailable'; readonly reason: string }
  /** C: the browser goes to `url`, by POST of `creq` in a form. */
  | { readonly outcome: 'challenge'; readonly url: string; readonly creq: string }
  /** Nobody knows: ask by the reference. */
  | { readonly outcome: 'unknown'; readonly cause: string };

export interface CardAuthentication {
  authenticate(request: AuthenticationRequest): Promise<AuthenticationAnswer>;
  /** What came of it; `not_found` when the network never got it. A challenge that nobody has answered is still `challenge`. */
  find(reference: string): Promise<AuthenticationAnswer | { readonly outcome: 'not_found' }>;
}
