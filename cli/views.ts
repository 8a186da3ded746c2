/** The answers of the REST API as the command line shows them. Only the fields it uses; --json prints all there are. */
import type { Money } from '../src/base/money.ts';

export interface SystemView {
  readonly version: string;
  readonly sandbox: boolean;
  readonly now: string;
  readonly journal: { readonly seq: string };
  readonly jobs: {
    readonly waiting: number;
    readonly due: number;
    readonly dead: number;
    readonly nextDue: string | null;
  };
  readonly addresses: { readonly vault: string; readonly docs: string };
}

export interface Party {
  readonly id: string;
  readonly name: string | null;
}

export interface OrderView {
  readonly id: string;
  readonly state: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly reference: string;
  readonly description: string;
  readonly total: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly fee: Money;
  readonly released: Money;
  readonly instalments: readonly {
    readonly number: number;
    readonly amount: Money;
    readonly due: string;
    readonly state: string;
    readonly payment: string | null;
  }[];
  readonly policy: { readonly name: string; readonly version: number };
  readonly createdAt: string;
}

export interface TimelineItem {
  readonly at: string;
  readonly lane: 'goods' | 'money';
  readonly kind: 'done' | 'due';
  readonly title: string;
  readonly detail: string;
  readonly amount?: Money;
}

export interface AccountName {
  readonly name: string;
  readonly owner: string;
}

export interface Posting {
  readonly seq: string;
  readonly leg: number;
  readonly at: string;
  readonly event: string;
  readonly debit: AccountName;
  readonly credit: AccountName;
  readonly amount: Money;
}

export interface TraceStep extends Posting {
  readonly depth: number;
  readonly direction: 'start' | 'forward' | 'back';
  readonly subject: string;
  /** The part of the amount that belongs to what is followed. */
  readonly portion: Money;
}

export interface AccountView extends AccountName {
  readonly currency: string;
  readonly kind: string;
  readonly side: string;
  readonly balance: Money;
}

export interface BalanceView extends AccountName {
  readonly currency: string;
  readonly balance: Money;
  readonly seq: string;
}

export interface EntryView {
  readonly seq: string;
  readonly leg: number;
  readonly at: string;
  readonly event: string;
  readonly side: 'debit' | 'credit';
  readonly amount: Money;
  readonly other: AccountName;
  readonly balance: Money;
}

export type StatementLine =
  | { readonly line: 'opening'; readonly from: string; readonly to: string; readonly balance: Money }
  | ({ readonly line: 'entry' } & EntryView)
  | { readonly line: 'closing'; readonly entries: number; readonly balance: Money };

export interface CheckView {
  readonly ok: boolean;
  readonly seq: string;
  readonly laws: readonly {
    readonly law: string;
    readonly ok: boolean;
    readonly alarm: boolean;
    readonly findings: readonly string[];
  }[];
}

export interface OperationView {
  readonly id: string;
  readonly payment: string;
  readonly order: string;
  readonly kind: string;
  readonly state: string;
  readonly reference: string;
  readonly amount: Money;
  readonly at: string;
  readonly answer: { readonly code: string; readonly message: string } | null;
  /** Whose it is to find out; on the list of open ones only. */
  readonly owner?: string;
  readonly marketplace?: string;
}

export interface PaymentView {
  readonly id: string;
  readonly order: string;
  readonly instalment: number;
  readonly state: string;
  readonly amount: Money;
  readonly authorized: Money;
  readonly capturable: Money;
  readonly captured: Money;
  readonly captures: readonly {
    readonly networkId: string;
    readonly amount: Money;
    readonly returned: Money;
    readonly left: Money;
  }[];
  readonly refunded: Money;
  readonly refunding: Money;
  readonly refundable: Money;
  readonly expiresAt: string | null;
  readonly checks: { readonly address: string; readonly cvv: string } | null;
  readonly method:
    | { readonly type: 'card'; readonly brand: string; readonly last4: string }
    | { readonly type: 'wallet'; readonly name: string };
  readonly wallet: { readonly payTo: Money; readonly rate: string | null; readonly fee: Money | null } | null;
  readonly decline: { readonly code: string; readonly message: string; readonly class?: string } | null;
  readonly exemption: string | null;
  readonly tries: readonly { readonly code: string; readonly at: string }[];
  readonly authentication: {
    readonly state: string;
    readonly liabilityShift: boolean;
    readonly reason: string | null;
  } | null;
  readonly checking: boolean;
  readonly operations?: readonly OperationView[];
  readonly refunds?: readonly RefundView[];
  readonly createdAt: string;
}

export interface RefundView {
  readonly id: string;
  readonly payment: string;
  readonly amount: Money;
  readonly state: string;
  readonly capture: string;
  readonly reason: string;
  readonly createdAt: string;
}

export interface DisputeView {
  readonly id: string;
  readonly channel: string;
  readonly networkId: string;
  readonly state: string;
  readonly stage: string;
  readonly order: string;
  readonly orderReference: string | null;
  readonly payment: string;
  readonly seller: Party;
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly title: string; readonly kind: string };
  readonly liabilityShift: boolean;
  readonly recommendation: { readonly answer: string; readonly because: string };
  readonly turn: 'ours' | 'theirs' | null;
  readonly respondBy: string | null;
  readonly expired: boolean;
  readonly checking: boolean;
  readonly money: {
    readonly debited: Money;
    readonly credited: Money;
    readonly taken: Money;
    readonly fees: Money;
    readonly cover: Readonly<Record<'held' | 'reserve' | 'seller' | 'debt', Money>> | null;
  };
  readonly openedAt: string;
  readonly endedAt: string | null;
}

export interface DisputeHistory extends DisputeView {
  readonly moves: readonly string[];
  readonly movements: readonly { readonly kind: string; readonly amount: Money; readonly at: string }[];
  readonly documents: readonly {
    readonly stage: string;
    readonly name: string;
    readonly mediaType: string;
    readonly bytes: number;
    readonly addedAt: string;
  }[];
  readonly answers: readonly {
    readonly kind: string;
    readonly stage: string;
    readonly reference: string;
    readonly state: string;
    readonly sentAt: string;
    readonly refusal: { readonly code: string; readonly message: string } | null;
  }[];
}

export interface KeyReportView {
  readonly provider: string;
  readonly rootKeys: readonly {
    readonly id: string;
    readonly current: boolean;
    readonly wraps: number;
    readonly registeredAt: string | null;
  }[];
  readonly dataKeys: readonly {
    readonly id: string;
    readonly purpose: string;
    readonly current: boolean;
    readonly rootKey: string;
    readonly cards: number;
    readonly createdAt: string;
  }[];
  readonly toRewrap: number;
}

export type KeyRotationView =
  | { readonly what: 'data'; readonly dataKey: string }
  | { readonly what: 'root'; readonly rootKeyId: string; readonly rewrapped: number; readonly resumed: boolean };

export interface PayoutView {
  readonly id: string;
  readonly seller: Party;
  readonly amount: Money;
  readonly state: string;
  readonly bankAccount: { readonly accountNumber: string };
  readonly returnReason: { readonly code: string; readonly text: string } | null;
  readonly expectedOn: string | null;
  readonly createdAt: string;
}

export interface BreakView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly subject: string;
  readonly amount: Money | null;
  readonly reason: string;
  readonly owner: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

export interface LineView {
  readonly id: string;
  readonly state: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: Money;
  readonly bookedOn: string;
  readonly text: string;
  readonly explainedAs: string | null;
  readonly subject: string | null;
}

export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly lastError: string | null;
}

export interface EventView {
  readonly seq: string;
  readonly type: string;
  readonly subject: string;
  readonly version: number;
  readonly at: string;
}
