import type { BankAccount } from '../api/client.ts';

/** A masked bank account in one line: `US checking •••6789, Ada Ltd`. */
export function BankAccountText({
  account,
  short = false,
}: {
  readonly account: BankAccount | string;
  /** Leaves out the holder, for tables that name the seller beside it. */
  readonly short?: boolean;
}) {
  if (typeof account === 'string') return <span className="mono">{account}</span>;
  return (
    <span>
      {account.country} {account.accountType} <span className="mono">{account.accountNumber}</span>
      {short || !account.holderName ? '' : `, ${account.holderName}`}
    </span>
  );
}
