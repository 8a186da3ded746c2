/**
 * A hub for tests of payments: real commands on a test database, one wallet and one acquirer in memory. The wallet says what the test
 * tells it to and otherwise pays; jobs run when the test says so, in business time.
 */
import type { Modules } from '../../test/support/modules.ts';
import type { Instant } from '../base/clock.ts';
import { newId, uuidV7Hex } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { must, ok } from '../base/result.ts';
import type {
  WalletAnswer,
  WalletCancelAnswer,
  WalletInquiryAnswer,
  WalletNetwork,
  WalletPayRequest,
  WalletRefundAnswer,
  WalletRefundRequest,
} from '../connectors/ports/wallet.ts';
import type { DisputeNews, DisputeToAnswer } from '../connectors/ports/wallet-dispute.ts';
import { finishJobs, leaseJobs, postponeJob } from '../jobs/queue.ts';
import { part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findParticipant, type Participant, participants } from '../parties/index.ts';
import { type HubDeps, NO_DISCOUNTS, NO_ORDER_CODES } from './deps.ts';
import { hubJobs } from './jobs.ts';
import type { TakePayment } from './take-payment.ts';

export interface FakeWallet extends WalletNetwork {
  /** Answers of the next calls of each kind, in order; a function is asked when the call comes. */
  readonly pays: (WalletAnswer | (() => Promise<WalletAnswer>))[];
  readonly inquiries: WalletInquiryAnswer[];
  readonly cancels: (WalletCancelAnswer | (() => Promise<WalletCancelAnswer>))[];
  readonly refunds: WalletRefundAnswer[];
  /** What was asked. */
  readonly paid: WalletPayRequest[];
  readonly canceled: string[];
  readonly inquired: string[];
  readonly refunded: WalletRefundRequest[];
  /** What it was told of its disputes, and what it says to that; it acknowledges unless told otherwise. */
  readonly news: DisputeNews[];
  readonly heard: string[];
}

export const approved = (at: Instant, id = 'W1'): WalletAnswer => ({
  outcome: 'approved',
  walletPaymentId: id,
  paidAt: at,
  customerId: 'C-wallet',
});
export const SILENT = { outcome: 'unknown', cause: 'no_answer' } as const;

export function fakeWallet(now: () => Instant): FakeWallet {
  const none = async () => ({ outcome: 'declined', code: 'BUSINESS_NOT_SUPPORT', message: 'no' }) as const;
  const said = async <Answer>(next: Answer | (() => Promise<Answer>)): Promise<Answer> =>
    typeof next === 'function' ? (next as () => Promise<Answer>)() : next;
  const fake: FakeWallet = {
    ...{ pays: [], inquiries: [], cancels: [], refunds: [], paid: [], canceled: [], inquired: [], refunded: [] },
    ...{ news: [], heard: [] },
    pay: async (_target, request) => {
      fake.paid.push(request);
      return said(fake.pays.shift() ?? approved(now()));
    },
    inquire: async (_target, { reference }) => {
      fake.inquired.push(reference);
      return fake.inquiries.shift() ?? SILENT;
    },
    cancel: async (_target, { reference }) => {
      fake.canceled.push(reference);
      return said(fake.cancels.shift() ?? { outcome: 'done' });
    },
    refund: async (_target, request) => {
      fake.refunded.push(request);
      return fake.refunds.shift() ?? { outcome: 'approved', walletRefundId: 'R1', refundedAt: now() };
    },
    applyToken: none,
    refreshToken: none,
    cancelToken: async () => SILENT,
    notifyDispute: async (_target, news) => {
      fake.news.push(news);
      return fake.heard.shift() ?? 'acknowledged';
    },
  };
  return fake;
}

export interface PayingHub {
  readonly deps: HubDeps;
  readonly wallet: FakeWallet;
  /** What the acquirer was told, and what it says; it acknowledges unless told otherwise. */
  readonly told: { readonly url: string; readonly body: string }[];
  /** Wallets' disputes that it was handed. */
  readonly disputes: readonly DisputeToAnswer[];
  readonly outcomes: string[];
  /** Runs what is due, until nothing is. */
  runDue(): Promise<void>;
}

export function payingHub(m: Modules, changes: Partial<HubDeps> = {}): PayingHub {
  const wallet = fakeWallet(m.now);
  const [told, disputes, outcomes]: [PayingHub['told'], DisputeToAnswer[], string[]] = [[], [], []];
  const deps: HubDeps = {
    ...{ journal: m.journal, clock: { now: m.now }, fx: m.fx, wallets: wallet },
    acquirers: {
      notify: async (_target, message) => {
        told.push(message);
        return outcomes.shift() ?? 'acknowledged';
      },
      decode: async () => SILENT,
      inquirePush: async () => SILENT,
      openDispute: async (_target, dispute) => {
        disputes.push(dispute);
        return outcomes.shift() ?? 'acknowledged';
      },
    },
    discounts: NO_DISCOUNTS,
    orderCodes: NO_ORDER_CODES,
    codeDomain: 'qr.causeway.example',
    notificationBody: ({ requestId, state }) => JSON.stringify({ requestId, state }),
    walletNotifyUrl: 'https://hub.example/aps/api/v1/payments/notifyPayment',
    calling: new Set(),
    ...changes,
  };
  return { deps, wallet, told, disputes, outcomes, runDue: () => runDue(m, deps) };
}

async function runDue(m: Modules, deps: HubDeps): Promise<void> {
  const handlers = hubJobs(deps);
  for (;;) {
    const lease = uuidV7Hex();
    const due = await leaseJobs(m.db, { now: m.now(), limit: 100, leaseMs: 60_000, lease });
    if (due.length === 0) return;
    for (const job of due) {
      const result = await handlers[job.kind]?.(job);
      if (result === undefined) throw new Error(`no handler for ${job.kind}`);
      if (result.kind === 'finished') await finishJobs(m.db, [job]);
      if (result.kind === 'again')
        await postponeJob(m.db, job, {
          due: new Date(Date.parse(m.now()) + result.afterMs).toISOString() as Instant,
          reason: result.reason,
          planned: true,
        });
    }
  }
}

/** What an acquirer asks for unless the test says otherwise: 10,000 yen from whoever opens the page of TNG. */
export const aWish = (acquirer: Participant, changes: Partial<TakePayment> = {}): TakePayment => ({
  ...{ acquirer, requestId: newId('req'), payer: { scenario: 'cashier', brandCode: 'TNG' } },
  shop: { merchantId: 'M1', name: 'Cafe', country: 'JP', categoryCode: '5812' },
  ...{ orderReference: 'O1', description: 'coffee', amount: money(10_000, 'JPY'), settlementCurrency: null },
  ...{ redirectUrl: null, notifyUrl: null, expiresAt: null, keyFields: {} },
  ...changes,
});

/** Runs something while a participant is another, and puts it back. */
export async function whileChanged<Value>(
  m: Modules,
  participant: Participant,
  what: Partial<Participant>,
  during: () => Promise<Value>,
): Promise<Value> {
  const set = async (facts: Partial<Participant>): Promise<void> => {
    const row = (await findParticipant(m.db, participant.id)) as Participant;
    const changed = event('participant.changed', row.id, { what: 'test' });
    const unit = part({ events: [changed], writes: [update(participants, row, facts)] });
    must(await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: null })));
  };
  await set(what);
  try {
    return await during();
  } finally {
    await set({ state: participant.state, wallet: participant.wallet });
  }
}

/** Debits less credits of an account, in minor units; 0 of one that was never posted to. */
export async function balanceIn(
  { db }: Modules,
  { name, owner, currency }: { readonly name: string; readonly owner: string; readonly currency: string },
): Promise<bigint> {
  const { rows } = await db.query<{ balance: bigint }>(
    'select debits - credits as balance from accounts where name = $1 and owner = $2 and currency = $3',
    [name, owner, currency],
  );
  return rows[0]?.balance ?? 0n;
}
