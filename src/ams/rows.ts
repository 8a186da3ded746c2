/**
 * What the AMS gateway keeps: who may call it with which keys, and what each of them asked for under its own request ids.
 *
 * Invariants: a request id of a client stands for one thing for ever. A row here says what was asked; what came of it is in
 * the payment, its operations and refunds, which REST shows as well, and is never copied. `failed`, `canceled` and
 * `refused` say that nothing was or will be asked of a network under that id.
 */
import type { KeptKey } from '../ams-protocol/index.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { RefundSource } from '../payments/index.ts';

/** Terms of an order that AMS does not carry. */
export interface ClientDefaults {
  readonly policy: string;
  readonly shipWithinDays: number;
  /** Of a buyer about whom no country is said. ISO 3166-1 alpha-2. */
  readonly buyerCountry: string;
  /** Whose order it is when the request names no merchant. */
  readonly seller: Id<'sel'> | null;
  /** How long the hosted page takes payments when the request does not say. Seconds of business time. */
  readonly payWithinS: number;
}

export interface AmsClient extends StateRow {
  readonly id: Id<'amc'>;
  readonly state: keyof typeof AMS_CLIENT_MOVES;
  readonly clientId: string;
  readonly marketplace: Id<'mkt'>;
  readonly keys: readonly KeptKey[];
  readonly defaults: ClientDefaults;
  /** Sellers by the client's own names for them (`referenceMerchantId`). */
  readonly sellers: Readonly<Record<string, Id<'sel'>>>;
  /** Where it is told what a request names no address for. */
  readonly notifyUrl: string | null;
  readonly createdAt: Instant;
}

export const AMS_CLIENT_MOVES = { active: [] } as const;

/** Why it ended without anything being asked of a network. */
export interface Ending {
  readonly code: string;
  readonly detail: string;
  readonly at: Instant;
}

export interface AmsPayment extends StateRow {
  readonly id: Id<'amp'>;
  readonly state: keyof typeof AMS_PAYMENT_MOVES;
  readonly client: Id<'amc'>;
  readonly marketplace: Id<'mkt'>;
  /** `paymentRequestId`. */
  readonly requestId: string;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly amount: Money;
  /** Charged at once with a card token, asked of a wallet, paid on the hosted page, or by whoever scans a code. */
  readonly way: 'token' | 'wallet' | 'hosted' | 'code';
  readonly capture: 'automatic' | 'manual';
  /** Of a charge and of a wallet: it begins in the unit that makes this row. Null on the hosted page, of a code, and in older rows. */
  readonly payment: Id<'pay'> | null;
  /** Only of a code. `brand`: whose users alone may scan it; null when everybody may. */
  readonly code?: { readonly id: Id<'hcd'>; readonly brand: string | null };
  /** When the hosted page stops taking payments, or the code is not to be scanned any more. Business time. */
  readonly expiresAt: Instant | null;
  readonly redirectUrl: string | null;
  readonly notifyUrl: string | null;
  readonly ending: Ending | null;
  readonly createdAt: Instant;
}

/** One that is paid by whoever scans its code. */
export type CodePayment = AmsPayment & { readonly code: NonNullable<AmsPayment['code']>; readonly expiresAt: Instant };

export const isByCode = (row: AmsPayment): row is CodePayment => row.code !== undefined && row.expiresAt !== null;

export const AMS_PAYMENT_MOVES = { open: ['failed', 'canceled'], failed: [], canceled: [] } as const;

export interface AmsRequest extends StateRow {
  readonly id: Id<'amr'>;
  readonly state: keyof typeof AMS_REQUEST_MOVES;
  readonly kind: 'capture' | 'refund' | 'cancel';
  readonly client: Id<'amc'>;
  readonly marketplace: Id<'mkt'>;
  /** The client's id of it; a cancel has none and is known by its payment. */
  readonly requestId: string;
  readonly amsPayment: Id<'amp'>;
  readonly payment: Id<'pay'>;
  readonly amount: Money;
  /** Of a capture: the last one. */
  readonly final: boolean;
  readonly reason: string;
  /** Of a refund after the settlement: who gives it back. Rows of before have none. */
  readonly from?: RefundSource | null;
  readonly notifyUrl: string | null;
  readonly ending: Ending | null;
  readonly createdAt: Instant;
}

export const AMS_REQUEST_MOVES = { open: ['refused'], refused: [] } as const;

export const amsClients = stateTable<AmsClient>('ams_clients', 'amc');
export const amsPayments = stateTable<AmsPayment>('ams_payments', 'amp');
export const amsRequests = stateTable<AmsRequest>('ams_requests', 'amr');
