/**
 * How states are named and coloured. A colour always means the same: grey is over or not begun, amber waits for someone,
 * blue is under way, green has arrived, red needs a person. A state the console does not know is shown as it is, in grey.
 */
export type Tone = 'quiet' | 'waiting' | 'active' | 'good' | 'bad';
interface StateLook {
  readonly label: string;
  readonly tone: Tone;
}

export const ORDER_STATES: Readonly<Record<string, StateLook>> = {
  awaiting_payment: { label: 'Awaiting payment', tone: 'waiting' },
  part_paid: { label: 'Part paid', tone: 'waiting' },
  paid: { label: 'Paid', tone: 'active' },
  shipped: { label: 'Shipped', tone: 'active' },
  received: { label: 'Received', tone: 'active' },
  released: { label: 'Released', tone: 'good' },
  canceled: { label: 'Canceled', tone: 'quiet' },
  refunded: { label: 'Refunded', tone: 'quiet' },
};
export const PAYOUT_STATES: Readonly<Record<string, StateLook>> = {
  initiated: { label: 'Initiated', tone: 'active' },
  awaiting_funds: { label: 'Awaiting funds', tone: 'waiting' },
  filed: { label: 'Filed with the bank', tone: 'active' },
  paid: { label: 'Paid', tone: 'good' },
  returned: { label: 'Returned', tone: 'bad' },
  rejected: { label: 'Rejected', tone: 'bad' },
  canceled: { label: 'Canceled', tone: 'quiet' },
};
export const DISPUTE_STATES: Readonly<Record<string, StateLook>> = {
  inquiry: { label: 'Inquiry', tone: 'waiting' },
  chargeback: { label: 'Chargeback', tone: 'waiting' },
  represented: { label: 'Challenged', tone: 'active' },
  pre_arbitration: { label: 'Pre-arbitration', tone: 'waiting' },
  arbitration: { label: 'Arbitration', tone: 'active' },
  escalation: { label: 'Claimed by the wallet', tone: 'waiting' },
  won: { label: 'Won', tone: 'good' },
  lost: { label: 'Lost', tone: 'bad' },
  accepted: { label: 'Accepted', tone: 'quiet' },
};
export const SHOP_PAYMENT_STATES: Readonly<Record<string, StateLook>> = {
  waiting: { label: 'Code shown', tone: 'waiting' },
  in_process: { label: 'With the wallet', tone: 'active' },
  paid: { label: 'Paid', tone: 'good' },
  canceling: { label: 'Being canceled', tone: 'active' },
  canceled: { label: 'Canceled', tone: 'quiet' },
  failed: { label: 'Refused', tone: 'bad' },
  closed: { label: 'Not paid in time', tone: 'quiet' },
};
/** Where a wallet can be used. */
const COVERAGE_STATES: Readonly<Record<string, StateLook>> = {
  live: { label: 'live', tone: 'good' },
  pilot: { label: 'pilot', tone: 'active' },
  paused: { label: 'paused', tone: 'waiting' },
};
const OTHER_STATES: Readonly<Record<string, StateLook>> = {
  paid: { label: 'Paid', tone: 'good' },
  due: { label: 'Due', tone: 'waiting' },
  processing: { label: 'Processing', tone: 'active' },
  sent: { label: 'Sent', tone: 'active' },
  pending: { label: 'Pending', tone: 'active' },
  initiated: { label: 'Initiated', tone: 'active' },
  approved: { label: 'Approved', tone: 'good' },
  confirmed: { label: 'Confirmed', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  rejected: { label: 'Rejected', tone: 'bad' },
  authorized: { label: 'Authorized', tone: 'active' },
  authenticating: { label: 'With the cardholder', tone: 'waiting' },
  part_captured: { label: 'Part captured', tone: 'active' },
  captured: { label: 'Captured', tone: 'good' },
  expired: { label: 'Expired', tone: 'quiet' },
  canceled: { label: 'Canceled', tone: 'quiet' },
  taken: { label: 'Taken by the network', tone: 'good' },
  refused: { label: 'Refused by the network', tone: 'bad' },
  declined: { label: 'Declined', tone: 'bad' },
  // Nobody knows yet, which is not a failure.
  unknown: { label: 'Checking with the bank', tone: 'waiting' },
  active: { label: 'Active', tone: 'good' },
  refunded: { label: 'Refunded', tone: 'good' },
  acknowledged: { label: 'Acknowledged', tone: 'good' },
  given_up: { label: 'Given up', tone: 'bad' },
  blocked: { label: 'Payouts blocked', tone: 'bad' },
};

export type StateKind = 'order' | 'payout' | 'dispute' | 'shop-payment' | 'coverage' | 'other';

const TABLES: Readonly<Record<StateKind, Readonly<Record<string, StateLook>>>> = {
  order: ORDER_STATES,
  payout: PAYOUT_STATES,
  dispute: DISPUTE_STATES,
  'shop-payment': SHOP_PAYMENT_STATES,
  coverage: COVERAGE_STATES,
  other: OTHER_STATES,
};

/** The look of a state of an order, a payout, a dispute or anything else (`kind`). */
export function lookOf(kind: StateKind, state: string): StateLook {
  return TABLES[kind][state] ?? OTHER_STATES[state] ?? { label: sentence(state), tone: 'quiet' };
}

/** `awaiting_funds` as `Awaiting funds`. */
export const sentence = (name: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
