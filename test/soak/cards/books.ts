/** The acquirer's books, read from the acquirer alone: its admin verbs page by page, and the deposit files it issued. */
import { getToken } from '../../../sandbox/acquirer/test-client.ts';
import type { World } from '../../../stories/world.ts';

/** A payment, sale, capture, refund, or change of a payment. Amounts are minor units. */
export interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly paymentId: string;
  readonly reference: string;
  readonly amount: string;
  readonly state: string;
  /** Of a payment. */
  readonly authorized?: string;
  readonly captured?: string;
  readonly refunded?: string;
  readonly authorizedOpen?: string;
}

export interface Dispute {
  readonly id: string;
  readonly outcome: 'WON' | 'LOST' | null;
  readonly status: string;
  readonly amount: string;
  /** Taken and not given back. */
  readonly debited: string;
  readonly movements: readonly { readonly kind: 'DEBIT' | 'CREDIT' | 'FEE'; readonly amount: string }[];
}

export interface Totals {
  readonly sales: string;
  readonly refunds: string;
  readonly interchange: string;
  readonly schemeFees: string;
  readonly processingFees: string;
  readonly disputeDebits: string;
  readonly disputeCredits: string;
  readonly disputeFees: string;
  readonly settledNet: string;
  readonly unsettledGross: string;
  readonly unsettledDisputes: string;
  readonly authorizedOpen: string;
  readonly batches: readonly { readonly day: string; readonly net: string; readonly paid: string }[];
}

/** One line of a deposit file: what it is for, under which reference (of a dispute: the dispute), signed as money to us. */
export interface DepositLine {
  readonly category: string;
  readonly trace: string;
  readonly cents: bigint;
}

export interface Books {
  readonly entries: readonly Entry[];
  readonly disputes: readonly Dispute[];
  readonly totals: Totals;
  readonly deposits: readonly DepositLine[];
}

export async function readBooks(world: World): Promise<Books> {
  const { acquirer } = world;
  const { currencies } = await acquirer.get<{ currencies: readonly (Totals & { currency: string })[] }>(
    '/_sandbox/totals',
  );
  const totals = currencies.find(({ currency }) => currency === 'USD');
  if (totals === undefined) throw new Error('the acquirer has no books in USD');
  const entries: Entry[] = [];
  const disputes: Dispute[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { transactions: readonly Entry[]; next: number | null } = await acquirer.get(
      `/_sandbox/transactions?after=${after}`,
    );
    entries.push(...page.transactions);
    after = page.next;
  }
  for (let after: number | null = 0; after !== null; ) {
    const page: { disputes: readonly Dispute[]; next: number | null } = await acquirer.get(
      `/_sandbox/disputes?after=${after}`,
    );
    disputes.push(...page.disputes);
    after = page.next;
  }
  const deposits = await readDeposits(
    world.addresses.acquirer,
    totals.batches.map(({ day }) => day),
  );
  return { entries, disputes, totals, deposits };
}

/** As any merchant would: with a token of its own, a file a day. */
async function readDeposits(url: string, days: readonly string[]): Promise<readonly DepositLine[]> {
  const authorization = `Bearer ${await getToken(url)}`;
  const lines: DepositLine[] = [];
  for (const day of new Set(days)) {
    const answer = await fetch(`${url}/reports/deposit-details?day=${day}`, { headers: { authorization } });
    if (answer.status !== 200) throw new Error(`the deposit file of ${day}: ${answer.status}`);
    lines.push(...(await answer.text()).split('\n').flatMap(lineOf));
  }
  return lines;
}

/** Columns as docs/sandbox-acquirer.md has them; no field of a detail has a comma in it. */
function lineOf(text: string): readonly DepositLine[] {
  const [, , type, category = '', , , trace = '', amount = '0'] = text.trim().split(',');
  if (type !== 'DETAIL') return [];
  return [{ category, trace, cents: BigInt(amount.replace('.', '')) }];
}
