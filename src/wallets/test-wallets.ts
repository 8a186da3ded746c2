/**
 * A hub for tests of payments: real commands on a test database, one wallet and one acquirer in memory. The wallet says what the test
 * tells it to and otherwise pays; jobs run when the test says so, in business time.
 */
import type { Modules } from '../../test/support/modules.ts';
import type { Instant } from '../base/clock.ts';
import { uuidV7Hex } from '../base/ids.ts';
import type {
  WalletAnswer,
  WalletCancelAnswer,
  WalletInquiryAnswer,
  WalletNetwork,
  WalletPayRequest,
  WalletRefundAnswer,
  WalletRefundRequest,
} from '../connectors/ports/wallet.ts';
import { finishJobs, leaseJobs, postponeJob } from '../jobs/queue.ts';
import { type HubDeps, NO_DISCOUNTS } from './deps.ts';
import { hubJobs } from './jobs.ts';

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
    cancelToken: async () => SILENT,
  };
  return fake;
}

export interface PayingHub {
  readonly deps: HubDeps;
  readonly wallet: FakeWallet;
  /** What the acquirer was told, and what it says; it acknowledges unless told otherwise. */
  readonly told: { readonly url: string; readonly body: string }[];
  readonly outcomes: string[];
  /** Runs what is due, until nothing is. */
  runDue(): Promise<void>;
}

export function payingHub(m: Modules, changes: Partial<HubDeps> = {}): PayingHub {
  const wallet = fakeWallet(m.now);
  const [told, outcomes]: [PayingHub['told'], string[]] = [[], []];
  const deps: HubDeps = {
    ...{ journal: m.journal, clock: { now: m.now }, fx: m.fx, wallets: wallet },
    acquirers: {
      notify: async (_target, message) => {
        told.push(message);
        return outcomes.shift() ?? 'acknowledged';
      },
      decode: async () => SILENT,
      inquirePush: async () => SILENT,
    },
    discounts: NO_DISCOUNTS,
    codeDomain: 'qr.causeway.example',
    notificationBody: ({ requestId, state }) => JSON.stringify({ requestId, state }),
    walletNotifyUrl: 'https://hub.example/aps/api/v1/payments/notifyPayment',
    calling: new Set(),
    ...changes,
  };
  return { deps, wallet, told, outcomes, runDue: () => runDue(m, deps) };
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
