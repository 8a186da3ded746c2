/**
 * The six record types of a NACHA file as fixed positions (1-based, inclusive, as the rules print them). Pure.
 * Source: NACHA operating rules, appendix 3; standards.md §3.
 */
import { NachaError } from './nacha-error.ts';

export interface FileHeader {
  /** Ten characters each, with the leading space. */
  readonly destination: string;
  readonly origin: string;
  readonly destinationName: string;
  readonly originName: string;
  /** Positions 87–94. */
  readonly referenceCode: string;
}

export interface BatchHeader {
  readonly serviceClass: string;
  readonly companyName: string;
  readonly companyId: string;
  /** Standard entry class: CCD, PPD… */
  readonly entryClass: string;
  readonly description: string;
  /** First eight digits of the originating bank's routing number. */
  readonly odfi: string;
  readonly number: string;
}

export interface EntryDetail {
  readonly transactionCode: string;
  /** Nine digits with the check digit. */
  readonly routing: string;
  /** Seventeen characters as sent. */
  readonly account: string;
  readonly amount: bigint;
  readonly individualId: string;
  readonly individualName: string;
  readonly hasAddenda: boolean;
  readonly trace: string;
}

export interface BatchControl {
  readonly serviceClass: string;
  readonly lines: bigint;
  readonly hash: bigint;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly odfi: string;
  readonly number: string;
}

export interface FileControl {
  readonly batches: bigint;
  readonly blocks: bigint;
  readonly lines: bigint;
  readonly hash: bigint;
  readonly debits: bigint;
  readonly credits: bigint;
}

/** @throws NachaError naming the record and field */
export const records = { fileHeader, batchHeader, entryDetail, batchControl, fileControl };

function fileHeader(line: string): FileHeader {
  const at = reader(line, '1', 'file header');
  at.expect(2, 3, '01', 'priority code');
  at.expect(35, 37, '094', 'record size');
  at.expect(38, 39, '10', 'blocking factor');
  at.expect(40, 40, '1', 'format code');
  return {
    destination: at.text(4, 13),
    origin: at.text(14, 23),
    destinationName: at.text(41, 63),
    originName: at.text(64, 86),
    referenceCode: at.text(87, 94).trim(),
  };
}

function batchHeader(line: string): BatchHeader {
  const at = reader(line, '5', 'batch header');
  return {
    serviceClass: at.text(2, 4),
    companyName: at.text(5, 20),
    companyId: at.text(41, 50),
    entryClass: at.text(51, 53),
    description: at.text(54, 63),
    odfi: at.digits(80, 87, 'originating bank'),
    number: at.digits(88, 94, 'batch number'),
  };
}

function entryDetail(line: string): EntryDetail {
  const at = reader(line, '6', 'entry');
  return {
    transactionCode: at.digits(2, 3, 'transaction code'),
    routing: at.digits(4, 12, 'routing number'),
    account: at.text(13, 29),
    amount: BigInt(at.digits(30, 39, 'amount')),
    individualId: at.text(40, 54),
    individualName: at.text(55, 76),
    hasAddenda: at.digits(79, 79, 'addenda indicator') === '1',
    trace: at.digits(80, 94, 'trace number'),
  };
}

function batchControl(line: string): BatchControl {
  const at = reader(line, '8', 'batch control');
  return {
    serviceClass: at.text(2, 4),
    lines: BigInt(at.digits(5, 10, 'entry count')),
    hash: BigInt(at.digits(11, 20, 'entry hash')),
    debits: BigInt(at.digits(21, 32, 'debit total')),
    credits: BigInt(at.digits(33, 44, 'credit total')),
    odfi: at.digits(80, 87, 'originating bank'),
    number: at.digits(88, 94, 'batch number'),
  };
}

function fileControl(line: string): FileControl {
  const at = reader(line, '9', 'file control');
  return {
    batches: BigInt(at.digits(2, 7, 'batch count')),
    blocks: BigInt(at.digits(8, 13, 'block count')),
    lines: BigInt(at.digits(14, 21, 'entry count')),
    hash: BigInt(at.digits(22, 31, 'entry hash')),
    debits: BigInt(at.digits(32, 43, 'debit total')),
    credits: BigInt(at.digits(44, 55, 'credit total')),
  };
}

function reader(line: string, type: string, name: string) {
  if (!line.startsWith(type)) {
    throw new NachaError('record_order', `a ${name} (type ${type}) was expected, found "${line.slice(0, 1)}"`);
  }
  const text = (from: number, to: number): string => line.slice(from - 1, to);
  return {
    text,
    digits: (from: number, to: number, field: string): string => {
      const value = text(from, to);
      if (!/^\d+$/.test(value)) throw new NachaError('not_numeric', `${name}: ${field} is not numeric`);
      return value;
    },
    expect: (from: number, to: number, wanted: string, field: string): void => {
      if (text(from, to) !== wanted) throw new NachaError('file_header', `${name}: ${field} must be ${wanted}`);
    },
  };
}
