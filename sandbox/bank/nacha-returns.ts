/**
 * The return file of a day: what the receiving banks sent back, as the customer gets it. One batch per original batch and
 * receiving bank; each entry repeats the original's account, amount and identification and carries an addenda record 99
 * with the reason, the original trace number and the original receiving bank. Pure.
 * Source: NACHA operating rules, appendix 4 (return entries); standards.md §3.
 */
import type { BatchHeader, EntryDetail, FileHeader } from './nacha-records.ts';
import { reasonText } from './return-reasons.ts';

/** A returned entry with what is needed from the file it came in. */
export interface ReturnedEntry {
  readonly header: FileHeader;
  readonly batch: BatchHeader;
  readonly detail: EntryDetail;
  readonly reason: string;
  /** Counts over the bank's life: makes the return's own trace number. */
  readonly sequence: number;
}

/** `day` is YYYY-MM-DD, `returned` not empty. */
export function returnFile(day: string, returned: readonly ReturnedEntry[]): string {
  const origin = (entry: ReturnedEntry): string => JSON.stringify([entry.header, entry.batch, rdfi(entry)]);
  const groups = [...Map.groupBy(returned, origin).values()];
  const batches = groups.map((entries, index) => returnBatch(day, entries, index + 1));
  const body = batches.flatMap((batch) => batch.lines);
  const blocks = Math.ceil((body.length + 2) / 10);
  const sums = sum(returned);
  const control = `9${digits(batches.length, 6)}${digits(blocks, 6)}${digits(sums.lines, 8)}${digits(sums.hash, 10)}`;
  const totals = `${digits(0, 12)}${digits(sums.credits, 12)}`;
  const lines = [fileHeader(day, returned), ...body, text(control + totals, 94)];
  const filler = Array.from({ length: blocks * 10 - lines.length }, () => '9'.repeat(94));
  return `${[...lines, ...filler].join('\n')}\n`;
}

function fileHeader(day: string, returned: readonly ReturnedEntry[]): string {
  const first = returned[0];
  if (first === undefined) throw new Error('a return file has at least one entry');
  const { header } = first;
  // Back to where it came from: the original's origin is the destination now.
  const ends = `${text(header.origin, 10)}${text(header.destination, 10)}`;
  const names = `${text(header.originName, 23)}${text(header.destinationName, 23)}`;
  return text(`101${ends}${yymmdd(day)}1400A094101${names}${text('RETURNS', 8)}`, 94);
}

function returnBatch(
  day: string,
  entries: readonly ReturnedEntry[],
  number: number,
): { readonly lines: readonly string[] } {
  const first = entries[0];
  if (first === undefined) throw new Error('a return batch has at least one entry');
  const { batch } = first;
  const bank = rdfi(first);
  const company = `${text(batch.companyName, 16)}${text('', 20)}${text(batch.companyId, 10)}${text(batch.entryClass, 3)}`;
  const dates = `${text(batch.description, 10)}${text('', 6)}${yymmdd(day)}${text('', 3)}`;
  const sums = sum(entries);
  const totals = `${digits(sums.lines, 6)}${digits(sums.hash, 10)}${digits(0, 12)}${digits(sums.credits, 12)}`;
  return {
    lines: [
      `5220${company}${dates}1${bank}${digits(number, 7)}`,
      ...entries.flatMap((entry) => returnLines(entry, bank)),
      `8220${totals}${text(batch.companyId, 10)}${text('', 25)}${bank}${digits(number, 7)}`,
    ],
  };
}

function returnLines({ batch, detail, reason, sequence }: ReturnedEntry, bank: string): readonly string[] {
  // Credit to a checking account returned is 21, to a savings account 31.
  const code = detail.transactionCode === '32' ? '31' : '21';
  const trace = `${bank}${digits(sequence, 7)}`;
  const money = `${text(detail.account, 17)}${digits(detail.amount, 10)}`;
  const person = `${text(detail.individualId, 15)}${text(detail.individualName, 22)}  1`;
  const origin = `${detail.trace}${text('', 6)}${bank}${text(reasonText(reason), 44)}`;
  return [`6${code}${batch.odfi}${checkDigit(batch.odfi)}${money}${person}${trace}`, `799${reason}${origin}${trace}`];
}

function sum(entries: readonly ReturnedEntry[]) {
  const hash = entries.reduce((total, { batch }) => total + BigInt(batch.odfi), 0n) % 10n ** 10n;
  const credits = entries.reduce((total, { detail }) => total + detail.amount, 0n);
  return { lines: entries.length * 2, hash, credits };
}

/** The bank that sends it back: the receiving bank of the original entry, eight digits. */
const rdfi = ({ detail }: ReturnedEntry): string => detail.routing.slice(0, 8);

/** The ninth digit that makes an ABA routing number of eight. */
function checkDigit(eight: string): string {
  const weights = [3, 7, 1];
  const total = [...eight].reduce((acc, digit, index) => acc + Number(digit) * (weights[index % 3] ?? 0), 0);
  return String((10 - (total % 10)) % 10);
}

const yymmdd = (day: string): string => day.slice(2).replaceAll('-', '');
const text = (value: string, width: number): string => value.slice(0, width).padEnd(width, ' ');
const digits = (value: bigint | number, width: number): string => value.toString().padStart(width, '0');
