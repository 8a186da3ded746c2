/** Who the lives are about: one marketplace, a seller for every life of a round, some buyers; and the float payouts need. */

import type { Id } from '../../src/base/ids.ts';
import { must } from '../../src/base/result.ts';
import type { Outcome } from '../../src/journal/index.ts';
import {
  createBuyer,
  createMarketplace,
  createSeller,
  ensureBankAccount,
  ensureNetworkAccount,
  type PartyDeps,
} from '../../src/parties/index.ts';
import { importStatement } from '../../src/reconciliation/import-statement.ts';
import { explainLine, listBankLines, type ReconciliationDeps } from '../../src/reconciliation/index.ts';
import { BANK_ACCOUNT } from './stubs.ts';

export interface People {
  readonly marketplace: Id<'mkt'>;
  /** Secret of the marketplace's key. */
  readonly key: string;
  readonly sellers: readonly string[];
  readonly buyers: readonly string[];
}

/** One buyer of so many lives where the law asks for 3-D Secure, the others in the United States. */
export const REGULATED_EVERY = 5;

type Own = Pick<PartyDeps, 'journal' | 'clock'>;

const AT_ONCE = 256;
const FEE_PLAN = { percentBps: 250 };
const BANK = { country: 'US', routingNumber: '121042882', accountType: 'checking' } as const;
const FIRST_ACCOUNT = 4_401_000_000;

export async function openAccounts(own: Own): Promise<{ network: Id<'net'>; bank: Id<'bnk'> }> {
  const network = await ensureNetworkAccount(own, { network: 'bench', funding: 'net', merchantId: '1' });
  const bank = await ensureBankAccount(own, BANK_ACCOUNT);
  return { network: network.id, bank: bank.id };
}

export async function settlePeople(
  deps: PartyDeps,
  sizes: { readonly sellers: number; readonly buyers: number; readonly regulated: boolean },
): Promise<People> {
  const countryOf = (number: number): string => (sizes.regulated && number % REGULATED_EVERY === 0 ? 'DE' : 'US');
  const { marketplace, apiKey } = done(
    must(await createMarketplace(deps, undefined, { name: 'Bench', feePlan: FEE_PLAN, payoutSchedule: 'manual' })),
  );
  const home = { marketplace: marketplace.id, email: 'somebody@bench.example' };
  const sellers = await many(sizes.sellers, async (number) => {
    const name = `Supplier ${number}`;
    const bankAccount = { ...BANK, accountNumber: String(FIRST_ACCOUNT + number), holderName: name };
    return done(
      must(await createSeller(deps, undefined, { ...home, name, country: 'CN', categoryCode: '5732', bankAccount })),
    );
  });
  const buyers = await many(sizes.buyers, async (number) =>
    done(must(await createBuyer(deps, undefined, { ...home, name: `Buyer ${number}`, country: countryOf(number) }))),
  );
  return { marketplace: marketplace.id, key: apiKey.secret, sellers, buyers };
}

/** Ids of `count` parties, made some at a time. */
async function many(count: number, create: (number: number) => Promise<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < count; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => start + index);
    ids.push(...(await Promise.all(numbers.map(create))).map(({ id }) => id));
  }
  return ids;
}

/** The statement that shows the operator's float, imported and explained: payouts leave from settled funds only. */
export async function payInCapital(deps: ReconciliationDeps): Promise<void> {
  await importStatement(deps, new Uint8Array(1));
  const [line] = await listBankLines(deps.journal.db, 'unexplained', 'f'.repeat(32), 1);
  if (line === undefined) throw new Error('the statement brought no line');
  must(await explainLine(deps, undefined, { line: line.id, as: 'capital', reason: 'float of the benchmark' }));
}

function done<Value>(outcome: Outcome<Value>): Value {
  if (outcome.kind !== 'committed') throw new Error('a repeat');
  return outcome.value;
}
