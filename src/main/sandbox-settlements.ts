/**
 * In the sandbox everybody settles on the day it is due: participants pay what they owe, and the operator pays what it owes them, at the
 * sandbox's bank, each settlement under its reference. Outside of it people and their banks do this; the hub has no rail
 * for it. The bank books a reference once, so a day that is worked again books nothing twice.
 */

import type { Clock } from '../base/clock.ts';
import { msOf, untilNext } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Pool } from '../db/pool.ts';
import type { JobHandlers } from '../jobs/index.ts';
import { listHubSettlements, type SettlementView } from '../wallets/index.ts';

export const SANDBOX_SETTLEMENTS_JOB = 'sandbox.settlements';
/** 10:00 in UTC+8, when the day's settlements are instructed. Milliseconds into the day in UTC. */
export const SANDBOX_SETTLEMENTS_AT_MS = 2 * 3_600_000;

interface SandboxBank {
  readonly baseUrl: string;
  readonly account: string;
}

interface Settling {
  readonly db: Pool;
  readonly clock: Clock;
  readonly bank: SandboxBank;
}

export const sandboxSettlementJobs = (settling: Settling): JobHandlers => ({
  [SANDBOX_SETTLEMENTS_JOB]: async () => {
    await settleAtBank(settling);
    const afterMs = untilNext(msOf(settling.clock.now()), SANDBOX_SETTLEMENTS_AT_MS);
    return { kind: 'again', afterMs, reason: 'scheduled' };
  },
});

const NEWEST = 'f'.repeat(32);
const A_PAGE = 200;

/** Books what is instructed and has not been seen on a statement; throws a fault that may be tried again where the bank is silent. */
async function settleAtBank({ db, bank }: Settling): Promise<void> {
  for (let before = NEWEST; ; ) {
    const page = await listHubSettlements(db, { state: 'reported', participantId: null, before, limit: A_PAGE });
    for (const settlement of page) if (settlement.net.amount !== 0n) await book(bank, settlement);
    const last = page.at(-1);
    if (last === undefined || page.length < A_PAGE) return;
    before = last.id.slice('stl_'.length);
  }
}

async function book({ baseUrl, account }: SandboxBank, { net, reference, name }: SettlementView): Promise<void> {
  const isCredit = net.amount > 0n;
  const amount = String(isCredit ? net.amount : -net.amount);
  const line = { account, currency: net.currency, amount, endToEndId: reference, debtorName: name.toUpperCase() };
  const response = await fetch(`${baseUrl}/_interbank/${isCredit ? 'credits' : 'debits'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...line, text: `settlement ${reference}` }),
  });
  if (!response.ok)
    throw new Fault('sandbox', `the sandbox bank did not book ${reference}: ${response.status}`, { retryable: true });
}
