/** The answers of the REST API as stories use them. */
export interface Money {
  readonly value: string;
  readonly currency: string;
}

export interface OrderView {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly total: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly fee: Money;
  readonly released: Money;
  readonly instalments: readonly {
    readonly number: number;
    readonly amount: Money;
    readonly state: string;
    readonly payment: string | null;
  }[];
  /** Of an order that is read alone. */
  readonly frozen?: readonly {
    readonly dispute: string;
    readonly amount: Money;
    readonly reason: { readonly title: string };
  }[];
}

export interface PaymentView {
  readonly id: string;
  readonly state: string;
  readonly amount: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly card: { readonly brand: string; readonly last4: string };
  readonly decline: { readonly code: string } | null;
  readonly agreement: string | null;
  readonly initiatedBy: string;
  readonly tries: readonly { readonly code: string; readonly class: string | null }[];
  readonly checking: boolean;
  readonly authentication?: { readonly liabilityShift: boolean } | null;
}

export interface AgreementView {
  readonly id: string;
  readonly state: string;
  readonly maximum: Money | null;
  readonly card: { readonly id: string; readonly brand: string; readonly last4: string; readonly state: string } | null;
  readonly ended: { readonly reason: string } | null;
}

export interface PayoutView {
  readonly id: string;
  readonly state: string;
  readonly amount: Money;
  readonly trace: string | null;
  readonly returnReason: { readonly code: string; readonly text: string } | null;
}

export interface SellerView {
  readonly id: string;
  readonly name: string;
  readonly payoutsBlocked: { readonly reason: string } | null;
  readonly balances: readonly { readonly available: Money; readonly held: Money; readonly inPayout: Money }[];
}

export interface SellerBalanceView {
  readonly held: Money;
  readonly available: Money;
  readonly frozen: Money;
  readonly debt: Money;
  readonly payable: Money;
}

export interface DebtView {
  readonly order: string;
  readonly left: Money;
  readonly recovered: { readonly seller: Money };
}

export interface DisputeView {
  readonly id: string;
  readonly state: string;
  readonly turn: string | null;
  readonly networkId: string;
  readonly amount: Money;
  readonly liabilityShift: boolean;
  readonly money: { readonly fees: Money; readonly levied: Money; readonly feeReturned: Money };
}

export interface PostingView {
  readonly seq: string;
  readonly leg: number;
  readonly event: string;
  readonly debit: { readonly name: string; readonly owner: string };
  readonly credit: { readonly name: string; readonly owner: string };
  readonly amount: Money;
}

export interface AccountView {
  readonly name: string;
  readonly owner: string;
  readonly currency: string;
  readonly balance: Money;
}

export interface LineView {
  readonly id: string;
  readonly state: string;
  readonly direction: string;
  readonly amount: Money;
  readonly endToEndId: string | null;
  readonly explainedAs: string | null;
  readonly text: string;
}

export interface BreakView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly amount: Money | null;
  readonly reason: string;
}

export interface CheckView {
  readonly ok: boolean;
  readonly laws: readonly {
    readonly law: string;
    readonly ok: boolean;
    readonly alarm: boolean;
    readonly findings: readonly string[];
  }[];
}

export interface TraceStepView extends PostingView {
  readonly depth: number;
  readonly direction: string;
  readonly portion: Money;
}

export interface AcquirerTotals {
  readonly currencies: readonly {
    readonly currency: string;
    readonly sales: string;
    readonly refunds: string;
    readonly interchange: string;
    readonly schemeFees: string;
    readonly processingFees: string;
    readonly settledNet: string;
    readonly unsettledNet: string;
    readonly unsettledGross: string;
    readonly batches: readonly {
      readonly id: string;
      readonly day: string;
      readonly net: string;
      readonly paid: string;
    }[];
  }[];
}

export interface BankTotals {
  readonly accounts: readonly {
    readonly account: string;
    readonly currency: string;
    readonly balance: string;
    readonly credits: string;
    readonly debits: string;
  }[];
}

export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next: string | null;
}
