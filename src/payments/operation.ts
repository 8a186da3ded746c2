/**
 * One thing asked of the network: authorize, sale, capture, void or refund, with a state and a reference of its own. Of a
 * wallet: a sale (it pays), a void (it gives all back on the same day) or a refund. The
 * reference is minted when we decide and never changes; every inquiry asks by it. Only an explicit word of the network,
 * or an operator's decision with evidence, is final.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { randomBytes } from '../base/random.ts';
import type { OperationKind } from '../connectors/ports/card-acquirer.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Operation extends StateRow {
  readonly id: Id<'opn'>;
  readonly state: keyof typeof OPERATION_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
  readonly order: Id<'ord'>;
  readonly network: Id<'net'>;
  /** `authenticate` asks about the cardholder and moves no money. */
  readonly kind: OperationKind | 'authenticate';
  readonly reference: string;
  readonly amount: Money;
  /** The network's id of the payment acted on; null for the first operation. */
  readonly networkPaymentId: string | null;
  readonly networkId: string | null;
  readonly refund: Id<'ref'> | null;
  /** One of several captures: its number, and whether it is the last. */
  readonly part: { readonly sequence: number; readonly final: boolean } | null;
  /** The network's id of the capture that a refund gives back from, when there are several. */
  readonly networkCaptureId: string | null;
  /** The command that waits for the outcome. */
  readonly command: { readonly client: string; readonly key: string } | null;
  readonly sentAt: Instant;
  readonly answeredAt: Instant | null;
  /** The job that asks again while there is no final answer. */
  readonly resumeJob: string;
  /** How often it was sent under its reference after the network said it never arrived. */
  readonly resends: number;
  readonly answer: { readonly code: string; readonly message: string } | null;
  /** What moves at the wallet, in its currency; only of operations with a wallet. */
  readonly moved?: Money;
}

export const OPERATION_MOVES = {
  sent: ['approved', 'declined', 'pending', 'unknown'],
  pending: ['approved', 'declined', 'unknown'],
  unknown: ['approved', 'declined', 'pending'],
  approved: [],
  declined: [],
} as const;

export const operations = stateTable<Operation>('operations', 'opn');

export const isOpen = (operation: Operation): boolean => OPERATION_MOVES[operation.state].length > 0;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A reference every network accepts: 15 of A–Z and 0–9, 77 random bits, first a letter so that no spreadsheet reads a number. */
export function mintReference(length = 15): string {
  const bytes = randomBytes(length);
  const letters = Array.from(bytes, (byte) => ALPHABET[byte % 36] as string);
  letters[0] = ALPHABET[10 + ((bytes[0] as number) % 26)] as string;
  return letters.join('');
}
