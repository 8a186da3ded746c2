/** What a run needs besides sellers: marketplaces, the operator's bank account, and funds on it that a statement has shown. */
import { dayOf, systemClock } from '../../src/base/clock.ts';
import { type Id, newId } from '../../src/base/ids.ts';
import { money } from '../../src/base/money.ts';
import { must, ok } from '../../src/base/result.ts';
import { createPool } from '../../src/db/pool.ts';
import { createCommitter, createJournal, type Journal, part } from '../../src/journal/index.ts';
import { event } from '../../src/ledger/index.ts';
import { createMarketplace, ensureBankAccount } from '../../src/parties/index.ts';
import { acceptingBank, BANK_ACCOUNT } from '../lifecycle/stubs.ts';

export interface Books {
  readonly bank: Id<'bnk'>;
  readonly marketplaces: readonly { readonly marketplace: Id<'mkt'>; readonly network: Id<'net'> }[];
}

/** `cents`: how much the bank has booked to the operator. */
export async function openBooks(
  url: string,
  { marketplaces, cents }: { readonly marketplaces: number; readonly cents: bigint },
): Promise<Books> {
  const db = createPool({ url, applicationName: 'bench' });
  const journal = createJournal(db, createCommitter({ url, pool: db }));
  const clock = systemClock();
  const deps = { journal, clock, rail: acceptingBank(dayOf(clock.now())) };
  try {
    const bank = await ensureBankAccount(deps, BANK_ACCOUNT);
    if (cents > 0n) await credit(journal, bank.id, cents);
    const opened = [];
    const terms = { name: 'Bench', feePlan: { percentBps: 0 }, payoutSchedule: 'manual' } as const;
    for (let index = 0; index < marketplaces; index += 1) {
      const outcome = must(await createMarketplace(deps, undefined, terms));
      if (outcome.kind !== 'committed') throw new Error('a repeat');
      opened.push({ marketplace: outcome.value.marketplace.id, network: newId('net') });
    }
    return { bank: bank.id, marketplaces: opened };
  } finally {
    await journal.close();
    await db.end();
  }
}

/** A line of a statement, not explained: whose money it is does not matter here. */
async function credit(journal: Journal, bank: Id<'bnk'>, cents: bigint): Promise<void> {
  const [id, amount] = [newId('ln'), money(cents, 'USD')];
  const row = { id, version: 0, state: 'unexplained', bank, bankReference: 'FLOAT', direction: 'credit', amount };
  const credited = part({
    events: [event('bank.credited', id, { bank, amount })],
    writes: [{ table: 'bank_lines', id, expected: 0, row }],
  });
  const at = systemClock().now();
  must(await journal.run(undefined, async () => ok({ unit: { at, ...credited }, value: null })));
}
