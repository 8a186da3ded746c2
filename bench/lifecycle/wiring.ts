/** The modules wired as src/main/app.ts does it, with the stubs of this benchmark where connectors would be. */
import assert from 'node:assert/strict';
import pino from 'pino';
import type { App } from '../../src/api/app.ts';
import type { Clock, Day } from '../../src/base/clock.ts';
import type { Id } from '../../src/base/ids.ts';
import { createCardChargebacks, disputeAccounts, keptBackFor } from '../../src/disputes/index.ts';
import type { FxDeps } from '../../src/fx/index.ts';
import type { JobHandlers } from '../../src/jobs/index.ts';
import type { Journal } from '../../src/journal/index.ts';
import { cardAccounts } from '../../src/parties/index.ts';
import { createInFlight, type PaymentDeps, RESOLVE_JOB, resolveOperationJob } from '../../src/payments/index.ts';
import { type PayoutDeps, payoutJobs } from '../../src/payouts/index.ts';
import { orderAsPaymentOwner, orderJobs } from '../../src/protection/index.ts';
import { reconciliationJobs } from '../../src/reconciliation/index.ts';
import { type HubDeps, NO_DISCOUNTS, NO_ORDER_CODES } from '../../src/wallets/index.ts';
import type { CardNetworks } from './networks.ts';
import { acceptingBank, NO_DISPUTES } from './stubs.ts';

export interface Wiring {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly network: Id<'net'>;
  readonly bank: Id<'bnk'>;
  readonly cards: CardNetworks;
  readonly capitalOn: Day;
}

const unasked = async (): Promise<never> => assert.fail('no key of a vault is part of this benchmark');
const noWallet = async (): Promise<never> => assert.fail('no wallet is part of this benchmark');
const NO_WALLETS = {
  pay: noWallet,
  inquire: noWallet,
  cancel: noWallet,
  refund: noWallet,
  applyToken: noWallet,
  refreshToken: noWallet,
  cancelToken: noWallet,
  notifyDispute: noWallet,
};
const NO_VAULT_KEYS = { report: unasked, rotateData: unasked, rotateRoot: unasked, removeRoot: unasked };

export function wire(input: Wiring): { readonly app: App; readonly handlers: JobHandlers } {
  const { journal, clock, network, bank } = input;
  const own = { journal, clock };
  const { acquirer, authentication, vault } = input.cards;
  const accounts = cardAccounts([{ id: network, merchantId: 'bench', funding: 'net', acquirer, authentication }]);
  const rail = acceptingBank(input.capitalOn);
  const fx: FxDeps = { ...own, source: null, reporting: 'USD' };
  const wallets = { network: NO_WALLETS, fx, acquirer: 'BENCH', notifyUrl: '', secret: new Uint8Array(32) };
  const payments: PaymentDeps = {
    ...own,
    wallets,
    accounts,
    vault,
    owner: orderAsPaymentOwner(own),
    inFlight: createInFlight(),
    acquirerTimeoutMs: 70_000,
  };
  const keptBack: PayoutDeps['keptBack'] = (sellers) => keptBackFor(own.journal.db, sellers);
  const payouts = { ...own, rail, bank, keptBack };
  const reconciliation = { ...own, accounts, payments, rail, bank };
  const disputes = {
    ...own,
    channel: createCardChargebacks(NO_DISPUTES),
    network,
    reports: acquirer,
    tellDifferences: async () => undefined,
    answerTimeoutMs: 70_000,
  };
  const checkout = { ...own, payments, secret: new Uint8Array(32) };
  const parties = { ...own, rail };
  const app: App = {
    ...own,
    orders: own,
    promotions: own,
    parties,
    payments,
    checkout,
    ams: {
      ...{ ...own, orders: own, parties, payments, checkout, payouts, fx },
      registrations: { ...parties, decides: 'checks' },
      codeDomain: 'shop.invalid',
      key: null,
    },
    payouts,
    disputes: disputeAccounts([disputes]),
    debts: own,
    fx,
    hub: { deps: idleHub({ ...own, fx }), noticeTakers: [] },
    reconciliation,
    log: pino({ level: 'warn' }, pino.destination(2)),
    sandbox: true,
    version: '0',
    publicUrl: 'http://shop.invalid',
    vaultUrl: 'http://vault.invalid',
    challengeOrigins: [],
    vaultKeys: NO_VAULT_KEYS,
    callbackToken: 'none',
    unknownAgeMinutes: 60,
  };
  const handlers: JobHandlers = {
    [RESOLVE_JOB]: (job) => resolveOperationJob(payments, job),
    ...orderJobs(own),
    ...payoutJobs(payouts),
    ...reconciliationJobs(reconciliation, { fundsArrived: async () => undefined }),
  };
  return { app, handlers };
}

const notPaidHere = async (): Promise<never> => assert.fail('no wallet pays in this benchmark');

/** Nobody pays with a wallet here. */
const idleHub = (own: Pick<HubDeps, 'journal' | 'clock' | 'fx'>): HubDeps => ({
  ...own,
  wallets: {
    ...{ pay: notPaidHere, inquire: notPaidHere, cancel: notPaidHere, refund: notPaidHere },
    ...{ applyToken: notPaidHere, refreshToken: notPaidHere, cancelToken: notPaidHere, notifyDispute: notPaidHere },
  },
  acquirers: { notify: notPaidHere, decode: notPaidHere, inquirePush: notPaidHere, openDispute: notPaidHere },
  discounts: NO_DISCOUNTS,
  orderCodes: NO_ORDER_CODES,
  codeDomain: 'shop.invalid',
  notificationBody: () => '',
  walletNotifyUrl: 'http://shop.invalid',
  calling: new Set(),
});
