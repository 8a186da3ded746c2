/** Wiring: connectors to ports, modules to each other, handlers to jobs. The only place that knows all of them. */
import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { orderCodesOf } from '../ams/index.ts';
import { createTeller } from '../api/ams/notify.ts';
import type { App, NoticeTaker } from '../api/app.ts';
import { inboundJobs } from '../api/rest/inbound.ts';
import { addMs, type Clock, msOf } from '../base/clock.ts';
import { ok } from '../base/result.ts';
import { createAchBank } from '../connectors/ach-bank/index.ts';
import { createHttpFx } from '../connectors/http-fx/index.ts';
import {
  createJpmAuthentication,
  createJpmDisputes,
  createJpmOnlinePayments,
  type JpmOnlinePaymentsDeps,
} from '../connectors/jpm-online-payments/index.ts';
import type { BankRail } from '../connectors/ports/bank-rail.ts';
import type { CardDisputes } from '../connectors/ports/card-disputes.ts';
import type { CardVault } from '../connectors/ports/card-vault.ts';
import type { FxSource } from '../connectors/ports/fx-source.ts';
import type { NetworkHttp } from '../connectors/ports/network-http.ts';
import type { Pool } from '../db/pool.ts';
import { DAILY_DEBTS_AT_MS, DAILY_DEBTS_JOB, debtJobs } from '../debts/index.ts';
import {
  createCardChargebacks,
  DAILY_DISPUTES_AT_MS,
  DAILY_DISPUTES_JOB,
  type DisputeDeps,
  disputeAccounts,
  disputeJobs,
  keptBackFor,
} from '../disputes/index.ts';
import { DAILY_FX_AT_MS, DAILY_FX_JOB, fxJobs } from '../fx/index.ts';
import { enqueueJob, ensureJob, type JobHandlers } from '../jobs/index.ts';
import { createCommitter, createJournal, type Journal } from '../journal/index.ts';
import { createNetworkHttp } from '../network-log/index.ts';
import { type CardAccount, cardAccounts, ensureBankAccount, ensureNetworkAccount } from '../parties/index.ts';
import {
  createInFlight,
  EXPIRY_JOB,
  expiryJob,
  type PaymentDeps,
  RESOLVE_JOB,
  resolveOperationJob,
  storedCardJobs,
  walletAgreementJobs,
  walletNotified,
} from '../payments/index.ts';
import { DAILY_RUN_AT_MS, DAILY_RUN_JOB, FILE_JOB, type PayoutDeps, payoutJobs, untilNext } from '../payouts/index.ts';
import { promotionJobs } from '../promotions/index.ts';
import { orderAsPaymentOwner, orderJobs } from '../protection/index.ts';
import {
  DAILY_IMPORT_AT_MS,
  DAILY_IMPORT_JOB,
  expectHubMoney,
  openBreaks,
  type ReconciliationDeps,
  reconciliationJobs,
} from '../reconciliation/index.ts';
import { type RegistrationDeps, registrationJobs } from '../registrations/index.ts';
import { clearingJobs, DAILY_CLEARING_AT_MS, DAILY_CLEARING_JOB, hubJobs } from '../wallets/index.ts';
import { publicKeyText } from './ams-keys.ts';
import type { Config } from './config.ts';
import { connectEach } from './connect-each.ts';
import { connectHub } from './hub.ts';
import type { AcquirerAccess, Networks } from './networks.ts';
import { SANDBOX_SETTLEMENTS_AT_MS, SANDBOX_SETTLEMENTS_JOB, sandboxSettlementJobs } from './sandbox-settlements.ts';
import { type Introduce, introduceFrom } from './sandbox-wallets.ts';
import type { Secrets } from './secrets.ts';
import { createVaultClient } from './vault-client.ts';
import { createVaultKeys } from './vault-keys.ts';
import { walletAccess } from './wallet-access.ts';

export interface AppInput {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly networks: Networks;
  readonly vault: { readonly url: string; readonly publicUrl: string };
  /** Where browsers reach this installation. */
  readonly publicUrl: string;
  readonly db: Pool;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Signs what the AMS gateway says; null when there is none. */
  readonly gatewayKey: KeyObject | null;
}

export interface WiredApp {
  readonly app: App;
  readonly handlers: JobHandlers;
  /** Tells clients of what has happened since it was last called. */
  readonly announce: () => Promise<void>;
  /** Before the first message of a participant is checked. */
  readonly introduce: Introduce;
}

export async function createApp(input: AppInput): Promise<WiredApp> {
  const { config, networks, db, clock } = input;
  const journal = createJournal(db, createCommitter({ url: input.databaseUrl, pool: db }));
  const rail = connectBank(input);
  const [preferred, ...others] = networks.acquirers;
  const orders = { journal, clock };
  const openCards = (access: AcquirerAccess): Promise<CardConnection> => connectCards(input, orders, access);
  const cards = [await openCards(preferred), ...(await inOrder(others, openCards))] as const;
  const accounts = cardAccounts(cards.map(({ account }) => account));
  const bank = await openBank(networks.bank, orders);
  const introduce = introduceFrom(orders, networks.walletsUrl);
  const fx = { ...orders, source: connectFx(input), reporting: config.reportingCurrency };
  const payments: PaymentDeps = {
    ...orders,
    wallets: walletAccess({ ...input, introduce }, fx),
    accounts,
    vault: connectVault(input),
    owner: orderAsPaymentOwner(orders),
    inFlight: createInFlight(),
    acquirerTimeoutMs: config.acquirerTimeoutMs,
  };
  const keptBack: PayoutDeps['keptBack'] = (sellers) => keptBackFor(db, sellers);
  const payouts: PayoutDeps = { journal, clock, rail, bank: bank.id, keptBack };
  const reconciliation: ReconciliationDeps = { journal, clock, accounts, payments, rail, bank: bank.id };
  const [firstCards, ...otherCards] = cards;
  const disputesOf = (cards: CardConnection): DisputeDeps => connectDisputes(input, reconciliation, cards);
  const disputes = disputeAccounts([disputesOf(firstCards), ...otherCards.map(disputesOf)]);
  const parties = { journal, clock, rail };
  const checkout = { journal, clock, payments, secret: checkoutSecret(input.secrets) };
  const sandbox = config.clock.kind === 'sandbox';
  const registrations: RegistrationDeps = { ...parties, decides: sandbox ? 'checks' : 'person' };
  const codeDomain = new URL(input.publicUrl).host;
  const ams = { journal, clock, parties, orders, payments, checkout, payouts, fx, registrations, codeDomain };
  const hubsOwn = { journal, clock, fx, codeDomain, orderCodes: orderCodesOf(ams) };
  const hub = {
    ...connectHub({ ...input, sandbox, introduce }, hubsOwn),
    noticeTakers: [paymentsOfOrders(payments)],
  };
  const app: App = {
    ...orders,
    orders,
    payments,
    checkout,
    ams: { ...ams, key: gatewayKey(input.gatewayKey) },
    payouts,
    disputes,
    debts: orders,
    promotions: orders,
    fx,
    hub,
    reconciliation,
    parties,
    log: input.log,
    sandbox,
    version: input.version,
    ...addressesOf(input),
    vaultKeys: createVaultKeys(vaultHttp(input), { url: input.vault.url, secret: input.secrets.vaultSecret }),
    callbackToken: config.acquirerCallbackToken ?? input.secrets.callbackToken,
    unknownAgeMinutes: config.operationUnknownAgeMinutes,
  };
  await ensureSchedules(journal, clock);
  if (sandbox) await ensureSandboxSchedule(journal, clock);
  const teller = createTeller(app, connectEach(input, 'ams'));
  const settlements = sandbox ? sandboxSettlementJobs({ db, clock, bank: networks.bank }) : {};
  const handlers = { ...handlersOf(app, registrations), ...teller.jobs, ...settlements };
  return { app, handlers, announce: teller.announce, introduce };
}

function handlersOf(app: App, registrations: RegistrationDeps): JobHandlers {
  const fundsArrived = (): Promise<void> =>
    enqueueJob(app.journal.db, { kind: FILE_JOB, subject: app.payouts.bank, due: app.clock.now(), payload: {} });
  return {
    [RESOLVE_JOB]: (job) => resolveOperationJob(app.payments, job),
    [EXPIRY_JOB]: (job) => expiryJob(app.payments, job),
    ...storedCardJobs(app.payments),
    ...walletAgreementJobs(app.payments),
    ...orderJobs(app.orders),
    ...payoutJobs(app.payouts),
    ...debtJobs(app.debts),
    ...promotionJobs(app.promotions),
    ...fxJobs(app.fx),
    ...clearingJobs({
      ...{ journal: app.journal, clock: app.clock, fx: app.fx },
      ownAcquirer: app.payments.wallets.acquirer,
      expectMoney: expectHubMoney,
    }),
    ...disputeJobs(app.disputes, app.payments),
    ...reconciliationJobs(app.reconciliation, { fundsArrived }),
    ...registrationJobs(registrations),
    ...inboundJobs(app),
    ...hubJobs(app.hub.deps),
  };
}

/** What wallets say of orders that they pay. */
const paymentsOfOrders =
  (payments: PaymentDeps): NoticeTaker =>
  async ({ wallet, reference, word, payTo }) => {
    const said = word.outcome === 'not_found' ? {} : { word };
    const taken = await walletNotified(payments, {
      ...{ wallet: wallet.id, reference },
      ...said,
      ...(payTo === null ? {} : { payTo }),
    });
    return taken === 'taken' ? ok(null) : null;
  };

const openBank = ({ account, routing }: Networks['bank'], own: { readonly journal: Journal; readonly clock: Clock }) =>
  ensureBankAccount(own, { account, routingNumber: routing, currency: 'USD' });

const gatewayKey = (privateKey: KeyObject | null): App['ams']['key'] =>
  privateKey === null ? null : { privateKey, publicKey: publicKeyText(privateKey) };

/** All processes of an installation have the vault's secret; what is made of it here does not lead back to it. */
const checkoutSecret = ({ vaultSecret }: Secrets): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', vaultSecret, '', 'causeway checkout links', 32));

/** Where browsers go. Issuers are anywhere, and always https; the sandbox's is at its acquirer. */
const addressesOf = ({ config, networks: { acquirers }, publicUrl, vault }: AppInput) => ({
  publicUrl,
  vaultUrl: vault.publicUrl,
  challengeOrigins: config.clock.kind === 'sandbox' ? acquirers.map(({ url }) => new URL(url).origin) : ['https:'],
});

const connectDisputes = (
  { config }: AppInput,
  reconciliation: ReconciliationDeps,
  { account, disputes }: CardConnection,
): DisputeDeps => ({
  journal: reconciliation.journal,
  clock: reconciliation.clock,
  channel: createCardChargebacks(disputes),
  network: account.id,
  reports: account.acquirer,
  tellDifferences: (found) => openBreaks(reconciliation, found),
  answerTimeoutMs: config.acquirerTimeoutMs,
});

interface CardConnection {
  readonly account: CardAccount;
  readonly disputes: CardDisputes;
}

/** One account after the other: each is opened once, at the first start. */
async function inOrder<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

async function connectCards(
  { config, secrets, vault, db, log }: AppInput,
  own: { readonly journal: Journal; readonly clock: Clock },
  access: AcquirerAccess,
): Promise<CardConnection> {
  const { merchantId, funding } = access;
  const { id } = await ensureNetworkAccount(own, { network: 'jpm-online-payments', funding, merchantId });
  const jpm: JpmOnlinePaymentsDeps = {
    http: createNetworkHttp({ network: 'acquirer', db, log: (message, facts) => log.warn(facts, message) }),
    settings: {
      baseUrl: access.baseUrl,
      tokenUrl: access.tokenUrl,
      reportsUrl: access.reportsUrl,
      merchantId,
      clientId: access.clientId,
      privateKey: createPrivateKey(access.privateKey),
      vaultForwardUrl: `${vault.url}/forward`,
      vaultSecret: secrets.vaultSecret,
      timeoutMs: config.acquirerTimeoutMs,
      softwareCompany: 'Causeway',
      softwareName: 'Causeway',
    },
  };
  const acquirer = createJpmOnlinePayments(jpm);
  const authentication = createJpmAuthentication(jpm);
  return { account: { id, merchantId, funding, acquirer, authentication }, disputes: createJpmDisputes(jpm) };
}

function connectBank({ config, networks, db, log }: AppInput): BankRail {
  return createAchBank({
    http: createNetworkHttp({ network: 'bank', db, log: (message, facts) => log.warn(facts, message) }),
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
}

function connectFx({ config, networks, db, log }: AppInput): FxSource | null {
  if (networks.fx === null) return null;
  return createHttpFx({
    http: createNetworkHttp({ network: 'fx', db, log: (message, facts) => log.warn(facts, message) }),
    settings: { ...networks.fx, base: 'USD', timeoutMs: config.fxTimeoutMs },
  });
}

const vaultHttp = ({ db, log }: AppInput): NetworkHttp =>
  createNetworkHttp({ network: 'vault', db, log: (message, facts) => log.warn(facts, message) });

function connectVault(input: AppInput): CardVault {
  const { vault, secrets } = input;
  return createVaultClient({ http: vaultHttp(input), url: vault.url, secret: secrets.vaultSecret });
}

/** Recurring jobs, once per installation. */
async function ensureSchedules(journal: Journal, clock: Clock): Promise<void> {
  const now = clock.now();
  const at = (timeOfDay: number) => addMs(now, untilNext(msOf(now), timeOfDay));
  await ensureJob(journal.db, { kind: DAILY_IMPORT_JOB, subject: 'schedule', due: at(DAILY_IMPORT_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_DISPUTES_JOB, subject: 'schedule', due: at(DAILY_DISPUTES_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_DEBTS_JOB, subject: 'schedule', due: at(DAILY_DEBTS_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_FX_JOB, subject: 'schedule', due: at(DAILY_FX_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_CLEARING_JOB, subject: 'schedule', due: at(DAILY_CLEARING_AT_MS) });
  await ensureJob(journal.db, { kind: DAILY_RUN_JOB, subject: 'schedule', due: at(DAILY_RUN_AT_MS) });
}

async function ensureSandboxSchedule({ db }: Journal, clock: Clock): Promise<void> {
  const now = clock.now();
  const due = addMs(now, untilNext(msOf(now), SANDBOX_SETTLEMENTS_AT_MS));
  await ensureJob(db, { kind: SANDBOX_SETTLEMENTS_JOB, subject: 'schedule', due });
}
