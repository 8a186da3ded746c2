/** What the routes work with: the wired modules and the facts of this installation. Built in src/main/app.ts. */
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { AmsDeps } from '../ams/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Money } from '../base/money.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { CheckoutDeps } from '../checkout/index.ts';
import type { VaultKeys } from '../connectors/ports/card-vault.ts';
import type { WalletInquiryAnswer } from '../connectors/ports/wallet.ts';
import type { DebtDeps } from '../debts/index.ts';
import type { DisputeAccounts } from '../disputes/index.ts';
import type { FxDeps } from '../fx/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Participant, PartyDeps } from '../parties/index.ts';
import type { PaymentDeps } from '../payments/index.ts';
import type { PayoutDeps } from '../payouts/index.ts';
import type { OrderDeps } from '../protection/index.ts';
import type { ReconciliationDeps } from '../reconciliation/index.ts';
import type { HubDeps } from '../wallets/index.ts';

export interface AmsGateway extends AmsDeps {
  /** Signs what the gateway says; null when this installation has none, and serves no AMS. */
  readonly key: { readonly privateKey: KeyObject /** Base64 of its SPKI. */; readonly publicKey: string } | null;
}

export interface HubGateway {
  readonly deps: HubDeps;
  /** Who else than the hub waits for wallets' notifications, asked in this order. */
  readonly noticeTakers: readonly NoticeTaker[];
}

/** What a wallet says of a payment, signed by it. */
export interface WalletNotice {
  readonly wallet: Participant;
  /** `paymentRequestId`: ours. */
  readonly reference: string;
  readonly word: WalletInquiryAnswer;
  /** What it says it owes; null when it does not say. */
  readonly payTo: Money | null;
}

/** Null when the reference is not one of its payments. */
export type NoticeTaker = (notice: WalletNotice) => Promise<Result<null, Refusal> | null>;

export interface App {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly parties: PartyDeps;
  readonly orders: OrderDeps;
  readonly payments: PaymentDeps;
  readonly checkout: CheckoutDeps;
  readonly ams: AmsGateway;
  readonly hub: HubGateway;
  readonly payouts: PayoutDeps;
  readonly disputes: DisputeAccounts;
  readonly debts: DebtDeps;
  readonly fx: FxDeps;
  readonly reconciliation: ReconciliationDeps;
  readonly log: Logger;
  readonly sandbox: boolean;
  readonly version: string;
  /** Where browsers reach this installation. */
  readonly publicUrl: string;
  /** Where browsers reach the vault. */
  readonly vaultUrl: string;
  /** Where issuers' pages may be that a buyer is sent to, as sources of a content policy. */
  readonly challengeOrigins: readonly string[];
  readonly vaultKeys: VaultKeys;
  /** Bearer token of the acquirer's notifications. */
  readonly callbackToken: string;
  /** Operations open longer than this are listed as a problem. Minutes. */
  readonly unknownAgeMinutes: number;
}
