/**
 * Reads any NACHA file and verifies its arithmetic: 94 positions, order of records, blocks of ten, counts, entry hashes,
 * debit and credit totals at batch and file level, ABA check digits (standards.md §3). Field rules of single entry classes
 * are not its business. `inspectNacha` lists every problem; `readNacha` accepts only a file without any.
 */

import { MalformedFile } from '../ports/card-acquirer.ts';
import { hasValidCheckDigit } from './aba-routing.ts';
import type { NachaBatch, NachaEntry, NachaFile } from './nacha-file.ts';
import {
  ADDENDA,
  BATCH_CONTROL,
  BATCH_HEADER,
  BLOCKING_FACTOR,
  ENTRY,
  FILE_CONTROL,
  FILE_HEADER,
  field,
  RECORD_LENGTH,
} from './nacha-layout.ts';

interface Totals {
  entryCount: bigint;
  entryHash: bigint;
  debitTotal: bigint;
  creditTotal: bigint;
}

interface Reading {
  readonly problems: string[];
  readonly batches: NachaBatch[];
  readonly file: Totals;
  header: string;
  batch: { readonly content: NachaBatch; readonly totals: Totals } | undefined;
  control: string | undefined;
  blocks: number;
}

/** @throws MalformedFile with every problem found, each naming its line. */
export function readNacha(bytes: Uint8Array): NachaFile {
  const { file, problems } = inspectNacha(bytes);
  if (problems.length > 0) throw new MalformedFile(`NACHA file: ${problems.join('; ')}`);
  return file;
}

/** What could be read, and everything that is wrong with it. Never throws. */
export function inspectNacha(bytes: Uint8Array): { readonly file: NachaFile; readonly problems: readonly string[] } {
  const lines = linesOf(bytes);
  const reading: Reading = {
    problems: [],
    batches: [],
    file: noTotals(),
    header: '',
    batch: undefined,
    control: undefined,
    blocks: Math.ceil(lines.length / BLOCKING_FACTOR),
  };
  for (const [index, line] of lines.entries()) takeLine(reading, line, index + 1);
  if (lines[0]?.[0] !== '1') reading.problems.push('line 1: does not begin with a file header');
  if (reading.batch !== undefined) reading.problems.push('last batch has no batch control');
  if (reading.control === undefined) reading.problems.push('no file control');
  if (lines.length % BLOCKING_FACTOR !== 0) reading.problems.push(`${lines.length} lines are not blocks of ten`);
  return { file: fileOf(reading), problems: reading.problems };
}

/** Lines with or without line breaks: the standard has none, files on the internet do. */
function linesOf(bytes: Uint8Array): readonly string[] {
  const content = new TextDecoder('latin1').decode(bytes).replace(/(\r?\n)+$/, '');
  if (!content.includes('\n') && content.length % RECORD_LENGTH === 0) {
    return content.match(new RegExp(`.{${RECORD_LENGTH}}`, 'gs')) ?? [];
  }
  return content.split(/\r?\n/);
}

const RECORDS: Readonly<Record<string, (reading: Reading, line: string, at: number) => void>> = {
  '1': takeHeader,
  '5': openBatch,
  '6': takeEntry,
  '7': takeAddenda,
  '8': closeBatch,
  '9': closeFile,
};

function takeLine(reading: Reading, line: string, at: number): void {
  if (line.length !== RECORD_LENGTH) reading.problems.push(`line ${at}: ${line.length} positions, not 94`);
  if (reading.control !== undefined) {
    if (!/^9+$/.test(line)) reading.problems.push(`line ${at}: record after the file control`);
    return;
  }
  const take = RECORDS[line[0] ?? ''];
  if (take === undefined) reading.problems.push(`line ${at}: no record type "${line[0] ?? ''}"`);
  else take(reading, line, at);
}

function takeHeader(reading: Reading, line: string, at: number): void {
  if (at !== 1) reading.problems.push(`line ${at}: a second file header`);
  reading.header = line;
}

function openBatch(reading: Reading, line: string, at: number): void {
  if (reading.batch !== undefined) reading.problems.push(`line ${at}: batch header before the previous batch control`);
  const content: NachaBatch = {
    serviceClass: field(line, BATCH_HEADER.serviceClass),
    companyName: field(line, BATCH_HEADER.companyName).trim(),
    companyId: field(line, BATCH_HEADER.companyId).trim(),
    entryClass: field(line, BATCH_HEADER.entryClass),
    entryDescription: field(line, BATCH_HEADER.entryDescription).trim(),
    effectiveDate: field(line, BATCH_HEADER.effectiveDate),
    odfi: field(line, BATCH_HEADER.odfi),
    batchNumber: field(line, BATCH_HEADER.batchNumber),
    entries: [],
  };
  reading.batches.push(content);
  reading.batch = { content, totals: noTotals() };
}

function takeEntry(reading: Reading, line: string, at: number): void {
  if (reading.batch === undefined) {
    reading.problems.push(`line ${at}: entry outside a batch`);
    return;
  }
  const transactionCode = field(line, ENTRY.transactionCode);
  const routingNumber = field(line, ENTRY.rdfi) + field(line, ENTRY.checkDigit);
  if (!hasValidCheckDigit(routingNumber)) reading.problems.push(`line ${at}: check digit of ${routingNumber}`);
  if (!/^[2-8][1-9]$/.test(transactionCode)) reading.problems.push(`line ${at}: transaction code ${transactionCode}`);
  const entry: NachaEntry = {
    line: at,
    transactionCode,
    // The second digit says it for every account type: 1–4 credits, 5–9 debits.
    direction: Number(transactionCode[1]) <= 4 ? 'credit' : 'debit',
    routingNumber,
    accountNumber: field(line, ENTRY.accountNumber).trim(),
    amount: number(reading, field(line, ENTRY.amount), `line ${at}: amount`),
    individualId: field(line, ENTRY.individualId).trim(),
    individualName: field(line, ENTRY.individualName).trim(),
    trace: field(line, ENTRY.trace),
    addenda: [],
  };
  reading.batch.content.entries.push(entry);
  const { totals } = reading.batch;
  totals.entryCount += 1n;
  totals.entryHash += /^\d{8}/.test(routingNumber) ? BigInt(routingNumber.slice(0, 8)) : 0n;
  totals[entry.direction === 'credit' ? 'creditTotal' : 'debitTotal'] += entry.amount;
}

function takeAddenda(reading: Reading, line: string, at: number): void {
  const entry = reading.batch?.content.entries.at(-1);
  if (reading.batch === undefined || entry === undefined) {
    reading.problems.push(`line ${at}: addenda without an entry`);
    return;
  }
  entry.addenda.push({ line: at, type: field(line, ADDENDA.addendaType), record: line });
  reading.batch.totals.entryCount += 1n;
}

function closeBatch(reading: Reading, line: string, at: number): void {
  if (reading.batch === undefined) {
    reading.problems.push(`line ${at}: batch control outside a batch`);
    return;
  }
  const { content, totals } = reading.batch;
  compareTotals(reading, `line ${at}: batch`, line, BATCH_CONTROL, totals);
  const number = field(line, BATCH_CONTROL.batchNumber);
  if (number !== content.batchNumber)
    reading.problems.push(`line ${at}: batch number ${number}, header ${content.batchNumber}`);
  reading.file.entryCount += totals.entryCount;
  reading.file.entryHash += totals.entryHash;
  reading.file.debitTotal += totals.debitTotal;
  reading.file.creditTotal += totals.creditTotal;
  reading.batch = undefined;
}

function closeFile(reading: Reading, line: string, at: number): void {
  reading.control = line;
  if (reading.batch !== undefined) reading.problems.push(`line ${at}: file control inside a batch`);
  compareTotals(reading, `line ${at}: file`, line, FILE_CONTROL, reading.file);
  compareNumber(
    reading,
    `line ${at}: batch count`,
    field(line, FILE_CONTROL.batchCount),
    BigInt(reading.batches.length),
  );
  compareNumber(reading, `line ${at}: block count`, field(line, FILE_CONTROL.blockCount), BigInt(reading.blocks));
}

function compareTotals(
  reading: Reading,
  where: string,
  line: string,
  layout: Readonly<Record<keyof Totals, readonly [number, number]>>,
  totals: Totals,
): void {
  compareNumber(reading, `${where} entry count`, field(line, layout.entryCount), totals.entryCount);
  compareNumber(reading, `${where} entry hash`, field(line, layout.entryHash), totals.entryHash % 10_000_000_000n);
  compareNumber(reading, `${where} debit total`, field(line, layout.debitTotal), totals.debitTotal);
  compareNumber(reading, `${where} credit total`, field(line, layout.creditTotal), totals.creditTotal);
}

function compareNumber(reading: Reading, where: string, written: string, computed: bigint): void {
  if (number(reading, written, where) !== computed) reading.problems.push(`${where} ${written}, computed ${computed}`);
}

function number(reading: Reading, written: string, where: string): bigint {
  if (/^\d+$/.test(written)) return BigInt(written);
  reading.problems.push(`${where} "${written}" is not a number`);
  return 0n;
}

const noTotals = (): Totals => ({ entryCount: 0n, entryHash: 0n, debitTotal: 0n, creditTotal: 0n });

const fileOf = ({ header, batches }: Reading): NachaFile => ({
  destination: field(header, FILE_HEADER.immediateDestination).trim(),
  origin: field(header, FILE_HEADER.immediateOrigin).trim(),
  creationDate: field(header, FILE_HEADER.creationDate),
  fileIdModifier: field(header, FILE_HEADER.fileIdModifier),
  referenceCode: field(header, FILE_HEADER.referenceCode),
  batches,
});
