/** The API over the modules of a test database: what routes need of an installation, with addresses that lead nowhere. */
import { pino } from 'pino';
import type { App } from '../../src/api/app.ts';
import { disputeAccounts } from '../../src/disputes/index.ts';
import type { Modules } from './modules.ts';

export const testApp = (m: Modules): App => {
  const own = { journal: m.journal, clock: m.orders.clock };
  const { orders, payments, checkout, payouts, reconciliation } = m;
  return {
    ...own,
    orders,
    payments,
    checkout,
    payouts,
    reconciliation,
    parties: { ...own, rail: m.payouts.rail },
    disputes: disputeAccounts([m.disputes]),
    log: pino({ level: 'silent' }),
    sandbox: true,
    version: '0.0.0',
    publicUrl: 'http://shop.invalid',
    vaultUrl: 'http://vault.invalid',
    challengeOrigins: ['http://issuer.invalid'],
    callbackToken: 'told',
    unknownAgeMinutes: 60,
  };
};
