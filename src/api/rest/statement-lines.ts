/**
 * A statement as lines of text, written while it is read: NDJSON for programs, CSV (RFC 4180) for spreadsheets. Both end
 * with a closing line; a reader that does not find it has not got everything.
 */
import { toJson } from '../../base/json.ts';
import { toDecimal } from '../../base/money.ts';
import type { AccountStatement, Entry } from '../../ledger/index.ts';
import { StatementLine } from '../answers.ts';
import { answers } from '../schemas.ts';

interface Format {
  readonly type: string;
  /** Text a page at a time. */
  lines(statement: AccountStatement): AsyncGenerator<string>;
}

export const STATEMENT_FORMATS: Readonly<Record<'ndjson' | 'csv', Format>> = {
  ndjson: { type: 'application/x-ndjson; charset=utf-8', lines: ndjson },
  csv: { type: 'text/csv; charset=utf-8; header=present', lines: csv },
};

export const statementAnswers = {
  ...answers(200, ''),
  200: {
    description: 'The statement',
    content: {
      'application/x-ndjson': { schema: StatementLine },
      'text/csv': { schema: { type: 'string', description: 'amounts as decimals in the currency' } },
    },
  },
};

async function* ndjson({ account, from, to, opening, closing, seq, pages }: AccountStatement): AsyncGenerator<string> {
  let entries = 0;
  const { name, owner, currency } = account;
  yield `${toJson({ line: 'opening', name, owner, currency, from, to, seq, balance: opening })}\n`;
  for await (const page of pages) {
    entries += page.length;
    yield page.map((entry) => `${toJson({ line: 'entry', ...entry })}\n`).join('');
  }
  yield `${toJson({ line: 'closing', entries, balance: closing })}\n`;
}

const COLUMNS = 'line,seq,leg,at,event,subject,side,other,otherOwner,currency,amount,balance';

async function* csv({ account, from, to, opening, closing, pages }: AccountStatement): AsyncGenerator<string> {
  const { currency } = account;
  yield `${COLUMNS}\r\nopening,,,${from},,,,,,${currency},,${toDecimal(opening)}\r\n`;
  for await (const page of pages) yield page.map(csvOf).join('');
  yield `closing,,,${to},,,,,,${currency},,${toDecimal(closing)}\r\n`;
}

function csvOf({ seq, leg, at, event, subject, side, other, amount, balance }: Entry): string {
  const fields = ['entry', seq, leg, at, event, subject, side, other.name, quoted(other.owner), amount.currency];
  return `${fields.join()},${toDecimal(amount)},${toDecimal(balance)}\r\n`;
}

/** Owners are ids, but for a few that people named. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
