/** All SQL of participants of the hub. */
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Participant, participants } from './participant.ts';

export const loadParticipant = (db: Queryable, id: Id<'ptc'>): Promise<Participant | null> =>
  loadRow(db, participants, id);

/** By the name it signs with. */
export async function findParticipant(db: Queryable, participantId: string): Promise<Participant | null> {
  return (await findRows(db, participants, 'participant_id = $1', [participantId]))[0] ?? null;
}

/** Oldest first. */
export const listParticipants = (db: Queryable): Promise<readonly Participant[]> =>
  findRows(db, participants, 'true order by id', []);
