/** What the bank believes, for the auditor: computed from the lines themselves, not from the statements. */
import { instant } from '../../src/base/clock.ts';
import { json, type Reply, type Request } from '../base/http-server.ts';
import type { Bank } from './bank.ts';
import type { LineRow } from './schema.ts';

interface AccountSums {
  readonly account: string;
  readonly currency: string;
  readonly credits: bigint;
  readonly debits: bigint;
}

const SUMS = `
  select account.number as account, account.currency,
    coalesce(sum(case direction when 'credit' then amount end), 0) as credits,
    coalesce(sum(case direction when 'debit' then amount end), 0) as debits
  from account left join line on line.account = account.number and line.currency = account.currency
  group by 1, 2 order by 1, 2`;

/** GET /_sandbox/totals */
export function totals({ store }: Bank): Reply {
  const count = (table: 'line' | 'file' | 'returned_entry where returned_on is not null'): number =>
    Number(store.first<{ rows: bigint }>(`select count(*) as rows from ${table}`)?.rows ?? 0n);
  const accounts = store.all<AccountSums>(SUMS).map((sums) => ({ ...sums, balance: sums.credits - sums.debits }));
  const returns = count('returned_entry where returned_on is not null');
  return json(200, { accounts, lines: count('line'), files: count('file'), returns });
}

/** GET /_sandbox/lines?account= */
export function lines({ store }: Bank, request: Request): Reply {
  const account = request.query.get('account');
  const rows = store.all<LineRow>('select * from line where ? is null or account = ? order by seq', account, account);
  return json(200, { lines: rows.map(shown) });
}

const shown = (line: LineRow) => ({
  bankReference: line.bank_reference,
  account: line.account,
  currency: line.currency,
  direction: line.direction,
  amount: line.amount,
  kind: line.kind,
  day: line.day,
  bookedAt: instant(Number(line.booked_ms)),
  endToEndId: line.end_to_end_id,
  instructionId: line.instruction_id,
  clearingReference: line.clearing_reference,
  paymentInformationId: line.payment_information_id,
  transactions: line.transactions === null ? null : Number(line.transactions),
  returnReason: line.return_reason,
  counterparty: line.counterparty,
  text: line.text,
});
