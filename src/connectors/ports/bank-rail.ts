/**
 * A bank as the platform sees it: credit files go out; acknowledgments, returns and statements come back as files.
 * One implementation per rail under src/connectors/<rail>/; stateless; building and parsing are pure.
 */
import type { Day, Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import type { Money } from '../../base/money.ts';
import type { Refusal, Result } from '../../base/result.ts';
import type { NetworkFile } from './card-acquirer.ts';

export interface UsBankAccount {
  readonly country: 'US';
  /** ABA routing number, nine digits with check digit. */
  readonly routingNumber: string;
  /** 1–17 of A–Z 0–9 and hyphen (NACHA entry detail). */
  readonly accountNumber: string;
  readonly accountType: 'checking' | 'savings';
  readonly holderName: string;
}

export interface CreditEntry {
  /** Our payout reference, ≤ 15 of A–Z 0–9: travels as the receiver's identification. */
  readonly reference: string;
  readonly amount: Money;
  readonly account: UsBankAccount;
  /** Position in the rail's numbering, from 1; the trace number is made from it and comes back on a return. */
  readonly sequence: number;
}

export interface CreditFileRequest {
  /** 8 of A–Z 0–9: the file's reference code; comes back on the bank's debit line. */
  readonly fileReference: string;
  readonly createdAt: Instant;
  readonly effectiveDay: Day;
  readonly entries: readonly CreditEntry[];
}

export interface CreditFile extends NetworkFile {
  /** Trace number of each entry, in the order given. */
  readonly traces: readonly string[];
}

export type FileAnswer =
  | { readonly outcome: 'accepted'; readonly receipt: string }
  | { readonly outcome: 'rejected'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export type FileInquiryAnswer = FileAnswer | { readonly outcome: 'not_found' };

/** One entry sent back by the receiving bank (NACHA addenda type 99). */
export interface ReturnedEntry {
  readonly trace: string;
  /** R01–R99. */
  readonly reason: string;
  readonly reasonText: string;
  readonly amount: Money;
  /** Our payout reference as the return repeats it. */
  readonly reference: string;
}

export interface StatementLine {
  /** The bank's unique reference of the entry. */
  readonly bankReference: string;
  readonly direction: 'credit' | 'debit';
  /** Always positive. */
  readonly amount: Money;
  readonly bookedOn: Day;
  readonly valueOn: Day;
  readonly endToEndId?: string;
  readonly instructionId?: string;
  readonly clearingReference?: string;
  readonly paymentInformationId?: string;
  readonly returnReason?: string;
  readonly counterparty?: string;
  readonly text: string;
}

export interface BankStatement {
  readonly statementId: string;
  readonly account: string;
  readonly currency: Currency;
  readonly day: Day;
  /** Signed: negative when overdrawn. */
  readonly opening: Money;
  readonly closing: Money;
  readonly lines: readonly StatementLine[];
}

export interface BankRail {
  /** Why an account cannot be paid over this rail, or ok. Codes: invalid_routing_number, invalid_account_number, … */
  validateAccount(account: UsBankAccount): Result<UsBankAccount, Refusal>;
  buildCreditFile(request: CreditFileRequest): CreditFile;
  submitFile(file: NetworkFile): Promise<FileAnswer>;
  inquireFile(name: string): Promise<FileInquiryAnswer>;
  /**
   * The statement of a day for our account, in its own currency or in another that it holds; null when not issued (yet).
   * Throws NetworkFault.
   */
  fetchStatement(day: Day, currency?: Currency): Promise<NetworkFile | null>;
  /** The return file of a day; null when none was issued. Throws NetworkFault. */
  fetchReturns(day: Day): Promise<NetworkFile | null>;
  /** @throws MalformedFile; opening + Σ lines = closing is verified. */
  parseStatement(bytes: Uint8Array): BankStatement;
  /** @throws MalformedFile */
  parseReturns(bytes: Uint8Array): readonly ReturnedEntry[];
}
