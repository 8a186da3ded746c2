/** The API over the modules of a test database: what routes need of an installation, with addresses that lead nowhere. */
import assert from 'node:assert/strict';
import { pino } from 'pino';
import { orderCodesOf } from '../../src/ams/index.ts';
import type { App } from '../../src/api/app.ts';
import { disputeAccounts } from '../../src/disputes/index.ts';
import { payingHub } from '../../src/wallets/test-wallets.ts';
import type { Modules } from './modules.ts';

export const testApp = (m: Modules): App => {
  const own = { journal: m.journal, clock: m.orders.clock };
  const { orders, payments, checkout, payouts, reconciliation } = m;
  const parties = { ...own, rail: m.payouts.rail };
  const registrations = { ...parties, decides: 'checks' } as const;
  const ams = {
    ...own,
    orders,
    payments,
    checkout,
    payouts,
    fx: m.fx,
    parties,
    registrations,
    codeDomain: 'qr.causeway.example',
  };
  return {
    ...own,
    orders,
    payments,
    checkout,
    payouts,
    reconciliation,
    debts: own,
    promotions: own,
    fx: m.fx,
    parties,
    ams: { ...ams, key: null },
    hub: { deps: payingHub(m, { orderCodes: orderCodesOf(ams) }).deps, noticeTakers: [] },
    disputes: disputeAccounts([m.disputes]),
    log: pino({ level: 'silent' }),
    sandbox: true,
    version: '0.0.0',
    publicUrl: 'http://shop.invalid',
    vaultUrl: 'http://vault.invalid',
    vaultKeys: { report: unasked, rotateData: unasked, rotateRoot: unasked, removeRoot: unasked },
    challengeOrigins: ['http://issuer.invalid'],
    callbackToken: 'told',
    unknownAgeMinutes: 60,
  };
};

const unasked = async (): Promise<never> => assert.fail('the vault is not asked');
