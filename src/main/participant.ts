/** This process as a participant of the sandbox clock: adopts pushed time, and says whether anything is due or being done. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from '../db/pool.ts';
import { nextDue, type Worker } from '../jobs/index.ts';
import type { InFlight } from '../payments/index.ts';
import type { ClockSource } from './clock-source.ts';

export interface Participant {
  readonly source: ClockSource;
  readonly worker: Worker | null;
  readonly db: Pool;
  /** Payments that a network is working on: were time to jump now, their resume jobs would ask too early. */
  readonly inFlight: InFlight;
  /** Whether the journal has something that this process still has to tell of. */
  readonly unread: () => Promise<boolean>;
}

export function clockParticipant(server: FastifyInstance, { source, worker, db, inFlight, unread }: Participant): void {
  const status = async () => {
    const now = source.clock.now();
    const due = await nextDue(db);
    const busy = (due !== null && due <= now) || worker?.idle() === false || inFlight.count() > 0 || (await unread());
    if (busy) worker?.wake();
    return { now, idle: !busy, nextDue: busy ? null : due };
  };
  server.post('/_sandbox/clock', { schema: { hide: true } }, async (request) => {
    source.adopt((request.body as { offsetMs: number }).offsetMs);
    worker?.wake();
    return status();
  });
  server.get('/_sandbox/clock', { schema: { hide: true } }, status);
}
