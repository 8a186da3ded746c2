import { IdText } from './IdText.tsx';

/** A ledger account as one reads it: `held · ord_0198…9f3a2c`. */
export function AccountName({ account }: { readonly account: { readonly name: string; readonly owner: string } }) {
  return (
    <span className="account">
      {account.name} <IdText value={account.owner} />
    </span>
  );
}
