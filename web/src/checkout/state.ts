/** What the server says of a checkout (src/api/checkout/state-view.ts). */
import type { Money } from '../api/types.ts';

export type { Money };

export interface Instalment {
  readonly number: number;
  readonly amount: Money;
  readonly due: 'now' | 'before_shipment';
  readonly state: 'due' | 'processing' | 'paid';
}

export type Advice =
  | 'other_card'
  | 'other_card_or_bank'
  | 'confirm_with_bank'
  | 'not_confirmed'
  | 'check_code'
  | 'part_approved'
  | 'try_again'
  | 'other_wallet'
  | 'wallet_ended';

interface Named {
  readonly marketplace: { readonly name: string };
  readonly returnUrl: string | null;
}

export interface Challenge {
  readonly url: string;
  readonly creq: string;
}

export interface Receipt {
  readonly amount: Money;
  readonly refunded: Money;
  readonly paidAt: string;
  readonly reference: string;
  readonly statement: string;
}

/** What an amount comes to in a wallet's currency: one rate with everything in it, and what part of the sum is fee. */
export interface WalletPrice {
  readonly name: string;
  readonly payTo: Money;
  /** Of the wallet's currency for one of the order's; null where both are one. */
  readonly rate: string | null;
  readonly fee: Money | null;
}

export interface WalletOffer extends WalletPrice {
  readonly wallet: string;
  readonly brand: string;
}

export interface ChosenWallet extends WalletPrice {
  /** The wallet's own page. */
  readonly payUrl: string | null;
  readonly paidBack: Money;
}

/** With everything the buyer may see of the order. */
export interface OpenState extends Named {
  readonly standing:
    | 'ready'
    | 'challenge'
    | 'at_wallet'
    | 'checking'
    | 'paid'
    | 'already_paid'
    | 'closed'
    | 'not_due'
    | 'exhausted';
  readonly seller: { readonly name: string; readonly country: string };
  readonly order: {
    readonly reference: string;
    readonly description: string;
    readonly total: Money;
    readonly state: string;
  };
  readonly instalment: number;
  readonly amount: Money;
  readonly plan: readonly Instalment[];
  readonly protection: { readonly releaseAfterReceiptDays: number; readonly autoReceiptDays: number };
  /** The number of the next attempt. */
  readonly attempt: number;
  /** Of the last attempt. */
  readonly card: { readonly brand: string; readonly last4: string } | null;
  /** Of the last attempt, where a wallet paid it or shall. */
  readonly wallet: ChosenWallet | null;
  /** Wallets of the buyer's country that take the amount. */
  readonly wallets: readonly WalletOffer[];
  readonly declined: Advice | null;
  readonly challenge: Challenge | null;
  readonly receipt: Receipt | null;
  readonly fields: { readonly vault: string; readonly marketplace: string } | null;
}

/** The link has ended: nothing of the order is told. */
export interface EndedState extends Named {
  readonly standing: 'revoked' | 'expired';
}

/** No link at all, or not now. */
export interface BareState {
  readonly standing: 'unknown' | 'busy' | 'returned';
}

export type State = OpenState | EndedState | BareState;

const WITHOUT_ORDER: ReadonlySet<string> = new Set(['revoked', 'expired', 'unknown', 'busy', 'returned']);

export const isOpen = (state: State): state is OpenState => !WITHOUT_ORDER.has(state.standing);

/** The state that the server wrote into the page. */
export function stateInPage(): State {
  const text = document.getElementById('state')?.textContent ?? 'null';
  return (JSON.parse(text) as State | null) ?? { standing: 'unknown' };
}
