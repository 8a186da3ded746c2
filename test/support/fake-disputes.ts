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

type Action = 'accept' | 'challenge' | 'fulfill';

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
  readonly actions: { readonly kind: Action; readonly reference: string; readonly documents: number }[];
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

/** What the network keeps: disputes, what it holds of each, and the lines of the next report. */
interface Books {
  readonly known: Map<string, NetworkDispute>;
  readonly taken: Map<string, bigint>;
  /** Of actions that were taken: a repeat acts no second time. */
  readonly references: Set<string>;
  lines: {
    readonly dispute: string;
    readonly networkPaymentId: string;
    readonly kind: DisputeMovement['kind'];
    readonly cents: string;
  }[];
}

const find = ({ known }: Books, id: string): NetworkDispute => known.get(id) as NetworkDispute;

function change(books: Books, id: string, changes: Partial<NetworkDispute>): void {
  books.known.set(id, { ...find(books, id), ...changes });
}

function move(books: Books, id: string, kind: DisputeMovement['kind'], cents: bigint): void {
  const { networkPaymentId } = find(books, id);
  books.lines.push({ dispute: id, networkPaymentId, kind, cents: String(cents) });
  if (kind !== 'fee') books.taken.set(id, (books.taken.get(id) ?? 0n) + (kind === 'debit' ? cents : -cents));
}

/** Holds the whole amount. */
function debit(books: Books, id: string): void {
  const missing = find(books, id).amount.amount - (books.taken.get(id) ?? 0n);
  if (missing > 0n) move(books, id, 'debit', missing);
}

/** Holds nothing. */
function credit(books: Books, id: string): void {
  const held = books.taken.get(id) ?? 0n;
  if (held > 0n) move(books, id, 'credit', held);
}

function ask(books: Books, id: string, stage: NetworkDispute['stage'], now: Instant): void {
  change(books, id, { stage, state: 'needs_response', respondBy: addDays(now, DAYS_TO_ANSWER) });
  if (stage !== 'inquiry') debit(books, id);
  if (stage === 'chargeback') move(books, id, 'fee', FEE);
}

function act(fake: FakeDisputes, books: Books, kind: Action, sent: Sent): DisputeActionAnswer {
  const { id, reference } = sent;
  const { stage } = find(books, id);
  if (isWrong(kind, stage)) return { outcome: 'refused', code: 'WRONG_ACTION', message: `${kind} at ${stage}` };
  fake.actions.push({ kind, reference, documents: sent.documents?.length ?? 0 });
  const answer = fake.next.shift() ?? { outcome: 'taken' };
  const acts = answer === 'lost' || answer.outcome === 'taken';
  if (acts && !books.references.has(reference)) {
    books.references.add(reference);
    change(books, id, { state: kind === 'accept' ? 'accepted' : 'under_review', respondBy: null });
    if (kind === 'challenge' && fake.provisionalCredit && find(books, id).stage === 'chargeback') credit(books, id);
  }
  return answer === 'lost' ? { outcome: 'unknown', cause: 'timeout' } : answer;
}

/** A retrieval request is fulfilled, everything else challenged: the other way is refused. */
function isWrong(kind: Action, stage: NetworkDispute['stage']): boolean {
  return (kind === 'fulfill') !== (stage === 'inquiry') && kind !== 'accept';
}

interface Sent {
  readonly id: string;
  readonly reference: string;
  readonly documents?: readonly unknown[];
}

export function fakeDisputes(now: () => Instant): FakeDisputes {
  const books: Books = { known: new Map(), taken: new Map(), references: new Set(), lines: [] };
  const fake: FakeDisputes = {
    provisionalCredit: false,
    next: [],
    actions: [],
    afterGet: null,
    raise: ({ payment, amount, code = '13.1', stage = 'chargeback' }) => {
      const id = `D${books.known.size + 1}-${payment}`;
      const reason = { code, text: `reason ${code}` };
      const facts = { id, networkPaymentId: payment, amount, reason, openedAt: now(), respondBy: null };
      books.known.set(id, { ...facts, stage, state: 'needs_response' });
      ask(books, id, stage, now());
      return id;
    },
    advance: (id, to) => {
      if (to === 'pre_arbitration' || to === 'arbitration' || to === 'chargeback') return ask(books, id, to, now());
      if (to === 'won') credit(books, id);
      else if (find(books, id).stage !== 'inquiry') debit(books, id);
      return change(books, id, { state: to, respondBy: null });
    },
    taken: (id) => books.taken.get(id) ?? 0n,
    report: () => {
      const file = Buffer.from(JSON.stringify(books.lines));
      books.lines = [];
      return file;
    },
    list: async () => [...books.known.values()],
    get: async (id) => {
      const shown = books.known.get(id) ?? null;
      await fake.afterGet?.();
      return shown;
    },
    accept: async (request) => act(fake, books, 'accept', request),
    challenge: async (request) => act(fake, books, 'challenge', request),
    fulfill: async (request) => act(fake, books, 'fulfill', request),
    fetchReport: async (report, day: Day) =>
      report === 'disputes' && books.lines.length > 0 ? { name: `disputes-${day}`, bytes: fake.report() } : null,
    parseDisputeMovements: (bytes) =>
      (JSON.parse(Buffer.from(bytes).toString('utf8')) as Books['lines']).map(({ cents, ...line }) => ({
        ...line,
        amount: money(BigInt(cents), 'USD'),
      })),
  };
  return fake;
}
