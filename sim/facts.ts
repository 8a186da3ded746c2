/**
 * The client's own record of what was acknowledged. Every 2xx answer is a promise: what it said must still be true after
 * any kill, cut or lost answer. The auditor holds the tables against this record.
 */
import type { Body } from './moves.ts';

export interface Fact {
  readonly id: string;
  readonly kind: 'order' | 'payment' | 'refund' | 'payout' | 'dispute';
  readonly state: string;
  /** Minor units: captured of a payment, released of an order, amount of a refund, payout or dispute. */
  readonly amount: string;
  readonly label: string;
}

export interface Facts {
  /** Keeps what a 2xx answer acknowledged. */
  acknowledge(label: string, body: Body): void;
  all(): readonly Fact[];
  /** How many keys asked for effects under a subject: `<order>:<instalment>`, payment or seller. */
  intend(subject: string, key: string): void;
  intents(): ReadonlyMap<string, ReadonlySet<string>>;
}

const KINDS = { ord: 'order', pay: 'payment', ref: 'refund', po: 'payout', dsp: 'dispute' } as const;
const AMOUNTS = {
  order: 'released',
  payment: 'captured',
  refund: 'amount',
  payout: 'amount',
  dispute: 'amount',
} as const;

export function keepFacts(): Facts {
  const facts = new Map<string, Fact>();
  const intents = new Map<string, Set<string>>();
  return {
    acknowledge: (label, body) => {
      const id = String(body.id ?? '');
      const kind = KINDS[id.slice(0, id.indexOf('_')) as keyof typeof KINDS];
      if (kind === undefined || typeof body.state !== 'string') return;
      const amount = (body[AMOUNTS[kind]] as { value?: string } | undefined)?.value ?? '0';
      facts.set(`${id} ${body.state}`, { id, kind, state: body.state, amount, label });
    },
    all: () => [...facts.values()],
    intend: (subject, key) => void intents.set(subject, (intents.get(subject) ?? new Set()).add(key)),
    intents: () => intents,
  };
}
