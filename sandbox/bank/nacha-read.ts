/**
 * Reads a NACHA file the way a receiving bank does before it takes it: everything that can be checked by arithmetic is, and
 * the first thing wrong refuses the whole file. Pure. Credits only, because this bank's customer only pays out.
 * Source: NACHA operating rules, appendix 3 (record formats); standards.md §3: 94 characters, blocks of ten lines, counts,
 * entry hash modulo 10^10, totals, ABA check digit.
 */
import { NachaError } from './nacha-error.ts';
import {
  type BatchControl,
  type BatchHeader,
  type EntryDetail,
  type FileControl,
  type FileHeader,
  records,
} from './nacha-records.ts';

export interface NachaEntry {
  readonly batch: BatchHeader;
  readonly detail: EntryDetail;
}

export interface NachaFile {
  readonly header: FileHeader;
  readonly entries: readonly NachaEntry[];
  /** Minor units of USD. */
  readonly credits: bigint;
}

export interface NachaRefusal {
  readonly code: string;
  readonly message: string;
}

/** The file, or the first thing that is wrong with it. */
export function readNacha(
  text: string,
): { readonly ok: true; readonly file: NachaFile } | ({ readonly ok: false } & NachaRefusal) {
  try {
    return { ok: true, file: read(text) };
  } catch (cause) {
    if (!(cause instanceof NachaError)) throw cause;
    return { ok: false, code: cause.code, message: cause.message };
  }
}

/** Nine digits whose weighted sum is a multiple of ten (ABA). */
export function routingHolds(routing: string): boolean {
  if (!/^\d{9}$/.test(routing) || routing === '000000000') return false;
  const weights = [3, 7, 1];
  const sum = [...routing].reduce((total, digit, index) => total + Number(digit) * (weights[index % 3] ?? 0), 0);
  return sum % 10 === 0;
}

const CREDIT_CODES = new Set(['22', '32']);
const HASH_MODULUS = 10n ** 10n;

function read(text: string): NachaFile {
  const lines = splitLines(text);
  const header = records.fileHeader(lines[0] ?? '');
  const tally = emptyTally();
  const entries: NachaEntry[] = [];
  let index = 1;
  while (lines[index]?.startsWith('5') === true) index = readBatch(lines, index, tally, entries);
  const control = records.fileControl(lines[index] ?? '');
  checkFileControl(control, tally, lines.length);
  lines.slice(index + 1).forEach((line, offset) => {
    check(/^9{94}$/.test(line), 'record_order', `line ${index + 2 + offset}: only filler may follow the file control`);
  });
  check(entries.length > 0, 'no_entries', 'the file pays nobody');
  return { header, entries, credits: tally.credits };
}

interface Tally {
  batches: bigint;
  lines: bigint;
  hash: bigint;
  credits: bigint;
}

const emptyTally = (): Tally => ({ batches: 0n, lines: 0n, hash: 0n, credits: 0n });

function splitLines(text: string): readonly string[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  lines.forEach((line, index) => {
    check(line.length === 94, 'line_length', `line ${index + 1} has ${line.length} characters, not 94`);
    check(/^[\x20-\x7e]*$/.test(line), 'character_set', `line ${index + 1} is not printable ASCII`);
  });
  check(lines[0]?.startsWith('1') === true, 'record_order', 'the file does not begin with a file header');
  check(lines.length % 10 === 0, 'blocking', `${lines.length} lines are not blocks of ten`);
  return lines;
}

/** Reads one batch from its header on; returns the index of the line after its control. */
function readBatch(lines: readonly string[], start: number, tally: Tally, entries: NachaEntry[]): number {
  const batch = records.batchHeader(lines[start] ?? '');
  check(
    ['200', '220'].includes(batch.serviceClass),
    'service_class',
    `batch ${batch.number}: credits only (220 or 200)`,
  );
  const own = emptyTally();
  let lastTrace = '';
  let index = start + 1;
  while (lines[index]?.startsWith('6') === true) {
    const detail = records.entryDetail(lines[index] ?? '');
    checkEntry(detail, batch, lastTrace, index + 1);
    lastTrace = detail.trace;
    own.hash += BigInt(detail.routing.slice(0, 8));
    own.credits += detail.amount;
    entries.push({ batch, detail });
    index += 1;
    own.lines += 1n;
    const addenda = countAddenda(lines, index);
    check(
      detail.hasAddenda === addenda > 0,
      'addenda_indicator',
      `line ${index}: addenda indicator and addenda differ`,
    );
    index += addenda;
    own.lines += BigInt(addenda);
  }
  check(own.lines > 0n, 'record_order', `batch ${batch.number} has no entries`);
  checkBatchControl(records.batchControl(lines[index] ?? ''), batch, own);
  tally.batches += 1n;
  tally.lines += own.lines;
  tally.hash += own.hash;
  tally.credits += own.credits;
  return index + 1;
}

function countAddenda(lines: readonly string[], start: number): number {
  let count = 0;
  while (lines[start + count]?.startsWith('7') === true) count += 1;
  return count;
}

function checkEntry(detail: EntryDetail, batch: BatchHeader, lastTrace: string, line: number): void {
  check(
    CREDIT_CODES.has(detail.transactionCode),
    'debits_not_allowed',
    `line ${line}: code ${detail.transactionCode} is no credit`,
  );
  check(
    routingHolds(detail.routing),
    'routing_number',
    `line ${line}: routing number ${detail.routing} has a wrong check digit`,
  );
  check(detail.account.trim() !== '', 'account_number', `line ${line}: no account number`);
  check(detail.amount > 0n, 'amount', `line ${line}: amount must be positive`);
  check(detail.trace.startsWith(batch.odfi), 'trace_number', `line ${line}: trace number does not begin with the ODFI`);
  check(detail.trace > lastTrace, 'trace_number', `line ${line}: trace numbers must ascend`);
}

function checkBatchControl(control: BatchControl, batch: BatchHeader, own: Tally): void {
  const name = `batch ${batch.number}`;
  check(control.serviceClass === batch.serviceClass, 'service_class', `${name}: control names another service class`);
  check(
    control.lines === own.lines,
    'entry_count',
    `${name}: ${control.lines} entries and addenda told, ${own.lines} found`,
  );
  check(
    control.hash === own.hash % HASH_MODULUS,
    'entry_hash',
    `${name}: hash ${control.hash} told, ${own.hash % HASH_MODULUS} found`,
  );
  check(control.debits === 0n, 'debits_not_allowed', `${name}: debit total is not zero`);
  check(control.credits === own.credits, 'totals', `${name}: credits ${control.credits} told, ${own.credits} found`);
  check(
    control.odfi === batch.odfi && control.number === batch.number,
    'batch_number',
    `${name}: control names another batch`,
  );
}

function checkFileControl(control: FileControl, tally: Tally, lines: number): void {
  check(control.batches === tally.batches, 'batch_count', `${control.batches} batches told, ${tally.batches} found`);
  check(control.blocks === BigInt(lines / 10), 'blocking', `${control.blocks} blocks told, ${lines / 10} found`);
  check(
    control.lines === tally.lines,
    'entry_count',
    `${control.lines} entries and addenda told, ${tally.lines} found`,
  );
  check(
    control.hash === tally.hash % HASH_MODULUS,
    'entry_hash',
    `hash ${control.hash} told, ${tally.hash % HASH_MODULUS} found`,
  );
  check(control.debits === 0n, 'debits_not_allowed', 'debit total is not zero');
  check(control.credits === tally.credits, 'totals', `credits ${control.credits} told, ${tally.credits} found`);
}

function check(holds: boolean, code: string, message: string): void {
  if (!holds) throw new NachaError(code, message);
}
