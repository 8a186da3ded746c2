/** Test support: a cardholder's browser, and the proof that an authentication of it gives. */
import type { AuthenticationProof } from '../connectors/ports/card-acquirer.ts';
import type { Cardholder } from './pay-instalment.ts';

export const CARDHOLDER: Cardholder = {
  returnUrl: 'https://shop.test/back',
  browser: {
    acceptHeader: '*/*',
    userAgent: 'test',
    language: 'en',
    ip: '192.0.2.1',
    screenWidth: 1,
    screenHeight: 1,
    colorDepth: 24,
    timeZoneOffset: 0,
  },
};

export const PROOF: AuthenticationProof = {
  status: 'Y',
  eci: '05',
  cryptogram: 'AAABBIIFmAAAAAAAAAAAAAAAAAA=',
  transactionId: 'd',
  version: '2.2.0',
};
