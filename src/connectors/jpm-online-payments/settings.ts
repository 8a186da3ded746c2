/** What an operator configures for the connection to J.P. Morgan Online Payments. URLs carry no trailing slash. */
import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';

export interface JpmOnlinePaymentsSettings {
  /** Up to and including `/api/v2`. */
  readonly baseUrl: string;
  /** OAuth 2 token endpoint; also the audience of the client assertion. */
  readonly tokenUrl: string;
  /** Folder of report files; a day's file is `<reportsUrl>/settlement-details?day=YYYY-MM-DD`. */
  readonly reportsUrl: string;
  /** Dispute Management, up to and including `/commerce/v1`; when absent, that path on the host of `baseUrl`. */
  readonly disputesUrl?: string;
  /** 8–12 characters, sent with every call. */
  readonly merchantId: string;
  readonly clientId: string;
  /** RSA private key that signs the client assertion (RS256). */
  readonly privateKey: KeyObject | JWK;
  /** `kid` header of the assertion: the certificate's SHA-1 thumbprint in upper-case hex, where the network asks for it. */
  readonly keyId?: string;
  /** `resource` of the token request, where the network asks for it. */
  readonly resource?: string;
  /** The card vault's forwarding endpoint and the bearer secret it knows us by. */
  readonly vaultForwardUrl: string;
  readonly vaultSecret: string;
  /** Wall-clock milliseconds for one exchange; the network's own processing deadline is 70 s. */
  readonly timeoutMs: number;
  /** merchantSoftware of every request: who made the software and what it is called. */
  readonly softwareCompany: string;
  readonly softwareName: string;
  readonly softwareVersion?: string;
}
