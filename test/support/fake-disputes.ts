/**
 * A card network's disputes in memory: raised and moved by the test, answered by the platform. It keeps books of its own and
 * writes a report line for everything it moves, by the rules of docs/sandbox-acquirer.md.
 */
import { addDays, type Day, type Instant } from '../../src/base/clock.ts';
import { type Money, money } from '../../src/base/money.ts';
import type { CardAcquirer, DisputeMovement } from '../../src/connectors/ports/card-acquirer.ts';
import type { CardDisputes, DisputeActionAnswer, NetworkDispute } from '../../src/connectors/ports/card-disputes.ts';

const FEE = 1500n;
const DAYS_TO_ANSWER = 20;

interface Raised {
  readonly payment: string;
  readonly amount: Money;
  readonly code?: string;
  readonly stage?: NetworkDispute['stage'];
}

export interface FakeDisputes extends CardDisputes, Pick<CardAcquirer, 'fetchReport' | 'parseDisputeMovements'> {
  /** Credits back what is challenged, until the outcome. */
  provisionalCredit: boolean;
  /** How the next actions are answered, in order: `taken` acts; `lost` acts and says nothing; the others do not act. */
  readonly next: (DisputeActionAnswer | 'lost')[];
  readonly actions: { readonly kind: 'accept' | 'challenge'; readonly reference: string; readonly documents: number }[];
  /** Runs while a dispute that was shown is on its way to the platform. */
  afterGet: (() => Promise<void>) | null;
  raise(dispute: Raised): string;
  /** Goes on to a stage, or to an outcome. */
  advance(id: string, to: 'pre_arbitration' | 'arbitration' | 'chargeback' | 'won' | 'lost' | 'expired'): void;
  /** What it holds of a dispute now, in cents. */
  taken(id: string): bigint;
  /** The lines since the last report, as the file of a day. */
  report(): Uint8Array;
}

export function fakeDisputes(now: () => Instant): FakeDisputes {
  const known = new Map<string, NetworkDispute>();
  const taken = new Map<string, bigint>();
  const references = new Set<string>();
  let lines: { dispute: string; networkPaymentId: string; kind: DisputeMovement['kind']; cents: string }[] = [];
  let count = 0;

  const find = (id: string): NetworkDispute => known.get(id) as NetworkDispute;
  const change = (id: string, changes: Partial<NetworkDispute>): void =>
    void known.set(id, { ...find(id), ...changes });
  const move = (id: string, kind: DisputeMovement['kind'], cents: bigint): void => {
    const { networkPaymentId } = find(id);
    lines.push({ dispute: id, networkPaymentId, kind, cents: String(cents) });
    if (kind !== 'fee') taken.set(id, (taken.get(id) ?? 0n) + (kind === 'debit' ? cents : -cents));
  };
  const debit = (id: string): void => {
    const missing = find(id).amount.amount - (taken.get(id) ?? 0n);
    if (missing > 0n) move(id, 'debit', missing);
  };
  const asks = (id: string, stage: NetworkDispute['stage']): void => {
    change(id, { stage, state: 'needs_response', respondBy: addDays(now(), DAYS_TO_ANSWER) });
    if (stage !== 'inquiry') debit(id);
    if (stage === 'chargeback') move(id, 'fee', FEE);
  };
  const act = (kind: 'accept' | 'challenge', id: string, reference: string, documents: number): DisputeActionAnswer => {
    fake.actions.push({ kind, reference, documents });
    const answer = fake.next.shift() ?? { outcome: 'taken' };
    const acts = answer === 'lost' || answer.outcome === 'taken';
    if (acts && !references.has(reference)) {
      references.add(reference);
      if (kind === 'accept') change(id, { state: 'accepted', respondBy: null });
      else {
        change(id, { state: 'under_review', respondBy: null });
        const held = taken.get(id) ?? 0n;
        if (fake.provisionalCredit && find(id).stage === 'chargeback' && held > 0n) move(id, 'credit', held);
      }
    }
    return answer === 'lost' ? { outcome: 'unknown', cause: 'timeout' } : answer;
  };

  const fake: FakeDisputes = {
    provisionalCredit: false,
    next: [],
    actions: [],
    afterGet: null,
    raise: ({ payment, amount, code = '13.1', stage = 'chargeback' }) => {
      count += 1;
      const id = `D${count}-${payment}`;
      const reason = { code, text: `reason ${code}` };
      known.set(id, {
        id,
        networkPaymentId: payment,
        stage,
        state: 'needs_response',
        amount,
        reason,
        openedAt: now(),
        respondBy: null,
      });
      asks(id, stage);
      return id;
    },
    advance: (id, to) => {
      if (to === 'pre_arbitration' || to === 'arbitration' || to === 'chargeback') return asks(id, to);
      if (to === 'won' && (taken.get(id) ?? 0n) > 0n) move(id, 'credit', taken.get(id) as bigint);
      if (to !== 'won' && find(id).stage !== 'inquiry') debit(id);
      change(id, { state: to, respondBy: null });
    },
    taken: (id) => taken.get(id) ?? 0n,
    report: () => {
      const file = Buffer.from(JSON.stringify(lines));
      lines = [];
      return file;
    },
    list: async () => [...known.values()],
    get: async (id) => {
      const shown = known.get(id) ?? null;
      await fake.afterGet?.();
      return shown;
    },
    accept: async ({ id, reference }) => act('accept', id, reference, 0),
    challenge: async ({ id, reference, documents }) => act('challenge', id, reference, documents.length),
    fetchReport: async (report, day: Day) =>
      report === 'disputes' && lines.length > 0 ? { name: `disputes-${day}`, bytes: fake.report() } : null,
    parseDisputeMovements: (bytes) =>
      (JSON.parse(Buffer.from(bytes).toString('utf8')) as typeof lines).map(({ cents, ...line }) => ({
        ...line,
        amount: money(BigInt(cents), 'USD'),
      })),
  };
  return fake;
}
