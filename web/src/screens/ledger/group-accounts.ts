/** Accounts by kind, in the order of a balance sheet; a kind the console does not know comes last. */
import type { LedgerAccount } from '../../api/client.ts';

const KINDS = ['asset', 'clearing', 'liability', 'equity', 'income', 'expense', 'memo'];
const place = (kind: string): number => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);

export interface AccountGroup {
  readonly kind: string;
  readonly accounts: readonly LedgerAccount[];
}

export function groupAccounts(accounts: readonly LedgerAccount[]): readonly AccountGroup[] {
  const kinds = [...new Set(accounts.map(({ kind }) => kind))].sort(
    (a, b) => place(a) - place(b) || a.localeCompare(b),
  );
  return kinds.map((kind) => ({ kind, accounts: accounts.filter((account) => account.kind === kind).sort(byName) }));
}

const byName = (a: LedgerAccount, b: LedgerAccount): number =>
  a.name.localeCompare(b.name) || a.currency.localeCompare(b.currency) || a.owner.localeCompare(b.owner);
