/**
 * The end-of-day statement as ISO 20022 camt.053.001.08. Pure. One statement of one account in one currency; amounts are
 * unsigned decimals with a credit/debit indicator, and opening + entries = closing.
 * Source: ISO 20022 BankToCustomerStatementV08; standards.md §2. Element order is the schema's.
 */
import { create } from 'xmlbuilder2';
import type { Day, Instant } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import type { LineRow } from './schema.ts';

export interface StatementFacts {
  readonly account: string;
  readonly routing: string;
  readonly currency: Currency;
  readonly day: Day;
  /** Counts the account's statements from 1. */
  readonly number: bigint;
  readonly issuedAt: Instant;
  /** Signed minor units: negative when overdrawn. */
  readonly opening: bigint;
  readonly closing: bigint;
  readonly lines: readonly LineRow[];
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';

export function camt053(facts: StatementFacts): string {
  const id = `STM${facts.account}${facts.currency}${facts.day.replaceAll('-', '')}`;
  const document = {
    Document: {
      '@xmlns': NAMESPACE,
      BkToCstmrStmt: {
        GrpHdr: { MsgId: id, CreDtTm: facts.issuedAt },
        Stmt: {
          Id: id,
          ElctrncSeqNb: facts.number.toString(),
          CreDtTm: facts.issuedAt,
          Acct: account(facts),
          Bal: [balance(facts, 'OPBD', facts.opening), balance(facts, 'CLBD', facts.closing)],
          ...(facts.lines.length === 0 ? {} : { Ntry: facts.lines.map(entry) }),
        },
      },
    },
  };
  return create({ version: '1.0', encoding: 'UTF-8' }, document).end({ prettyPrint: true });
}

const account = ({ account: number, currency, routing }: StatementFacts) => ({
  Id: { Othr: { Id: number } },
  Ccy: currency,
  Svcr: { FinInstnId: { ClrSysMmbId: { ClrSysId: { Cd: 'USABA' }, MmbId: routing }, Nm: 'SANDBOX BANK' } },
});

const balance = ({ currency, day }: StatementFacts, code: string, amount: bigint) => ({
  Tp: { CdOrPrtry: { Cd: code } },
  Amt: decimal(amount < 0n ? -amount : amount, currency),
  CdtDbtInd: amount < 0n ? 'DBIT' : 'CRDT',
  Dt: { Dt: day },
});

function entry(line: LineRow) {
  return {
    NtryRef: line.seq.toString(),
    Amt: decimal(line.amount, line.currency),
    CdtDbtInd: indicator(line),
    Sts: { Cd: 'BOOK' },
    BookgDt: { Dt: line.day },
    ValDt: { Dt: line.day },
    AcctSvcrRef: line.bank_reference,
    BkTxCd: { Domn: { Cd: 'PMNT', Fmly: family(line) } },
    NtryDtls: line.kind === 'file' ? { Btch: batch(line) } : { TxDtls: transaction(line) },
    AddtlNtryInf: line.text,
  };
}

/** External code set: issued and received credit transfers, ACH or domestic; a payment return. */
function family(line: LineRow) {
  if (line.kind === 'file') return { Cd: 'ICDT', SubFmlyCd: 'ACDT' };
  if (line.kind === 'return') return { Cd: 'ICDT', SubFmlyCd: 'RRTN' };
  return { Cd: line.direction === 'credit' ? 'RCDT' : 'ICDT', SubFmlyCd: 'DMCT' };
}

const batch = (line: LineRow) => ({
  PmtInfId: line.payment_information_id ?? line.bank_reference,
  NbOfTxs: (line.transactions ?? 1n).toString(),
  TtlAmt: decimal(line.amount, line.currency),
  CdtDbtInd: indicator(line),
});

function transaction(line: LineRow) {
  const references = {
    AcctSvcrRef: line.bank_reference,
    ...optional('InstrId', line.instruction_id),
    ...optional('EndToEndId', line.end_to_end_id),
    ...optional('ClrSysRef', line.clearing_reference),
  };
  const party = { Pty: { Nm: line.counterparty || 'UNKNOWN' } };
  const returned = {
    Rsn: { Prtry: line.return_reason ?? '' },
    AddtlInf: line.return_text ?? '',
  };
  return {
    Refs: references,
    Amt: decimal(line.amount, line.currency),
    CdtDbtInd: indicator(line),
    // A return gives our own payment back: we stay its debtor, the payee its creditor.
    RltdPties: line.direction === 'credit' && line.kind !== 'return' ? { Dbtr: party } : { Cdtr: party },
    RmtInf: { Ustrd: line.text },
    ...(line.return_reason === null ? {} : { RtrInf: returned }),
  };
}

const indicator = (line: LineRow): string => (line.direction === 'credit' ? 'CRDT' : 'DBIT');
const optional = (name: string, value: string | null) => (value === null || value === '' ? {} : { [name]: value });
const decimal = (amount: bigint, currency: Currency) => ({ '@Ccy': currency, '#': toDecimal(money(amount, currency)) });
