/** Reading the journal by seq: gapless and totally ordered, so a reader that remembers one number misses nothing. */

import type { Instant } from '../base/clock.ts';
import { type IdPrefix, idFromUuid, uuidOf } from '../base/ids.ts';
import { fromJson } from '../base/json.ts';
import type { Queryable } from '../db/pool.ts';
import type { EventType, RecordedEvent } from '../ledger/events.ts';
import { JOURNAL_ID } from './batch.ts';

interface RawEvent {
  readonly seq: bigint;
  readonly type: EventType;
  readonly prefix: IdPrefix;
  readonly subject: string;
  readonly version: number;
  readonly at: Instant;
  readonly data: string;
}

const COLUMNS = 'seq, type, prefix, subject, version, at, data';

/** Up to `limit` events after `after`, in order; of these types only, when there are any. */
export async function eventsAfter(
  db: Queryable,
  after: bigint,
  limit: number,
  types: readonly EventType[] = [],
): Promise<readonly RecordedEvent[]> {
  const { rows } = await db.query<RawEvent>(
    `select ${COLUMNS} from journal_events where journal_id = $1 and seq > $2
      ${types.length === 0 ? '' : 'and type = any ($4)'} order by seq limit $3`,
    [JOURNAL_ID, after, limit, ...(types.length === 0 ? [] : [types])],
  );
  return rows.map(decode);
}

/** All events about the given subjects, in order. */
export async function eventsOf(db: Queryable, subjects: readonly string[]): Promise<readonly RecordedEvent[]> {
  const { rows } = await db.query<RawEvent>(
    `select ${COLUMNS} from journal_events where journal_id = $1 and subject = any ($2::uuid[]) order by seq`,
    [JOURNAL_ID, subjects.map(uuidOf)],
  );
  return rows.map(decode);
}

/** The last seq given. */
export async function headSeq(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ seq: bigint }>('select seq from journal_head where journal_id = $1', [JOURNAL_ID]);
  return (rows[0] as { seq: bigint }).seq;
}

const decode = (raw: RawEvent): RecordedEvent => ({
  seq: raw.seq,
  type: raw.type,
  subject: idFromUuid(raw.prefix, raw.subject),
  version: raw.version,
  at: raw.at,
  data: fromJson(raw.data),
});
