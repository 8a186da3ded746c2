/**
 * A participant of the hub: a wallet, which debits its user at home, an acquirer, which pays shops, or both; a role is a
 * relation, not a kind of party. All of it is data that an operator adds while the hub runs.
 *
 * Invariants: `participantId` names it in every message, as `pspId`, `acquirerId` and `Client-Id`; a key version stands for one
 * key for ever; what a wallet owes us is on the network account that is opened with it; id, slug and brand code name one
 * participant each; slug and currency of a wallet never change.
 */
import type { KeptKey } from '../ams-protocol/index.ts';
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { AcquirerTarget } from '../connectors/ports/shop-acquirer.ts';
import type { WalletTarget } from '../connectors/ports/wallet.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Participant extends StateRow {
  readonly id: Id<'ptc'>;
  readonly state: keyof typeof PARTICIPANT_MOVES;
  readonly participantId: string;
  readonly name: string;
  /** None: it is known, and nothing that it says is believed yet. */
  readonly keys: readonly KeptKey[];
  readonly wallet: WalletRole | null;
  readonly acquirer: AcquirerRole | null;
  readonly createdAt: Instant;
}

/** Fees the hub takes into account when a clearing cycle closes; hundredths of a percent of what is cleared. */
export interface HubFees {
  /** From the acquirer to the wallet of a payment; data of the acquirer. Goes back with a refund. */
  readonly interchangeBps: number;
  /** To the hub; of the role that carries it. Does not go back. */
  readonly serviceBps: number;
}

/** When and under what name a role is settled. */
export interface SettlementTerms {
  readonly agreementId: string;
  /** Working days after the cycle's. */
  readonly days: number;
  /** A calendar of working days, by country. */
  readonly calendar: string;
}

export interface WalletLimit {
  /** Who set it: a refusal names him. */
  readonly setBy: string;
  readonly per: 'payment' | 'year';
  readonly kind: 'min' | 'max';
  /** In the wallet's currency; of all payments of one person in the calendar year, UTC+8, for `year`. */
  readonly amount: Money;
}

export type WalletMode = 'cashier' | 'autoDebit' | 'userPresented' | 'merchantPresented';
export type CoverageState = 'pilot' | 'live' | 'paused';

export interface WalletRole {
  /** Our own short name, such as `tng`. */
  readonly slug: string;
  /** `walletBrandName` and the name of its payment method, such as TNG. */
  readonly brandCode: string;
  /** The app of a bank: figures of growth count it apart. */
  readonly isBankApp?: boolean;
  readonly country: string;
  readonly currency: Currency;
  readonly modes: readonly WalletMode[];
  readonly limits: readonly WalletLimit[];
  /** First six digits of its payment codes. */
  readonly codeIssuer: string | null;
  /** Where its API is; the operation's name comes after it. */
  readonly endpoint: string;
  /** 00:15 in UTC+8 of the day after the payment unless it says otherwise: minutes of that day. */
  readonly cutOffMinutes: number;
  readonly fees: HubFees;
  readonly settlement: SettlementTerms;
  /** Where it can be used: by ISO 3166-1 alpha-2 country of the shop. A market that is not named is none. */
  readonly markets: Readonly<Record<string, CoverageState>>;
  readonly account: Id<'net'>;
}

export interface AcquirerRole {
  /** Where its shops are, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** What it may be settled in; the first where a payment does not say. */
  readonly settlementCurrencies: readonly Currency[];
  /** Where it is told of payments and asked about its codes; null for one that only asks. */
  readonly endpoint: string | null;
  /** Beginnings of links that are its own codes, which it decodes itself. */
  readonly codePrefixes: readonly string[];
  /** Identifiers of national schemes whose codes it serves by push: the wallet's payment is pushed to it, and it is polled. */
  readonly pushSchemes: readonly string[];
  readonly fees: HubFees;
  readonly settlement: SettlementTerms;
}

export const PARTICIPANT_MOVES = { active: ['suspended'], suspended: ['active'] } as const;

export const participants = stateTable<Participant>('participants', 'ptc');

/** A participant that has the role. */
export type WalletParticipant = Participant & { readonly wallet: WalletRole };
export type AcquirerParticipant = Participant & { readonly acquirer: AcquirerRole };

export const isWallet = (participant: Participant): participant is WalletParticipant => participant.wallet !== null;
export const isAcquirer = (participant: Participant): participant is AcquirerParticipant =>
  participant.acquirer !== null;

/** The keys that are good now. */
export const activeKeys = ({ keys }: Participant): readonly KeptKey[] => keys.filter(({ state }) => state === 'active');

/** A wallet as its connector calls it. */
export const walletTarget = (participant: WalletParticipant): WalletTarget => ({
  participantId: participant.participantId,
  endpoint: participant.wallet.endpoint,
  keys: activeKeys(participant),
});

/** An acquirer as its connector calls it; null for one that is never called. */
export function acquirerTarget(participant: AcquirerParticipant): AcquirerTarget | null {
  const { endpoint } = participant.acquirer;
  return endpoint === null
    ? null
    : { participantId: participant.participantId, endpoint, keys: activeKeys(participant) };
}
