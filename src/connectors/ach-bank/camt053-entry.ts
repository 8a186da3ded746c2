/**
 * One booked entry (Ntry) of a statement as lines. An entry with several transactions whose amounts add up to it becomes
 * one line for each, `reference/1`, `reference/2`…, so that each can be matched; otherwise it stays one line, and carries
 * references only if it has exactly one transaction. What a batch booking stands for is known by its PmtInfId.
 */
import type { Day } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import { type Money, money } from '../../base/money.ts';
import type { StatementLine } from '../ports/bank-rail.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { dayAt, signedAmount } from './camt053-amount.ts';
import { child, children, textAt, type XmlNode } from './xml.ts';

interface Context {
  readonly currency: Currency;
  /** The statement's day, for entries without a booking date. */
  readonly day: Day;
  /** The entry's reference, unique in its statement. */
  readonly reference: string;
  readonly where: string;
}

/** A text by name, or nothing: for optional properties. */
type Optional = Readonly<Record<string, string>>;

/** @throws MalformedFile naming the entry. */
export function linesOfEntry(entry: XmlNode, context: Context): readonly StatementLine[] {
  const amount = signedAmount(entry, context.where);
  if (amount.currency !== context.currency) {
    throw new MalformedFile(`${context.where}: in ${amount.currency}, statement in ${context.currency}`);
  }
  const details = children(entry, 'NtryDtls');
  const transactions = details.flatMap((detail) => children(detail, 'TxDtls'));
  const { reference } = context;
  const bookedOn = dayAt(child(entry, 'BookgDt'), context.where) ?? context.day;
  const dates = { bookedOn, valueOn: dayAt(child(entry, 'ValDt'), context.where) ?? bookedOn };
  const batch = { ...optional('paymentInformationId', textAt(details[0], 'Btch', 'PmtInfId')) };
  const parts = split(amount, transactions);
  if (parts !== undefined) {
    return parts.map(({ part, transaction }, index) => ({
      ...directed(part),
      ...dates,
      ...batch,
      ...transactionFields(transaction, part),
      bankReference: `${reference}/${index + 1}`,
      text: textOf(entry, transaction),
    }));
  }
  const only = transactions.length === 1 ? transactions[0] : undefined;
  return [
    {
      ...directed(amount),
      ...dates,
      ...batch,
      ...(only === undefined ? {} : transactionFields(only, amount)),
      bankReference: reference,
      text: textOf(entry, only),
    },
  ];
}

const directed = (amount: Money): Pick<StatementLine, 'direction' | 'amount'> =>
  amount.amount < 0n
    ? { direction: 'debit', amount: money(-amount.amount, amount.currency) }
    : { direction: 'credit', amount };

/** The transactions with their signed amounts, when there are several and they add up to the entry's amount exactly. */
function split(
  total: Money,
  transactions: readonly XmlNode[],
): readonly { part: Money; transaction: XmlNode }[] | undefined {
  if (transactions.length < 2) return undefined;
  const parts = transactions.map((transaction) => ({ part: amountOf(transaction, total), transaction }));
  const known = parts.filter((each): each is { part: Money; transaction: XmlNode } => each.part !== undefined);
  const sum = known.reduce((all, { part }) => all + part.amount, 0n);
  return known.length === parts.length && sum === total.amount ? known : undefined;
}

/**
 * Amt stands on the transaction in 001.08, under AmtDtls/TxAmt in 001.02; the direction, where it is not said, is the
 * entry's. Another currency or no amount: undefined, the entry stays whole.
 */
function amountOf(transaction: XmlNode, total: Money): Money | undefined {
  const amt = child(transaction, 'Amt') ?? child(transaction, 'AmtDtls', 'TxAmt', 'Amt');
  if (amt === undefined || amt['@Ccy'] !== total.currency) return undefined;
  const direction = textAt(transaction, 'CdtDbtInd') ?? (total.amount < 0n ? 'DBIT' : 'CRDT');
  return signedAmount({ Amt: amt, CdtDbtInd: direction }, 'transaction');
}

function transactionFields(transaction: XmlNode, amount: Money): Optional {
  const refs = child(transaction, 'Refs');
  const endToEndId = textAt(refs, 'EndToEndId');
  return {
    ...optional('endToEndId', endToEndId === 'NOTPROVIDED' ? undefined : endToEndId),
    ...optional('instructionId', textAt(refs, 'InstrId')),
    ...optional('clearingReference', textAt(refs, 'ClrSysRef')),
    ...optional('paymentInformationId', textAt(refs, 'PmtInfId')),
    ...optional(
      'returnReason',
      textAt(transaction, 'RtrInf', 'Rsn', 'Cd') ?? textAt(transaction, 'RtrInf', 'Rsn', 'Prtry'),
    ),
    ...optional('counterparty', partyName(transaction, amount.amount < 0n ? 'Cdtr' : 'Dbtr')),
  };
}

/** The name stands under Pty in 001.08, directly on the party in 001.02. */
function partyName(transaction: XmlNode, role: 'Dbtr' | 'Cdtr'): string | undefined {
  const party = child(transaction, 'RltdPties', role);
  return textAt(party, 'Pty', 'Nm') ?? textAt(party, 'Nm');
}

/** What a person would read on the statement: remittance text, else why it came back, else what the bank adds. */
function textOf(entry: XmlNode, transaction: XmlNode | undefined): string {
  const remittance = children(child(transaction, 'RmtInf'), 'Ustrd').map((line) => textAt(line) ?? '');
  return (
    remittance.join(' ').trim() ||
    (textAt(transaction, 'RtrInf', 'AddtlInf') ??
      textAt(transaction, 'AddtlTxInf') ??
      textAt(entry, 'AddtlNtryInf') ??
      '')
  );
}

const optional = (name: string, value: string | undefined): Optional => (value === undefined ? {} : { [name]: value });
