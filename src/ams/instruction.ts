/**
 * What a client instructs beside payments: how held value is settled, what moves between balances, what is paid out, where a
 * seller is paid to. Each has the client's own id for it, for ever. What was asked is here; what came of it is the core's:
 * the order, the transfer, the payout or the seller that `subject` names.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import type { BankAccountInput } from '../parties/index.ts';
import type { BalanceOwner } from '../payouts/index.ts';
import type { Ending } from './rows.ts';

/** Remarks and codes that are only said back. */
export interface Said {
  readonly purposeCode: string;
  readonly remark: string | null;
  /** The client's names of the parties; null is the marketplace itself. */
  readonly fromName: string | null;
  readonly toName: string | null;
}

export type Wish =
  | {
      readonly kind: 'settle';
      readonly amsPayment: Id<'amp'>;
      readonly order: Id<'ord'>;
      readonly net: Money;
      readonly share: Money;
    }
  | ({
      readonly kind: 'transfer';
      readonly from: BalanceOwner;
      readonly to: BalanceOwner;
      readonly amount: Money;
      /** In which it arrives. */
      readonly currency: Currency;
    } & Said)
  | ({ readonly kind: 'payout'; readonly seller: Id<'sel'>; readonly amount: Money } & Said)
  | {
      readonly kind: 'account';
      readonly seller: Id<'sel'>;
      readonly merchant: string;
      readonly currency: string;
      readonly account: BankAccountInput;
    };

export type WishOf<Kind extends Wish['kind']> = Extract<Wish, { kind: Kind }>;

export interface AmsInstruction extends StateRow {
  readonly id: Id<'ami'>;
  readonly state: keyof typeof AMS_INSTRUCTION_MOVES;
  readonly client: Id<'amc'>;
  readonly marketplace: Id<'mkt'>;
  readonly requestId: string;
  readonly wish: Wish;
  /** What the core made of it, by id; null until then. */
  readonly subject: string | null;
  readonly ending: Ending | null;
  readonly notifyUrl: string | null;
  /** The job that carries it out when whoever asked could not. */
  readonly job: string;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
}

export const AMS_INSTRUCTION_MOVES = { open: ['done', 'refused'], done: [], refused: [] } as const;

export const amsInstructions = stateTable<AmsInstruction>('ams_instructions', 'ami');

export const loadInstruction = (db: Queryable, id: Id<'ami'>): Promise<AmsInstruction | null> =>
  loadRow(db, amsInstructions, id);

export interface InstructionName {
  readonly client: Id<'amc'>;
  readonly kind: Wish['kind'];
  readonly requestId: string;
}

export async function findInstruction(
  db: Queryable,
  { client, kind, requestId }: InstructionName,
): Promise<AmsInstruction | null> {
  return (await findRows(db, amsInstructions, 'request_key = $1', [`${client}:${kind}:${requestId}`]))[0] ?? null;
}
