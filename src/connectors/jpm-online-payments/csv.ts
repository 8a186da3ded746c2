/**
 * Reads comma-separated text (RFC 4180): quoted fields with doubled quotes, CRLF or LF, an optional byte order mark. Each
 * record knows the line it began on, so that a fault can be named. Nothing is guessed: a stray quote is malformed.
 */
import { MalformedFile } from '../ports/card-acquirer.ts';

export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** @throws MalformedFile naming the line, for bytes that are not UTF-8 and for broken quoting. */
export function readCsv(bytes: Uint8Array): readonly CsvRecord[] {
  const content = decode(bytes);
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let startLine = 1;
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < content.length) {
    const match = FIELD.exec(content);
    if (match === null) throw new MalformedFile(`line ${line}: broken quoting`);
    const [whole, quoted, plain, separator] = match;
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (separator !== ',') {
      records.push({ line: startLine, fields });
      fields = [];
      startLine = line;
    } else if (FIELD.lastIndex === content.length) {
      records.push({ line: startLine, fields: [...fields, ''] });
    }
  }
  return records;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // drops a byte order mark
  } catch {
    throw new MalformedFile('line 1: not UTF-8');
  }
}
