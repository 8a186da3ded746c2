/**
 * The domain modules wired on a test database with an acquirer, a vault and a bank in memory: for tests of decisions that
 * need a journal but no network. The clock is set by the test.
 */
import type { Day, Instant } from '../../src/base/clock.ts';
import { addMs, instant, monotone, msOf } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { type Money, money } from '../../src/base/money.ts';
import { must } from '../../src/base/result.ts';
import type { CheckoutDeps } from '../../src/checkout/index.ts';
import { createAchBank } from '../../src/connectors/ach-bank/index.ts';
import type {
  AcquirerAnswer,
  CardAcquirer,
  FollowUpRequest,
  InquiryAnswer,
  PayRequest,
} from '../../src/connectors/ports/card-acquirer.ts';
import type {
  AuthenticationAnswer,
  AuthenticationRequest,
  CardAuthentication,
} from '../../src/connectors/ports/card-authentication.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createCardChargebacks, type DisputeDeps, keptBackFor } from '../../src/disputes/index.ts';
import type { FxDeps } from '../../src/fx/index.ts';
import { commandKey, createCommitter, createJournal, type Journal, type Outcome } from '../../src/journal/index.ts';
import { checkLedger } from '../../src/ledger/index.ts';
import {
  type Buyer,
  type CardAccount,
  cardAccounts,
  createBuyer,
  createMarketplace,
  createSeller,
  ensureBankAccount,
  ensureNetworkAccount,
  type Marketplace,
  type PartyDeps,
  type Seller,
} from '../../src/parties/index.ts';
import { createInFlight, type PaymentDeps } from '../../src/payments/index.ts';
import type { PayoutDeps } from '../../src/payouts/index.ts';
import { createOrder, type Order, type OrderDeps, orderAsPaymentOwner } from '../../src/protection/index.ts';
import { openBreaks, type ReconciliationDeps } from '../../src/reconciliation/index.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type FakeDisputes, fakeDisputes } from './fake-disputes.ts';
import { type FakeRates, fakeRates } from './fake-rates.ts';
import { type FakeVault, fakeVault } from './fake-vault.ts';
import { type FakeWallet, fakeWallet } from './fake-wallet.ts';

export const usd = (cents: number | bigint): Money => money(cents, 'USD');

/** An acquirer that says what the test tells it to; by default it approves. */
export interface FakeAcquirer extends CardAcquirer {
  /** Answers of the next calls, in order. */
  next: AcquirerAnswer[];
  /** What inquiry finds, by reference; otherwise not_found. */
  known: Map<string, InquiryAnswer>;
  /** What was asked, whole. */
  readonly payments: PayRequest[];
  readonly followUps: FollowUpRequest[];
  readonly calls: { readonly kind: string; readonly reference: string; readonly amount: Money }[];
}

/** Authentication that says what the test tells it to; by default there is none to be had. */
export interface FakeAuthentication extends CardAuthentication {
  /** Answers of the next questions, in order, whether asked or found. */
  next: AuthenticationAnswer[];
  /** What was asked, whole. */
  readonly asked: AuthenticationRequest[];
}

type Terms = Parameters<typeof createOrder>[2];

export interface Modules {
  readonly db: Pool;
  /** The database as its owner, who may change what the application cannot. */
  readonly ownerUrl: string;
  readonly journal: Journal;
  readonly parties: PartyDeps;
  readonly orders: OrderDeps;
  readonly payments: PaymentDeps;
  readonly checkout: CheckoutDeps;
  readonly payouts: PayoutDeps;
  readonly disputes: DisputeDeps;
  readonly cardDisputes: FakeDisputes;
  readonly reconciliation: ReconciliationDeps;
  readonly fx: FxDeps;
  readonly rates: FakeRates;
  /** The one account, with the acquirer below. */
  readonly cardAccount: CardAccount;
  readonly acquirer: FakeAcquirer;
  readonly authentication: FakeAuthentication;
  readonly vault: FakeVault;
  readonly wallet: FakeWallet;
  readonly marketplace: Marketplace;
  readonly seller: Seller;
  readonly buyer: Buyer;
  now(): Instant;
  /** Moves business time by milliseconds. */
  pass(ms: number): void;
  /** A fresh command key. */
  key(name?: string): ReturnType<typeof commandKey>;
  /** An order with the given instalments, in cents. */
  order(instalments: readonly number[], fields?: Partial<Parameters<typeof createOrder>[2]>): Promise<Order>;
  /** Fails the test unless every law of the ledger holds. */
  holdLaws(): Promise<void>;
  close(): Promise<void>;
  /** Holds the laws, and closes whatever they say. */
  end(): Promise<void>;
}

export function fakeAcquirer(): FakeAcquirer {
  const acquirer: FakeAcquirer = {
    next: [],
    known: new Map(),
    calls: [],
    payments: [],
    followUps: [],
    pay: async (request: PayRequest) => {
      acquirer.payments.push(request);
      return answer(acquirer, request);
    },
    followUp: async (request) => {
      acquirer.followUps.push(request);
      return answer(acquirer, request);
    },
    inquire: async ({ reference }) => acquirer.known.get(reference) ?? { outcome: 'not_found' },
    verify: async ({ reference, currency }) =>
      acquirer.next.shift() ?? {
        outcome: 'approved',
        networkId: `net-${reference}`,
        amount: money(0n, currency),
        details: {},
      },
    fetchSettlement: async (_day: Day) => null,
    reports: ['settlement'],
    fetchReport: async () => null,
    parseFees: () => [],
    parseDisputeMovements: () => [],
    checkReports: () => undefined,
    health: async () => 'up',
    parseSettlement: () => [],
    parseNotification: () => ({ notificationId: 'n', type: 'x' }),
  };
  return acquirer;
}

async function answer(
  acquirer: FakeAcquirer,
  { kind, reference, amount }: { kind: string; reference: string; amount: Money },
): Promise<AcquirerAnswer> {
  acquirer.calls.push({ kind, reference, amount });
  return acquirer.next.shift() ?? { outcome: 'approved', networkId: `net-${reference}`, amount, details: {} };
}

export function fakeAuthentication(): FakeAuthentication {
  const fake: FakeAuthentication = {
    next: [],
    asked: [],
    authenticate: async (request) => {
      fake.asked.push(request);
      return fake.next.shift() ?? { outcome: 'unavailable', reason: 'no answer set' };
    },
    find: async () => fake.next.shift() ?? { outcome: 'not_found' },
  };
  return fake;
}

export async function createModules(): Promise<Modules> {
  const database: TestDatabase = await createTestDatabase();
  const db = createPool({ url: database.app, applicationName: 'test' });
  const journal = createJournal(db, createCommitter({ url: database.app, pool: db }));
  let now = instant(Date.UTC(2026, 10, 23, 9));
  const clock = monotone(() => msOf(now));
  const [acquirer, rail] = [fakeAcquirer(), silentBank()];
  const own = { journal, clock };
  const network = await ensureNetworkAccount(own, {
    network: 'jpm-online-payments',
    funding: 'net',
    merchantId: '998482157630',
  });
  const bank = await ensureBankAccount(own, { account: '000123456789', routingNumber: '021000021', currency: 'USD' });
  const people = await enrol({ ...own, rail });
  const { marketplace } = people;
  const authentication = fakeAuthentication();
  const vault = fakeVault(marketplace.id);
  const cardDisputes = fakeDisputes(() => now);
  const cardAccount: CardAccount = { ...network, funding: 'net', acquirer, authentication };
  const accounts = cardAccounts([cardAccount]);
  const [{ fx, rates }, wallet] = [exchange(own), fakeWallet(clock)];
  const payments: PaymentDeps = {
    ...own,
    wallets: walletAccess(wallet, fx),
    accounts,
    vault,
    owner: orderAsPaymentOwner(own),
    inFlight: createInFlight(),
    acquirerTimeoutMs: 70_000,
  };
  const reconciliation = { ...own, accounts, payments, rail, bank: bank.id };
  const close = closing(journal, db, database);
  return {
    db,
    ownerUrl: database.owner,
    journal,
    cardAccount,
    acquirer,
    authentication,
    vault,
    wallet,
    ...people,
    parties: { ...own, rail },
    orders: own,
    payments,
    checkout: { ...own, payments, secret: new Uint8Array(32).fill(7) },
    payouts: { ...own, rail, bank: bank.id, keptBack: (sellers) => keptBackFor(db, sellers) },
    ...{ cardDisputes, fx, rates },
    disputes: {
      ...own,
      channel: createCardChargebacks(cardDisputes),
      network: network.id,
      reports: cardDisputes,
      tellDifferences: (found) => openBreaks(reconciliation, found),
      answerTimeoutMs: 70_000,
    },
    reconciliation,
    now: () => now,
    pass: (ms) => {
      now = addMs(now, ms);
    },
    key: (name = newId('req')) => commandKey(marketplace.id, name, 'test', { name }),
    order: async (instalments, fields = {}) =>
      committed(must(await createOrder(own, undefined, { ...termsOf(people, instalments), ...fields }))),
    holdLaws: () => holdLaws(db),
    close,
    end: () => holdLaws(db).finally(close),
  };
}

const walletAccess = (network: FakeWallet, fx: FxDeps): PaymentDeps['wallets'] => ({
  network,
  fx,
  acquirer: 'CAUSEWAY',
  notifyUrl: 'http://platform.example/aps/api/v1/payments/notifyPayment',
  secret: new Uint8Array(32).fill(9),
});

function exchange(own: Pick<FxDeps, 'journal' | 'clock'>): Pick<Modules, 'fx' | 'rates'> {
  const rates = fakeRates(own.clock);
  return { fx: { ...own, source: rates, reporting: 'USD' }, rates };
}

const closing = (journal: Journal, db: Pool, database: TestDatabase) => async (): Promise<void> => {
  await journal.close();
  await db.end();
  await database.drop();
};

/** The real rail over a bank that knows nothing: building and checking work, every question is answered with 404. */
function silentBank() {
  return createAchBank({
    http: { send: async () => ({ status: 404, headers: {}, body: new Uint8Array() }) },
    settings: {
      baseUrl: 'http://bank.invalid',
      token: 't',
      account: { routing: '021000021', number: '000123456789' },
      originId: '021000021',
      originName: 'CAUSEWAY',
      companyName: 'CAUSEWAY',
      companyId: '1223344556',
      odfi8: '02100002',
      bankName: 'BANK',
      timeoutMs: 1000,
    },
  });
}

async function enrol(parties: PartyDeps) {
  const created = must(
    await createMarketplace(parties, undefined, {
      name: 'Test',
      feePlan: { percentBps: 300 },
      payoutSchedule: 'manual',
    }),
  );
  const { marketplace } = committed(created);
  const bankAccount = {
    country: 'US',
    routingNumber: '121042882',
    accountNumber: '4401778812',
    accountType: 'checking',
    holderName: 'Supplier',
  } as const;
  const supplier = {
    marketplace: marketplace.id,
    name: 'Supplier',
    country: 'CN',
    email: 's@x.example',
    categoryCode: '5732',
    bankAccount,
  };
  const seller = committed(must(await createSeller(parties, undefined, supplier)));
  const person = { marketplace: marketplace.id, name: 'Buyer', country: 'US', email: 'b@x.example' };
  return { marketplace, seller, buyer: committed(must(await createBuyer(parties, undefined, person))) };
}

const termsOf = (
  { marketplace, seller, buyer }: Pick<Modules, 'marketplace' | 'seller' | 'buyer'>,
  instalments: readonly number[],
): Terms => ({
  marketplace: marketplace.id,
  seller: seller.id,
  buyer: buyer.id,
  reference: newId('req'),
  description: 'things',
  total: usd(instalments.reduce((sum, cents) => sum + cents, 0)),
  instalments: instalments.map((cents, index) => ({
    amount: usd(cents),
    due: index === 0 ? 'now' : 'before_shipment',
  })),
  shipBy: { daysAfterFirstPayment: 10 },
  policy: 'standard',
});

async function holdLaws(db: Pool): Promise<void> {
  const { laws } = await checkLedger(db);
  const broken = laws.filter(({ ok: held, alarm }) => !held && !alarm);
  if (broken.length > 0) throw new Error(`laws broken: ${JSON.stringify(broken)}`);
}

/** The value of an outcome that was committed now. */
export function committed<Value>(outcome: Outcome<Value>): Value {
  if (outcome.kind !== 'committed') throw new Error('a repeat');
  return outcome.value;
}

/** A token of the test vault. */
export const aToken = (): string => newId('tok');
