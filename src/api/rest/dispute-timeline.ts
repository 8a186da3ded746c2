/** What happened in a dispute, in order, in words: its stages, what the network moved, evidence, answers; and what is due. */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Case } from '../../disputes/index.ts';
import { eventsOf } from '../../journal/index.ts';
import type { RecordedEvent } from '../../ledger/index.ts';

export interface DisputeTimelineItem {
  readonly at: Instant;
  readonly lane: 'case' | 'money';
  readonly kind: 'done' | 'due';
  readonly title: string;
  readonly detail: string;
  readonly seq: bigint | null;
  readonly amount?: Money;
}

type Said = Pick<DisputeTimelineItem, 'lane' | 'title' | 'detail' | 'amount'>;
type Words = (data: Record<string, unknown>) => Said | undefined;

const step = (title: string, detail = ''): Said => ({ lane: 'case', title, detail });
const money = (title: string, detail: string, amount: unknown): Said => ({
  lane: 'money',
  title,
  detail,
  amount: amount as Money,
});
const plain = (name: unknown): string => String(name).replaceAll('_', ' ');

const STATE_WORDS: Readonly<Record<string, string>> = {
  inquiry: 'The bank asks about the payment',
  chargeback: 'Chargeback',
  represented: 'Our challenge is with the bank',
  pre_arbitration: 'Pre-arbitration: the bank did not accept the challenge',
  arbitration: 'Arbitration: the card scheme decides',
  escalation: 'The wallet claims the money',
  won: 'Won',
  lost: 'Lost',
  accepted: 'Closed as accepted',
};
const TURN_WORDS: Readonly<Record<string, string>> = { ours: 'our turn to answer', theirs: 'the bank’s turn' };

/** An event without words here says nothing beside the one it is committed with. */
const WORDS: Partial<Record<RecordedEvent['type'], Words>> = {
  'dispute.opened': (e) => step(`Opened: ${(STATE_WORDS[String(e.state)] ?? plain(e.state)).toLowerCase()}`),
  'dispute.moved': (e) => step(STATE_WORDS[String(e.state)] ?? plain(e.state), TURN_WORDS[String(e.turn)]),
  'dispute.evidence_added': (e) => step('Evidence handed in', `document ${String(e.name)}`),
  'dispute.answer_sent': (e) =>
    e.answer === 'accept'
      ? step('Accepted by us', e.stage === 'escalation' ? 'the wallet is refunded' : 'the bank closes it')
      : step('Challenged by us', `with ${String(e.documents)} ${e.documents === 1 ? 'document' : 'documents'}`),
  'dispute.answered': (e) =>
    step(
      e.outcome === 'taken'
        ? 'The network took our answer'
        : e.outcome === 'refused'
          ? 'The network refused our answer'
          : 'We are checking with the network whether it took our answer',
      String(e.code ?? ''),
    ),
  // How it ended is said by the move that ended it.
  'dispute.ended': (e) => (e.expired === true ? step('Nobody answered in time') : undefined),
  'chargeback.debited': (e) => money('Taken by the network', 'frozen from the seller’s side', e.amount),
  'chargeback.debited_again': (e) => money('Taken again by the network', '', e.amount),
  'chargeback.credited_back': (e) => money('Given back for the time being', 'until the bank has decided', e.amount),
  'chargeback.fee_charged': (e) => money('Fee of the network', 'the operator’s', e.amount),
  'chargeback.won': (e) => money('Back from the network', 'and unfrozen', e.credited),
  'chargeback.lost': (e) => money('Borne by the seller’s side', 'what was frozen is gone', e.covered),
};

export async function disputeTimeline(db: Queryable, row: Case): Promise<readonly DisputeTimelineItem[]> {
  const events = await eventsOf(db, [row.id]);
  const done = events.flatMap((event): DisputeTimelineItem[] => {
    const words = WORDS[event.type]?.(event.data as Record<string, unknown>);
    return words === undefined ? [] : [{ at: event.at, kind: 'done', seq: event.seq, ...words }];
  });
  if (row.turn !== 'ours' || row.respondBy === null) return done;
  const due = { ...step('Answer due', 'unanswered by then, it is lost'), seq: null } as const;
  return [...done, { at: row.respondBy, kind: 'due', ...due }];
}
