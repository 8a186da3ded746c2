/**
 * At 14:00Z on the working day after a file came, its total leaves the account in one line. An overdraft is allowed: the
 * bank books what it was told and the balance says so. Entries to accounts that do not take money are set aside here and
 * come back two working days later.
 */
import type { Activity } from '../base/agenda.ts';
import { addWorkingDays, dayOfMs } from '../base/working-days.ts';
import type { Bank } from './bank.ts';
import { BOOK_AT, bookLine } from './lines.ts';
import { type NachaEntry, readNacha } from './nacha-read.ts';
import type { FileHeader } from './nacha-records.ts';
import { returnReason } from './return-reasons.ts';
import type { FileRow } from './schema.ts';

const RETURN_AFTER_WORKING_DAYS = 2;
const NEXT = 'select * from file where due_ms is not null order by due_ms, rowid limit 1';

export function bookFiles(bank: Bank): Activity {
  const { store } = bank;
  return {
    name: 'file booking',
    nextDue: () => {
      const file = store.first<FileRow>(NEXT);
      return file === null ? null : Number(file.due_ms);
    },
    run: (dueMs) =>
      store.transaction(() => {
        const file = store.first<FileRow>(NEXT);
        if (file !== null) book(bank, file, dueMs);
      }),
  };
}

function book({ store, settings }: Bank, file: FileRow, dueMs: number): void {
  bookLine(store, dueMs, {
    account: settings.operatorAccount,
    currency: settings.operatorCurrency,
    direction: 'debit',
    amount: file.total,
    kind: 'file',
    paymentInformationId: file.reference,
    transactions: Number(file.entries),
    text: `ACH CREDIT FILE ${file.reference} ${file.receipt}`,
  });
  store.run('update file set due_ms = null, booked_on = ? where name = ?', dayOfMs(dueMs), file.name);
  const read = readNacha(file.content);
  if (!read.ok) throw new Error(`a file that was taken cannot be read: ${read.message}`);
  const returnMs = addWorkingDays(dueMs, RETURN_AFTER_WORKING_DAYS, BOOK_AT);
  for (const entry of read.file.entries) {
    const reason = returnReason(entry.detail.account);
    if (reason === null) continue;
    const stored: StoredEntry = { header: read.file.header, ...entry };
    const insert = 'insert into returned_entry (file_name, entry, reason, due_ms) values (?, ?, ?, ?)';
    store.run(insert, file.name, JSON.stringify(stored, asText), reason, returnMs);
  }
}

const asText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/** An entry with the header of its file, as kept for the return file. */
export interface StoredEntry extends NachaEntry {
  readonly header: FileHeader;
}
