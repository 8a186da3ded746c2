/** Wiring: connectors to ports, modules to each other, handlers to jobs. The only place that knows all of them. */
import { createPrivateKey } from 'node:crypto';
import type { Logger } from 'pino';
import type { App } from '../api/app.ts';
import { inboundJobs } from '../api/rest/inbound.ts';
import { addMs, type Clock, msOf } from '../base/clock.ts';
import { createAchBank } from '../connectors/ach-bank/index.ts';
import {
  createJpmAuthentication,
  createJpmDisputes,
  createJpmOnlinePayments,
  type JpmOnlinePaymentsDeps,
} from '../connectors/jpm-online-payments/index.ts';
import type { CardVault } from '../connectors/ports/card-vault.ts';
import type { Pool } from '../db/pool.ts';
import {
  createCardChargebacks,
  DAILY_DISPUTES_AT_MS,
  DAILY_DISPUTES_JOB,
  type DisputeDeps,
  disputeJobs,
  keptBackFor,
} from '../disputes/index.ts';
import { enqueueJob, ensureJob, type JobHandlers } from '../jobs/index.ts';
import { createCommitter, createJournal, type Journal } from '../journal/index.ts';
import { createNetworkHttp } from '../network-log/index.ts';
import { ensureBankAccount, ensureNetworkAccount } from '../parties/index.ts';
import {
  createInFlight,
  EXPIRY_JOB,
  expiryJob,
  type PaymentDeps,
  RESOLVE_JOB,
  resolveOperationJob,
} from '../payments/index.ts';
import { DAILY_RUN_AT_MS, DAILY_RUN_JOB, FILE_JOB, type PayoutDeps, payoutJobs, untilNext } from '../payouts/index.ts';
import { orderAsPaymentOwner, orderJobs } from '../protection/index.ts';
import {
  DAILY_IMPORT_AT_MS,
  DAILY_IMPORT_JOB,
  openBreaks,
  type ReconciliationDeps,
  reconciliationJobs,
} from '../reconciliation/index.ts';
import type { Config } from './config.ts';
import type { Networks } from './networks.ts';
import type { Secrets } from './secrets.ts';
import { createVaultClient } from './vault-client.ts';

export interface AppInput {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly networks: Networks;
  readonly vault: { readonly url: string; readonly publicUrl: string };
  readonly db: Pool;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
}

export interface WiredApp {
  readonly app: App;
  readonly handlers: JobHandlers;
}

export async function createApp(input: AppInput): Promise<WiredApp> {
  const { config, networks, db, clock } = input;
  const journal = createJournal(db, createCommitter({ url: input.databaseUrl, pool: db }));
  const { acquirer, authentication, cardDisputes, rail } = connect(input);
  const network = await ensureNetworkAccount(
    { journal, clock },
    { network: 'jpm-online-payments', funding: 'net', merchantId: networks.acquirer.merchantId },
  );
  const bank = await ensureBankAccount(
    { journal, clock },
    { account: networks.bank.account, routingNumber: networks.bank.routing, currency: 'USD' },
  );
  const orders = { journal, clock };
  const payments: PaymentDeps = {
    journal,
    clock,
    acquirer,
    authentication,
    network: network.id,
    vault: connectVault(input),
    owner: orderAsPaymentOwner(orders),
    inFlight: createInFlight(),
    acquirerTimeoutMs: config.acquirerTimeoutMs,
  };
  const keptBack: PayoutDeps['keptBack'] = (sellers) => keptBackFor(db, sellers);
  const payouts: PayoutDeps = { journal, clock, rail, bank: bank.id, keptBack };
  const reconciliation: ReconciliationDeps = { journal, clock, acquirer, rail, network: network.id, bank: bank.id };
  const disputes: DisputeDeps = {
    journal,
    clock,
    channel: createCardChargebacks(cardDisputes),
    network: network.id,
    reports: acquirer,
    tellDifferences: (found) => openBreaks(reconciliation, found),
    answerTimeoutMs: config.acquirerTimeoutMs,
  };
  const app: App = {
    journal,
    clock,
    orders,
    payments,
    payouts,
    disputes,
    reconciliation,
    parties: { journal, clock, rail },
    log: input.log,
    sandbox: config.clock.kind === 'sandbox',
    version: input.version,
    vaultUrl: input.vault.publicUrl,
    callbackToken: config.acquirerCallbackToken ?? input.secrets.callbackToken,
    unknownAgeMinutes: config.operationUnknownAgeMinutes,
  };
  await ensureSchedules(journal, clock);
  const fundsArrived = (): Promise<void> =>
    enqueueJob(db, { kind: FILE_JOB, subject: bank.id, due: clock.now(), payload: {} });
  const handlers: JobHandlers = {
    [RESOLVE_JOB]: (job) => resolveOperationJob(payments, job),
    [EXPIRY_JOB]: (job) => expiryJob(payments, job),
    ...orderJobs(orders),
    ...payoutJobs(payouts),
    ...disputeJobs(disputes),
    ...reconciliationJobs(reconciliation, { fundsArrived }),
    ...inboundJobs(app),
  };
  return { app, handlers };
}

function connect({ config, secrets, networks, vault, db, log }: AppInput) {
  const logFault = (message: string, facts: Record<string, unknown>): void => log.warn(facts, message);
  const jpm: JpmOnlinePaymentsDeps = {
    http: createNetworkHttp({ network: 'acquirer', db, log: logFault }),
    settings: {
      baseUrl: networks.acquirer.baseUrl,
      tokenUrl: networks.acquirer.tokenUrl,
      reportsUrl: networks.acquirer.reportsUrl,
      merchantId: networks.acquirer.merchantId,
      clientId: networks.acquirer.clientId,
      privateKey: createPrivateKey(networks.acquirer.privateKey),
      vaultForwardUrl: `${vault.url}/forward`,
      vaultSecret: secrets.vaultSecret,
      timeoutMs: config.acquirerTimeoutMs,
      softwareCompany: 'Causeway',
      softwareName: 'Causeway',
    },
  };
  const rail = createAchBank({
    http: createNetworkHttp({ network: 'bank', db, log: logFault }),
    settings: {
      baseUrl: networks.bank.baseUrl,
      token: networks.bank.token,
      account: { routing: networks.bank.routing, number: networks.bank.account },
      originId: networks.bank.routing,
      originName: 'CAUSEWAY',
      companyName: 'CAUSEWAY',
      companyId: '1223344556',
      odfi8: networks.bank.routing.slice(0, 8),
      bankName: 'SANDBOX BANK',
      timeoutMs: config.bankTimeoutMs,
    },
  });
  return {
    acquirer: createJpmOnlinePayments(jpm),
    authentication: createJpmAuthentication(jpm),
    cardDisputes: createJpmDisputes(jpm),
    rail,
  };
}

function connectVault({ vault, secrets, db, log }: AppInput): CardVault {
  const http = createNetworkHttp({ network: 'vault', db, log: (message, facts) => log.warn(facts, message) });
  return createVaultClient({ http, url: vault.url, secret: secrets.vaultSecret });
}

/** Recurring jobs, once per installation. */
async function ensureSchedules(journal: Journal, clock: Clock): Promise<void> {
  const now = clock.now();
  const at = (timeOfDay: number) => addMs(now, untilNext(msOf(now), timeOfDay));
  await ensureJob(journal.db, { kind: DAILY_IMPORT_JOB, subject: 'schedule', due: at(DAILY_IMPORT_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_DISPUTES_JOB, subject: 'schedule', due: at(DAILY_DISPUTES_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_RUN_JOB, subject: 'schedule', due: at(DAILY_RUN_AT_MS) });
}
