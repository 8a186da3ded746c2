/**
 * What an event posts, learned by asking the code: each posting is called with an event whose every field is a probe, and a
 * probe that comes back in a transfer says which field it was. So the table is what src/ledger/postings.ts does, not a copy
 * of it. A probe is money when used as an amount and carries its field's name when used as an account's owner.
 */
import type { AccountName } from '../../src/ledger/chart.ts';
import type { EventType } from '../../src/ledger/events.ts';
import { POSTINGS } from '../../src/ledger/postings.ts';

/** One side of a leg: an account's name, and the event's field that names its owner; null where it has none. */
export interface LegSide {
  /** In braces where the event says which account it is. */
  readonly account: AccountName | `{${string}}`;
  readonly ownerField: string | null;
}

export interface Leg {
  /** The event's field that holds the amount. */
  readonly amountField: string;
  readonly debit: LegSide;
  readonly credit: LegSide;
}

// The table's keys are its event types; Object.keys forgets that.
export const EVENT_TYPES = Object.keys(POSTINGS) as readonly EventType[];

/** The legs of an event in posting order, as if every amount it can carry were above zero. */
export function legsOf(type: EventType): readonly Leg[] {
  // A posting reads nothing but fields, and every field of this event is there.
  const posting = POSTINGS[type] as (event: unknown) => readonly unknown[];
  return posting(probeEvent()).map((transfer) => readLeg(type, transfer));
}

interface Probe {
  readonly field: string;
  readonly amount: bigint;
  readonly currency: string;
}

const probeEvent = (): unknown =>
  new Proxy({}, { get: (_target, field): Probe => ({ field: String(field), amount: 1n, currency: 'XTS' }) });

function readLeg(type: EventType, transfer: unknown): Leg {
  // A transfer made of probes: where types say money or text there is a probe, or '' for an account without an owner.
  const { debit, credit, amount } = transfer as Record<'debit' | 'credit', ProbedAccount> & { amount: unknown };
  if (!isProbe(amount)) throw new Error(`${type}: an amount is not a field of the event but computed by the posting`);
  return { amountField: amount.field, debit: readSide(type, debit), credit: readSide(type, credit) };
}

interface ProbedAccount {
  readonly name: AccountName;
  readonly owner: unknown;
}

function readSide(type: EventType, side: ProbedAccount): LegSide {
  if (isProbe(side)) return { account: `{${side.field}}`, ownerField: null };
  const { name, owner } = side;
  if (isProbe(owner)) return { account: name, ownerField: owner.field };
  if (owner !== '') throw new Error(`${type}: the owner of ${name} is neither a field of the event nor empty`);
  return { account: name, ownerField: null };
}

const isProbe = (value: unknown): value is Probe => typeof value === 'object' && value !== null && 'field' in value;

/** `held:{order}`, or the bare name of an account without an owner. */
export const showSide = ({ account, ownerField }: LegSide): string =>
  ownerField === null ? account : `${account}:{${ownerField}}`;
