/**
 * Reads a return file: entries the receiving banks sent back, each with an addenda of type 99 that says why and names the
 * original trace number (standards.md §3). The bank verified nothing for us, so the file's arithmetic is checked first.
 *
 * Invariant: every entry is either a return of a credit or a notification of change (addenda 98, no money), else the file
 * is refused: an entry passed over would be money nobody explains.
 */
import { money } from '../../base/money.ts';
import type { ReturnedEntry } from '../ports/bank-rail.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import type { NachaEntry } from './nacha-file.ts';
import { field, RETURN_ADDENDA } from './nacha-layout.ts';
import { readNacha } from './nacha-read.ts';
import { isBetweenBanks, returnReasonText } from './return-codes.ts';

const RETURN = '99';
const CHANGE = '98';
/** Returned credits, by account type: checking, savings, general ledger, loan. */
const RETURN_OF_CREDIT: ReadonlySet<string> = new Set(['21', '31', '41', '51']);

/** @throws MalformedFile naming the line. */
export function parseReturnFile(bytes: Uint8Array): readonly ReturnedEntry[] {
  const entries = readNacha(bytes).batches.flatMap((batch) => batch.entries);
  return entries.flatMap((entry) => (isChange(entry) ? [] : [readReturn(entry)]));
}

const isChange = (entry: NachaEntry): boolean =>
  entry.amount === 0n && entry.addenda.some((addenda) => addenda.type === CHANGE);

function readReturn(entry: NachaEntry): ReturnedEntry {
  const [addenda, second] = entry.addenda.filter(({ type }) => type === RETURN);
  if (addenda === undefined) throw new MalformedFile(`line ${entry.line}: entry without a return addenda (99)`);
  if (second !== undefined) throw new MalformedFile(`line ${second.line}: a second return addenda for one entry`);
  const reason = field(addenda.record, RETURN_ADDENDA.reason);
  if (!/^R\d\d$/.test(reason)) throw new MalformedFile(`line ${addenda.line}: "${reason}" is not a return reason`);
  if (isBetweenBanks(reason)) throw new MalformedFile(`line ${addenda.line}: ${reason} is a matter between banks`);
  if (!RETURN_OF_CREDIT.has(entry.transactionCode)) {
    throw new MalformedFile(`line ${entry.line}: transaction code ${entry.transactionCode} is not a returned credit`);
  }
  const trace = field(addenda.record, RETURN_ADDENDA.originalTrace);
  if (!/^\d{15}$/.test(trace)) throw new MalformedFile(`line ${addenda.line}: "${trace}" is not a trace number`);
  return {
    trace,
    reason,
    reasonText: returnReasonText(reason),
    amount: money(entry.amount, 'USD'),
    reference: entry.individualId,
  };
}
