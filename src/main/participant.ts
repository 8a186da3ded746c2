/** This process as a participant of the sandbox clock: adopts pushed time, and says whether anything is due or being done. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from '../db/pool.ts';
import { nextDue, type Worker } from '../jobs/index.ts';
import type { ClockSource } from './clock-source.ts';

export interface Participant {
  readonly source: ClockSource;
  readonly worker: Worker | null;
  readonly db: Pool;
}

export function clockParticipant(server: FastifyInstance, { source, worker, db }: Participant): void {
  const openRequests = countOpenRequests(server);
  server.post('/_sandbox/clock', { schema: { hide: true } }, async (request) => {
    source.adopt((request.body as { offsetMs: number }).offsetMs);
    worker?.wake();
    return { now: source.clock.now() };
  });
  server.get('/_sandbox/clock', { schema: { hide: true } }, async () => {
    const now = source.clock.now();
    const due = await nextDue(db);
    const busy = (due !== null && due <= now) || worker?.idle() === false || openRequests() > 0;
    if (busy) worker?.wake();
    return { idle: !busy, nextDue: busy ? null : due };
  });
}

/**
 * Requests that change something and are not answered yet. A network may be working on one of them: were time to jump now,
 * its resume job would ask before the network's own deadline has passed, and believe a "not found" too early.
 */
function countOpenRequests(server: FastifyInstance): () => number {
  const open = new Set<string>();
  server.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && request.url.startsWith('/v1/')) open.add(request.id);
  });
  const close = async (request: { id: string }): Promise<void> => void open.delete(request.id);
  server.addHook('onResponse', close);
  return () => open.size;
}
