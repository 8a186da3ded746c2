/**
 * Back-pressure: beyond a number of requests in flight the next one is told `busy` (503 with Retry-After) before anything
 * is read or done for it, so that memory stays bounded and those inside keep their pace. /health is always answered.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problems.ts';

/** `otherWords`: how those are told who do not read problems; null for the others. */
export function limitRequests(
  server: FastifyInstance,
  limit: number,
  otherWords: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | null = () => null,
): void {
  let inFlight = 0;
  server.addHook('onRequest', async (request, reply) => {
    if (request.url === '/health') return;
    if (inFlight >= limit)
      return (
        otherWords(request, reply) ??
        sendProblem(reply, { code: 'busy', detail: 'too many requests at once; try again' })
      );
    inFlight += 1;
    // Also when the client hangs up before the answer.
    reply.raw.once('close', () => {
      inFlight -= 1;
    });
  });
}
