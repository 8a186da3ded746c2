/** What the REST API answers to the operator alone: the ledger's accounts and laws, bank lines and breaks. */
import type { Money } from './types.ts';

export interface LedgerAccount {
  readonly name: string;
  readonly owner: string;
  readonly currency: string;
  readonly kind: string;
  /** The side on which the balance is positive. */
  readonly side: 'debit' | 'credit';
  /** On the account's own side; negative when the account stands on the other one. */
  readonly balance: Money;
  readonly debits: Money;
  readonly credits: Money;
}
export interface Law {
  readonly law: string;
  readonly ok: boolean;
  /** True when a finding calls for a person but breaks no rule. */
  readonly alarm?: boolean;
  readonly findings: readonly unknown[];
}
export interface LedgerCheck {
  readonly ok: boolean;
  readonly seq?: string | number;
  readonly laws: readonly Law[];
}
export interface BankLine {
  readonly id: string;
  readonly state: string;
  readonly bank?: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: Money;
  readonly bookedOn: string;
  readonly bankReference?: string | null;
  readonly counterparty?: string | null;
  readonly text?: string | null;
  readonly explainedAs?: string | null;
  readonly subject?: string | null;
}
export interface Break {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly subject?: string | null;
  readonly amount?: Money | null;
  readonly reason: string;
  readonly owner: string;
  readonly openedAt: string;
  readonly closedAt?: string | null;
  readonly closedBy?: string | null;
  readonly closeReason?: string | null;
}
