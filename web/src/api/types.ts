/**
 * What the REST API answers to marketplaces and operators. Optional facts may be absent or null: both mean "not yet".
 * Amounts are text of whole minor units and are never calculated with here; instants are ISO 8601 in UTC.
 */
export interface Money {
  /** Whole minor units as decimal digits; may start with `-`. */
  readonly value: string;
  readonly currency: string;
}
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
}
export interface Session {
  readonly role: 'operator' | 'marketplace';
  readonly marketplace?: { readonly id: string; readonly name: string } | null;
  readonly scopes: readonly string[];
  readonly sandbox: boolean;
  readonly now: string;
  readonly reportZone: string;
  /** This browser as the server sees it; issuers ask (3-D Secure). */
  readonly browser: { readonly ip: string; readonly userAgent: string; readonly acceptHeader: string };
}
export interface SystemStatus {
  readonly version: string;
  readonly sandbox: boolean;
  readonly now: string;
  readonly journal: { readonly seq: string | number };
  readonly jobs: { readonly waiting: number; readonly due: number; readonly dead: number };
  readonly addresses: { readonly vault: string; readonly docs: string };
}
export interface MoveField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'money' | 'card' | 'select' | 'check';
  readonly required: boolean;
  readonly max?: Money;
  /** The amount must be more than this. */
  readonly above?: Money;
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[];
}
export type MoveName =
  | 'pay'
  | 'ship'
  | 'receive'
  | 'release'
  | 'cancel'
  | 'refund'
  | 'capture'
  | 'capture_part'
  | 'increment'
  | 'void';
export interface Move {
  readonly move: MoveName;
  readonly label: string;
  readonly method: 'POST';
  readonly href: string;
  readonly needsIdempotencyKey: boolean;
  /** Sent as it is, beside what the fields ask. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly fields: readonly MoveField[];
}
export interface Instalment {
  readonly number: number;
  readonly amount: Money;
  readonly due: 'now' | 'before_shipment';
  readonly state: 'due' | 'processing' | 'paid';
  readonly payment?: string | null;
}
export interface Party {
  readonly id: string;
  readonly name: string | null;
  readonly country?: string | null;
}
export interface Shipment {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly shippedAt: string;
}
export interface OrderSummary {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly marketplace: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly reference: string;
  readonly description: string;
  readonly total: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly refunding: Money;
  /** Taken out of what is held by disputes. */
  readonly disputed: Money;
  /** The open dispute of the order. */
  readonly dispute: string | null;
  readonly held: Money;
  readonly fee: Money;
  /** What the seller got; when the server leaves it out it is read from the postings. */
  readonly released?: Money | null;
  readonly instalments: readonly Instalment[];
  readonly shipBy: string | null;
  readonly shipment?: Shipment | null;
  readonly receivedAt?: string | null;
  readonly receivedBy?: 'buyer' | 'deadline' | null;
  readonly releasedAt?: string | null;
  readonly releaseDueAt?: string | null;
  readonly autoReceiptAt?: string | null;
  readonly canceledAt?: string | null;
  readonly policy: { readonly name: string; readonly version: number };
  readonly createdAt: string;
}
export interface Order extends OrderSummary {
  readonly moves: readonly Move[];
}
export interface TimelineEntry {
  readonly at: string;
  readonly lane: 'goods' | 'case' | 'money';
  readonly kind: 'done' | 'due';
  readonly title: string;
  readonly detail: string;
  readonly seq: string | number | null;
  readonly amount?: Money | null;
  readonly href?: string | null;
}
export interface Posting {
  readonly seq: string | number;
  readonly leg: number;
  readonly at: string;
  readonly event: string;
  readonly debit: { readonly name: string; readonly owner: string };
  readonly credit: { readonly name: string; readonly owner: string };
  readonly amount: Money;
}
export interface Operation {
  readonly id: string;
  readonly kind: string;
  readonly state: 'sent' | 'approved' | 'declined' | 'pending' | 'unknown';
  readonly reference: string;
  readonly amount: Money;
  readonly networkId?: string | null;
  readonly at: string;
  readonly answer?: { readonly code: string; readonly message: string } | null;
}
export interface Refund {
  readonly id: string;
  readonly amount: Money;
  readonly state: string;
  /** The network's id of the capture it gives back from. */
  readonly capture: string;
  readonly reason: string;
  readonly createdAt: string;
}
export interface Capture {
  readonly networkId: string;
  readonly amount: Money;
  /** Refunded, or on its way back. */
  readonly returned: Money;
  readonly left: Money;
}
/** What the cardholder's browser has to do: POST the form field `creq` to `url`. */
export interface Challenge {
  readonly kind: string;
  readonly url: string;
  readonly creq: string;
}
export interface Payment {
  readonly id: string;
  readonly order: string;
  readonly instalment: number;
  readonly state: string;
  readonly amount: Money;
  readonly authorized: Money;
  readonly capturable: Money;
  readonly captured: Money;
  readonly captures: readonly Capture[];
  readonly refunded: Money;
  readonly refunding: Money;
  readonly refundable: Money;
  readonly capture: string;
  readonly estimated: boolean;
  readonly expiresAt: string | null;
  readonly onExpiry: string;
  readonly checks: { readonly address: string; readonly cvv: string } | null;
  readonly exemption: string | null;
  /** Declines after which it was tried once more under this payment. */
  readonly tries: readonly { readonly code: string; readonly class: string | null; readonly at: string }[];
  readonly authentication: {
    readonly state: string;
    readonly liabilityShift: boolean;
    readonly reason: string | null;
  } | null;
  readonly action: Challenge | { readonly kind: 'redirect'; readonly url: string } | null;
  readonly method:
    | { readonly type: 'card'; readonly brand: string; readonly last4: string }
    | { readonly type: 'wallet'; readonly wallet: string; readonly brand: string; readonly name: string };
  /** Null when a wallet pays. */
  readonly card: { readonly brand: string; readonly last4: string } | null;
  readonly wallet: {
    readonly payTo: Money;
    /** Of the wallet's currency for one of the amount's, everything in it. */
    readonly rate: string | null;
    readonly fee: Money | null;
    readonly paidBack: Money;
    readonly cancelableUntil: string | null;
  } | null;
  readonly decline?: { readonly code: string; readonly message: string; readonly class?: string } | null;
  /** An operation's outcome is unknown and is being asked for. */
  readonly checking: boolean;
  /** Only when one payment is asked for, not in lists. */
  readonly operations?: readonly Operation[];
  readonly refunds?: readonly Refund[];
  readonly createdAt: string;
}
export interface BankAccount {
  readonly country: string;
  readonly routingNumber?: string | null;
  /** Masked by the server: `•••6789`. */
  readonly accountNumber: string;
  readonly accountType?: string | null;
  readonly holderName?: string | null;
}
export interface Payout {
  readonly id: string;
  readonly seller: Party;
  readonly amount: Money;
  readonly state: string;
  readonly bankAccount: BankAccount | string;
  readonly file?: string | null;
  readonly trace?: string | null;
  readonly returnReason?: { readonly code: string; readonly text: string } | null;
  readonly createdAt: string;
  readonly expectedOn?: string | null;
}
export interface Balance {
  readonly currency: string;
  readonly available: Money;
  readonly held: Money;
  readonly reserve: Money;
  readonly frozen: Money;
  readonly debt: Money;
  readonly inPayout: Money;
  readonly payable: Money;
}
export interface Seller {
  readonly id: string;
  readonly marketplace: string;
  readonly name: string;
  readonly country: string;
  readonly email: string;
  readonly categoryCode: string;
  readonly bankAccount: BankAccount | string;
  readonly payoutsBlocked?: null | { readonly since: string; readonly reason: string };
  readonly state: string;
  readonly createdAt: string;
  readonly balances?: readonly Balance[];
}
