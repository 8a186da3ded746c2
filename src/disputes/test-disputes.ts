/** For tests of disputes: orders with money, what a case froze, jobs worked off, and the network's and our books compared. */
import assert from 'node:assert/strict';
import { aToken, committed, type Modules } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import { must } from '../base/result.ts';
import type { Job, JobResult } from '../jobs/index.ts';
import { leaseJobs } from '../jobs/queue.ts';
import { account, balanceOf } from '../ledger/index.ts';
import type { Seller } from '../parties/index.ts';
import { type Payment, payInstalment } from '../payments/index.ts';
import { findPayout, initiatePayout, type Payout } from '../payouts/index.ts';
import { fund, handlersOf, letLeasesRunOut } from '../payouts/test-payouts.ts';
import { findOrder, type Order, receiveOrder, releaseOrder, shipOrder } from '../protection/index.ts';
import { bookReport } from './book-movements.ts';
import { type Case, takenOf } from './case.ts';
import { disputeAccounts } from './deps.ts';
import { disputeJobs } from './jobs.ts';
import { observeDispute } from './record-word.ts';
import { findDispute } from './store.ts';

interface Paid {
  readonly order: Order;
  readonly payments: readonly Payment[];
}

export interface Scene {
  /** An order whose instalments are all paid. */
  paidOrder(...cents: number[]): Promise<Paid>;
  paidOrderOf(seller: Seller['id'], ...cents: number[]): Promise<Paid>;
  shipAndReceive(order: Order): Promise<void>;
  release(order: Order): Promise<void>;
  /** What the network's dispute is in our books after asking it. */
  observe(claim: string): Promise<Case>;
  reload(row: Case): Promise<Case>;
  order(row: Pick<Case, 'order'>): Promise<Order>;
  /** Books the lines since the last report. */
  report(): Promise<void>;
  /** Runs every due job of a kind once. */
  work(kind: string): Promise<readonly JobResult[]>;
  waiting(kind: string): Promise<number>;
  balance(name: Parameters<typeof account>[0], owner: string): Promise<bigint>;
  /** Everything that is available to the seller, handed to the bank. */
  payAll(seller: Seller['id']): Promise<Payout>;
  /** Σ taken in our books is what the network holds, and every law holds. */
  agree(...claims: string[]): Promise<void>;
}

export const PDF = {
  name: 'proof.pdf',
  mediaType: 'application/pdf',
  content: Buffer.from('%PDF-1.7 delivered'),
} as const;

export function scene(m: Modules): Scene {
  const marketplace = m.marketplace.id;
  let day = 0;
  const on = (order: Order) => ({ marketplace, order: order.id });
  const self: Scene = {
    paidOrder: (...cents) => self.paidOrderOf(m.seller.id, ...cents),
    paidOrderOf: async (seller, ...cents) => {
      const order = await m.order(cents, { seller });
      const payments: Payment[] = [];
      for (const [index] of cents.entries()) {
        const input = { ...on(order), instalment: index + 1, token: aToken(), capture: 'automatic' as const };
        payments.push(committed(must(await payInstalment(m.payments, m.key(), input))));
      }
      return { order: (await findOrder(m.db, order.id)) as Order, payments };
    },
    shipAndReceive: async (order) => {
      must(await shipOrder(m.orders, undefined, { ...on(order), carrier: 'SF', trackingNumber: '1' }));
      must(await receiveOrder(m.orders, undefined, { ...on(order), by: 'buyer' }));
    },
    release: async (order) => {
      must(await releaseOrder(m.orders, undefined, { ...on(order), by: 'marketplace' }));
    },
    observe: async (claim) => {
      const observed = await observeDispute(m.disputes, claim);
      assert.ok(observed.found === 'case', observed.found === 'nothing' ? observed.reason : '');
      return observed.case;
    },
    reload: async (row) => (await findDispute(m.db, row.id)) as Case,
    order: async (row) => (await findOrder(m.db, row.order)) as Order,
    report: async () => {
      day += 1;
      await bookReport(m.disputes, `2027-02-${String(day).padStart(2, '0')}` as Day, m.cardDisputes.report());
    },
    work: async (kind) => {
      const jobs = await leaseJobs(m.db, { now: m.now(), limit: 1000, leaseMs: 1 });
      const results: JobResult[] = [];
      for (const job of jobs.filter((each: Job) => each.kind === kind))
        results.push(
          await (disputeJobs(disputeAccounts([m.disputes]), m.payments)[kind] as (job: Job) => Promise<JobResult>)(job),
        );
      return results;
    },
    waiting: async (kind) => (await m.db.query('select 1 from jobs where kind = $1', [kind])).rowCount ?? 0,
    payAll: async (seller) => {
      const payout = committed(must(await initiatePayout(m.payouts, m.key(), { marketplace, seller, amount: null })));
      // Payouts of earlier tests may wait before it.
      await fund(m, payout.amount.amount + 100_000n);
      m.pass(60_000);
      const jobs = await leaseJobs(m.db, { now: m.now(), limit: 1000, leaseMs: 60_000 });
      for (const job of jobs) await handlersOf(m, {})[job.kind]?.(job);
      await letLeasesRunOut(m);
      const filed = (await findPayout(m.db, payout.id)) as Payout;
      assert.equal(filed.state, 'filed');
      return filed;
    },
    balance: async (name, owner) => (await balanceOf(m.db, account(name, owner), 'USD')).amount,
    agree: async (...claims) => {
      for (const claim of claims)
        assert.equal(takenOf(await self.observe(claim)).amount, m.cardDisputes.taken(claim), claim);
      await m.holdLaws();
    },
  };
  return self;
}
