/**
 * Reads camt.053 bank statements, versions 001.02 and 001.08 (ISO 20022; standards.md §2). The two differ for us only in
 * where the status and a party's name stand.
 *
 * Invariant: opening balance + Σ booked lines = closing balance, in one currency, or the file is refused. Amounts are
 * exact. Pending and informational entries are not lines. A line's direction is the entry's own CdtDbtInd: a reversal
 * flag only says why. The platform keeps lines apart by bankReference, so it must be unique within the statement.
 */
import type { Day } from '../../base/clock.ts';
import { add, equals, formatMoney, type Money, money, sum } from '../../base/money.ts';
import type { BankStatement, StatementLine } from '../ports/bank-rail.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { dayAt, refuse, signedAmount } from './camt053-amount.ts';
import { linesOfEntry } from './camt053-entry.ts';
import { child, children, parseXml, textAt, type XmlNode } from './xml.ts';

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)$/;
const VERSIONS: ReadonlySet<string> = new Set(['02', '08']);
/** OPBD is the opening booked balance; PRCD, the closing one of the previous statement, is the same amount. */
const OPENING = ['OPBD', 'PRCD'];
const CLOSING = ['CLBD'];

/** All statements of a file. @throws MalformedFile naming statement, entry and element. */
export function readCamt053(bytes: Uint8Array): readonly BankStatement[] {
  const { root, namespace } = parseXml(bytes, 'Document');
  const version = NAMESPACE.exec(namespace)?.[1];
  if (version === undefined) throw new MalformedFile(`camt.053: Document is of another namespace, "${namespace}"`);
  if (!VERSIONS.has(version)) throw new MalformedFile(`camt.053: version 001.${version} is not supported`);
  const statements = children(child(root, 'BkToCstmrStmt'), 'Stmt');
  if (statements.length === 0) throw new MalformedFile('camt.053: no BkToCstmrStmt/Stmt');
  return statements.map(readStatement);
}

function readStatement(statement: XmlNode): BankStatement {
  const statementId = textAt(statement, 'Id') ?? refuse('a statement', 'Id');
  const where = `statement ${statementId}`;
  const account = textAt(statement, 'Acct', 'Id', 'IBAN') ?? textAt(statement, 'Acct', 'Id', 'Othr', 'Id');
  if (account === undefined) return refuse(where, 'Acct/Id');
  const opening = balance(statement, OPENING, where);
  const closing = balance(statement, CLOSING, where);
  const currency = opening.amount.currency;
  if (closing.amount.currency !== currency) throw new MalformedFile(`${where}: balances in two currencies`);
  const booked = children(statement, 'Ntry').filter(isBooked);
  const references = referencesOf(booked, statementId);
  const lines = booked.flatMap((entry, index) => {
    const reference = references[index] ?? refuse(where, 'a reference');
    return linesOfEntry(entry, { currency, day: closing.day, reference, where: `${where}: booked entry ${index + 1}` });
  });
  verify(where, opening.amount, lines, closing.amount);
  return { statementId, account, currency, day: closing.day, opening: opening.amount, closing: closing.amount, lines };
}

/**
 * One reference for each entry: AcctSvcrRef, where the bank gives each entry its own; with NtryRef, where it repeats the
 * first; else the entry's place in the statement. The published ING specimen repeats both.
 */
function referencesOf(entries: readonly XmlNode[], statementId: string): readonly string[] {
  const own = entries.map((entry) => textAt(entry, 'AcctSvcrRef') ?? textAt(entry, 'NtryRef'));
  const both = entries.map((entry) => `${textAt(entry, 'AcctSvcrRef')}/${textAt(entry, 'NtryRef')}`);
  const [ownTimes, bothTimes] = [countsOf(own), countsOf(both)];
  return entries.map((_, index) => {
    const [first, second = ''] = [own[index], both[index]];
    if (first !== undefined && ownTimes.get(first) === 1) return first;
    return first !== undefined && bothTimes.get(second) === 1 ? second : `${statementId}#${index + 1}`;
  });
}

function countsOf<Value>(values: readonly Value[]): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Sts is a plain code in 001.02 and Sts/Cd in 001.08. */
const isBooked = (entry: XmlNode): boolean => (textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')) === 'BOOK';

function balance(
  statement: XmlNode,
  codes: readonly string[],
  where: string,
): { readonly amount: Money; readonly day: Day } {
  const balances = children(statement, 'Bal');
  const found = codes
    .map((code) => balances.filter((candidate) => textAt(candidate, 'Tp', 'CdOrPrtry', 'Cd') === code))
    .find((candidates) => candidates.length > 0);
  if (found === undefined) return refuse(where, `Bal ${codes.join(' or ')}`);
  if (found.length > 1) throw new MalformedFile(`${where}: more than one balance ${codes.join(' or ')}`);
  return {
    amount: signedAmount(found[0], `${where}: Bal ${codes[0]}`),
    day: dayAt(child(found[0], 'Dt'), `${where}: Bal ${codes[0]}`) ?? refuse(where, 'Bal/Dt'),
  };
}

function verify(where: string, opening: Money, lines: readonly StatementLine[], closing: Money): void {
  const moved = lines.map(({ amount, direction }) =>
    direction === 'credit' ? amount : money(-amount.amount, amount.currency),
  );
  const computed = add(opening, sum(moved, opening.currency));
  if (!equals(computed, closing)) {
    throw new MalformedFile(
      `${where}: closing ${formatMoney(closing)}, but opening and entries give ${formatMoney(computed)}`,
    );
  }
  const seen = new Set<string>();
  for (const { bankReference } of lines) {
    if (seen.has(bankReference)) throw new MalformedFile(`${where}: reference ${bankReference} twice`);
    seen.add(bankReference);
  }
}
