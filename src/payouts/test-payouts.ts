/** For tests of payouts: sellers with money, a bank account with funds, and jobs worked off one after the other. */
import { committed, type Modules, usd } from '../../test/support/modules.ts';
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import { must, ok } from '../base/result.ts';
import type { Job, JobHandlers, JobResult } from '../jobs/index.ts';
import { leaseJobs } from '../jobs/queue.ts';
import { part } from '../journal/index.ts';
import { account, balanceOf, event } from '../ledger/index.ts';
import { createSeller, type Seller } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import { payoutJobs } from './index.ts';
import type { PageSizes } from './jobs.ts';

/** A seller of the marketplace with an account number of its own. */
export async function aSeller(m: Modules, name: string, marketplace = m.marketplace.id): Promise<Seller> {
  const input = {
    marketplace,
    name,
    country: 'CN',
    email: 's@x.example',
    categoryCode: '5732',
    bankAccount: {
      country: 'US',
      routingNumber: '121042882',
      accountNumber: `77${name.replace(/\D/g, '').padStart(8, '0')}`,
      accountType: 'checking',
      holderName: name,
    },
  } as const;
  const parties = { journal: m.journal, clock: m.payouts.clock, rail: m.payouts.rail };
  return committed(must(await createSeller(parties, undefined, input)));
}

/** Released to the seller, out of an order that a network of its own has paid. */
export async function earn(
  m: Modules,
  seller: Pick<Seller, 'id' | 'marketplace'>,
  cents: number | bigint,
): Promise<void> {
  const [order, payment, amount] = [newId('ord'), newId('pay'), usd(cents)];
  const { id, marketplace } = seller;
  const released = { order, seller: id, marketplace, net: amount, fee: usd(0), by: 'deadline' } as const;
  const events = [
    event('payment.captured', payment, { network: newId('net'), order, captured: amount }),
    event('order.released', order, released),
  ];
  must(await m.journal.run(m.key(), async () => ok({ value: null, unit: { at: m.now(), ...part({ events }) } })));
}

/** Puts money on the bank account as a statement line would, without a bank. */
export async function fund(m: Modules, cents: number | bigint): Promise<void> {
  const line = newId('ln');
  const { bank } = m.payouts;
  const amount = usd(cents);
  const row = { id: line, version: 0, state: 'unexplained', bank, bankReference: line, direction: 'credit', amount };
  const credited = part({
    events: [event('bank.credited', line, { bank, amount })],
    writes: [{ table: 'bank_lines', id: line, expected: 0, row }],
  });
  must(await m.journal.run(undefined, async () => ok({ value: null, unit: { at: m.now(), ...credited } })));
}

export const availableTo = async (m: Modules, seller: Id<'sel'>): Promise<bigint> =>
  (await balanceOf(m.db, account('seller', seller), 'USD')).amount;

export interface Worked {
  readonly job: Job;
  readonly result: JobResult;
}

/** Runs due jobs of these handlers, the oldest first, until none is due or `limit` are done. */
export async function workOff(m: Modules, handlers: JobHandlers, limit = 1000): Promise<readonly Worked[]> {
  const worked: Worked[] = [];
  while (worked.length < limit) {
    const job = await lease(m);
    if (job === undefined) break;
    const handler = handlers[job.kind];
    if (handler === undefined) throw new Error(`nobody works on ${job.kind}`);
    const result = await handler(job);
    if (result.kind === 'finished') await m.db.query('delete from jobs where id = $1', [job.id]);
    worked.push({ job, result });
    if (result.kind === 'again') break;
  }
  return worked;
}

/** The next due job, leased as a worker does. */
export async function lease(m: Modules): Promise<Job | undefined> {
  return (await leaseJobs(m.db, { now: m.now(), limit: 1, leaseMs: 60_000 }))[0];
}

/** What a killed worker leaves behind: the job waits with its lease run out. */
export const letLeasesRunOut = (m: Modules): Promise<unknown> =>
  m.db.query('update jobs set lease = null, leased_until = null');

/** The handlers over a bank that takes every file. */
export function handlersOf(m: Modules, sizes: PageSizes, deps: Partial<PayoutDeps> = {}): JobHandlers {
  const rail = { ...m.payouts.rail, submitFile: async () => ({ outcome: 'accepted', receipt: 'R' }) as const };
  return payoutJobs({ ...m.payouts, rail, ...deps }, sizes);
}
