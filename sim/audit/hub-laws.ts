/**
 * Laws between the replayed balances and the rows of the hub: what each wallet owes and each acquirer is owed is what was paid, less what was
 * canceled and refunded, less fees of clearing, less what was settled. Written from reference/postings.md §4.12, apart from the product's laws.
 */
import type { Report } from './finding.ts';
import { creditOf, type Replay } from './replay.ts';
import type { HubRow, Snapshot } from './tables.ts';

export function checkHub(replay: Replay, { rows: { hub } }: Pick<Snapshot, 'rows'>, report: Report): void {
  const expected = new Map<string, bigint>();
  for (const row of hub) expected.set(accountOf(row), (expected.get(accountOf(row)) ?? 0n) + row.amount);
  const wallets = new Set(hub.flatMap(({ side, owner }) => (side === 'wallet' ? [owner] : [])));
  for (const account of replay.balances.keys()) {
    const [name, owner = ''] = account.split(':');
    if ((name === 'receivable' && wallets.has(owner)) || name === 'acquirer')
      if (!expected.has(account)) expected.set(account, 0n);
  }
  for (const [account, owed] of expected) {
    const isWallet = account.startsWith('receivable:');
    const balance = isWallet ? -creditOf(replay, account) : creditOf(replay, account);
    const law = isWallet
      ? 'hub: a wallet owes what its rows come to'
      : 'hub: an acquirer is owed what its rows come to';
    if (balance !== owed) report(law, [account.split(':')[1] ?? ''], `${account} is ${balance} instead of ${owed}`);
  }
}

const accountOf = ({ side, owner, currency }: HubRow): string =>
  `${side === 'wallet' ? 'receivable' : 'acquirer'}:${owner}:${currency}`;
