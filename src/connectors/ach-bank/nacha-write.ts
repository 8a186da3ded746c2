/**
 * Writes a credit file in NACHA format: one file header, CCD batches of credits (service class 220), controls, blocks of
 * ten lines filled with 9s (standards.md §3). CCD is the class for payments to businesses.
 *
 * Invariants: the same request gives the same bytes; trace numbers ascend; what does not fit a field is an assertion, not
 * a truncation, except for names, which are cut as banks do. Times are UTC.
 */
import { assert } from '../../base/assert.ts';
import { type Day, dayOf } from '../../base/clock.ts';
import type { CreditEntry, CreditFileRequest } from '../ports/bank-rail.ts';
import { isPayableRoutingNumber } from './aba-routing.ts';
import { isReadable, toAscii } from './ascii.ts';
import {
  BATCH_CONTROL,
  BATCH_HEADER,
  BLOCKING_FACTOR,
  ENTRY,
  FILE_CONTROL,
  FILE_HEADER,
  RECORD_LENGTH,
  writeRecord,
} from './nacha-layout.ts';
import type { AchBankSettings } from './settings.ts';

const CREDITS_ONLY = 220;
const ENTRY_CLASS = 'CCD';
/** Ten digits of cents in an entry, twelve in a total, seven digits of sequence in a trace number. */
export const ENTRY_CENTS_MAX = 9_999_999_999n;
const TOTAL_CENTS_MAX = 999_999_999_999n;
export const FILE_ENTRIES_MAX = 9_999_999;
/** A batch control counts its entries in six digits. */
const BATCH_ENTRIES_MAX = 999_999;

interface Written {
  readonly content: string;
  /** Trace number of each entry, in the order of the request. */
  readonly traces: readonly string[];
}

interface Placed {
  readonly entry: CreditEntry;
  readonly trace: string;
}

/** The file's text, ending with a line feed. Asserts everything NACHA bounds; the request's accounts must be validated. */
export function writeCreditFile(request: CreditFileRequest, settings: AchBankSettings): Written {
  assertFile(request, settings);
  const placed = request.entries.map((entry) => ({ entry, trace: traceOf(settings.odfi8, entry.sequence) }));
  const ascending = [...placed].sort((a, b) => (a.trace < b.trace ? -1 : 1));
  ascending.forEach(({ trace }, index) => {
    assert(trace !== ascending[index - 1]?.trace, `trace number ${trace} twice in one file`);
  });
  const batches = chunks(ascending, BATCH_ENTRIES_MAX);
  const lines = [
    fileHeader(request, settings),
    ...batches.flatMap((batch, index) => batchLines(batch, { request, settings, batchNumber: index + 1 })),
  ];
  const blocks = Math.ceil((lines.length + 1) / BLOCKING_FACTOR);
  lines.push(
    writeRecord(FILE_CONTROL, {
      recordType: '9',
      batchCount: batches.length,
      blockCount: blocks,
      ...totals(ascending),
    }),
  );
  while (lines.length < blocks * BLOCKING_FACTOR) lines.push('9'.repeat(RECORD_LENGTH));
  return { content: `${lines.join('\n')}\n`, traces: placed.map(({ trace }) => trace) };
}

/**
 * Trace number: ODFI and seven digits. The rail's numbering outlives seven digits and begins again at 1, as the rules
 * allow: a trace number must be unique in its file.
 */
export function traceOf(odfi8: string, sequence: number): string {
  assert(Number.isSafeInteger(sequence) && sequence >= 1, 'sequence counts from 1');
  return odfi8 + String(((sequence - 1) % FILE_ENTRIES_MAX) + 1).padStart(7, '0');
}

function assertFile(request: CreditFileRequest, settings: AchBankSettings): void {
  assert(/^[A-Z0-9]{8}$/.test(request.fileReference), 'file reference is 8 of A–Z 0–9');
  assert(/^\d{8}$/.test(settings.odfi8), 'odfi8 is eight digits');
  assert(request.entries.length >= 1, 'a file has an entry');
  assert(request.entries.length <= FILE_ENTRIES_MAX, `a file has at most ${FILE_ENTRIES_MAX} entries`);
  request.entries.forEach(assertEntry);
}

function assertEntry({ reference, amount, account }: CreditEntry): void {
  assert(/^[A-Z0-9]{1,15}$/.test(reference), 'reference is 1–15 of A–Z 0–9');
  assert(amount.currency === 'USD', `${reference}: ACH pays USD`);
  assert(amount.amount > 0n && amount.amount <= ENTRY_CENTS_MAX, `${reference}: amount within ten digits of cents`);
  assert(isPayableRoutingNumber(account.routingNumber), `${reference}: routing number`);
  assert(/^[A-Z0-9-]{1,17}$/.test(account.accountNumber), `${reference}: account number`);
  assert(isReadable(toAscii(account.holderName).slice(0, 22)), `${reference}: holder name has no letter in ASCII`);
}

function fileHeader(request: CreditFileRequest, settings: AchBankSettings): string {
  return writeRecord(FILE_HEADER, {
    recordType: '1',
    priorityCode: '01',
    immediateDestination: settings.account.routing.padStart(10),
    immediateOrigin: settings.originId.padStart(10),
    creationDate: yymmdd(dayOf(request.createdAt)),
    creationTime: request.createdAt.slice(11, 16).replace(':', ''),
    // Tells apart the files of one day: references count up, so their last character differs for 36 files in a row.
    fileIdModifier: request.fileReference.slice(-1),
    recordSize: '094',
    blockingFactor: '10',
    formatCode: '1',
    destinationName: cut(settings.bankName, 23),
    originName: cut(settings.originName, 23),
    referenceCode: request.fileReference,
  });
}

function batchLines(
  batch: readonly Placed[],
  { request, settings, batchNumber }: { request: CreditFileRequest; settings: AchBankSettings; batchNumber: number },
): string[] {
  const company = { companyId: settings.companyId, odfi: settings.odfi8, batchNumber };
  const header = writeRecord(BATCH_HEADER, {
    recordType: '5',
    serviceClass: CREDITS_ONLY,
    companyName: cut(settings.companyName, 16),
    entryClass: ENTRY_CLASS,
    entryDescription: 'PAYOUT',
    descriptiveDate: yymmdd(dayOf(request.createdAt)),
    effectiveDate: yymmdd(request.effectiveDay),
    settlementDate: '', // the ACH operator's to fill
    originatorStatus: '1',
    ...company,
  });
  const control = writeRecord(BATCH_CONTROL, {
    recordType: '8',
    serviceClass: CREDITS_ONLY,
    ...totals(batch),
    ...company,
  });
  return [header, ...batch.map(entryLine), control];
}

const entryLine = ({ entry, trace }: Placed): string =>
  writeRecord(ENTRY, {
    recordType: '6',
    transactionCode: entry.account.accountType === 'checking' ? '22' : '32',
    rdfi: entry.account.routingNumber.slice(0, 8),
    checkDigit: entry.account.routingNumber.slice(8),
    accountNumber: entry.account.accountNumber,
    amount: entry.amount.amount,
    individualId: entry.reference,
    individualName: cut(entry.account.holderName, 22),
    discretionary: '',
    addendaIndicator: '0',
    trace,
  });

/** Counts, entry hash (sum of the RDFIs' eight digits, last ten digits kept) and totals of a batch or a file. */
function totals(placed: readonly Placed[]): Record<'entryCount' | 'entryHash' | 'debitTotal' | 'creditTotal', bigint> {
  let hash = 0n;
  let creditTotal = 0n;
  for (const { entry } of placed) {
    hash += BigInt(entry.account.routingNumber.slice(0, 8));
    creditTotal += entry.amount.amount;
  }
  assert(creditTotal <= TOTAL_CENTS_MAX, 'total within twelve digits of cents');
  return { entryCount: BigInt(placed.length), entryHash: hash % 10_000_000_000n, debitTotal: 0n, creditTotal };
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

const cut = (name: string, width: number): string => toAscii(name).slice(0, width);
const yymmdd = (day: Day): string => day.slice(2).replaceAll('-', '');
