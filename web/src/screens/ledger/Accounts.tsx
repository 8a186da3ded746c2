import type { LedgerAccount } from '../../api/client.ts';
import { useLedgerAccounts } from '../../queries/ledger.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { groupAccounts } from './group-accounts.ts';
import type { LedgerSearch } from './search.ts';

/** One panel a kind, so that what is owned and what is owed are never read as one list. */
export function Accounts({ search }: { readonly search: LedgerSearch }) {
  const accounts = useLedgerAccounts(search);
  return (
    <Loaded
      of={accounts}
      what="accounts"
      isEmpty={({ data }) => data.length === 0}
      empty="No account with a balance matches."
    >
      {({ data }) =>
        groupAccounts(data).map(({ kind, accounts: rows }) => (
          <Panel
            key={kind}
            title={TITLES[kind] ?? kind}
            aside={<span className="faint num">{rows.length === 1 ? '1 account' : `${rows.length} accounts`}</span>}
          >
            <DataTable
              label={TITLES[kind] ?? kind}
              columns={COLUMNS}
              rows={rows}
              keyOf={({ name, owner, currency }) => `${name} ${owner} ${currency}`}
              busy={accounts.isPlaceholderData}
              even
            />
          </Panel>
        ))
      }
    </Loaded>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  asset: 'Assets',
  clearing: 'Clearing',
  liability: 'Liabilities',
  equity: 'Equity',
  income: 'Income',
  expense: 'Expenses',
  memo: 'Memo, outside the balance sheet',
};

const COLUMNS: readonly Column<LedgerAccount>[] = [
  { header: 'Account', heads: true, cell: ({ name }) => name },
  { header: 'Owner', narrow: 'start', cell: ({ owner }) => <IdText value={owner} /> },
  { header: 'Side', narrow: 'hidden', cell: ({ side }) => <span className="faint">{side}</span> },
  { header: 'Debits', align: 'end', narrow: 'hidden', cell: ({ debits }) => <Amount money={debits} /> },
  { header: 'Credits', align: 'end', narrow: 'hidden', cell: ({ credits }) => <Amount money={credits} /> },
  { header: 'Balance', align: 'end', narrow: 'end', cell: ({ balance }) => <Amount money={balance} strong /> },
];
