/** The way to the network: transport and settings, with an access token of its own. */
import type { NetworkHttp } from '../ports/network-http.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';
import { createTokenSource } from './token.ts';
import { createTransport, type Transport } from './transport.ts';

export interface JpmOnlinePaymentsDeps {
  readonly http: NetworkHttp;
  readonly settings: JpmOnlinePaymentsSettings;
}

export interface Line {
  readonly transport: Transport;
  readonly settings: JpmOnlinePaymentsSettings;
}

/** Throws at once on settings that are missing. */
export function openLine(deps: JpmOnlinePaymentsDeps): Line {
  for (const [name, value] of Object.entries(deps.settings)) {
    if (value === '') throw new Error(`setting is empty: ${name}`);
  }
  return { transport: createTransport(deps, createTokenSource(deps)), settings: deps.settings };
}
