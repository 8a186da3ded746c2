/**
 * What networks send us: stored raw, deduplicated, acknowledged; a job confirms it by inquiry. A notification is believed in
 * nothing but that there is something to ask about.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Id } from '../../base/ids.ts';
import { observeDispute } from '../../disputes/index.ts';
import { FINISHED, type JobHandlers } from '../../jobs/index.ts';
import { loadInbound, storeInbound } from '../../network-log/index.ts';
import { confirmByInquiry } from '../../payments/index.ts';
import type { App } from '../app.ts';
import { sendProblem } from '../problems.ts';
import type { Routes } from './routes.ts';

const CONFIRM_JOB = 'payments.confirm_notification';

export function inboundRoutes(server: Routes, app: App): void {
  server.register(async (scope) => {
    // The bytes are kept as they came; parsing is the connector's.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 64 * 1024 }, (_request, bytes, done) =>
      done(null, bytes),
    );
    scope.post<{ Params: { merchantId: string } }>(
      '/v1/inbound/acquirer/:merchantId',
      { schema: { hide: true } },
      async (request, reply) => {
        if (!sameSecret(request.headers.authorization ?? '', `Bearer ${app.callbackToken}`)) {
          return sendProblem(reply, { code: 'unauthenticated', detail: 'not from the acquirer' });
        }
        const bytes = request.body as Buffer;
        const account = app.payments.accounts.all.find(({ merchantId }) => merchantId === request.params.merchantId);
        if (account === undefined) return sendProblem(reply, { code: 'not_found', detail: 'no account of ours' });
        let messageId: string;
        try {
          messageId = account.acquirer.parseNotification(bytes).notificationId;
        } catch (error) {
          return sendProblem(reply, { code: 'invalid_request', detail: (error as Error).message });
        }
        const stored = await storeInbound(
          app.journal.db,
          { network: account.id, messageId, kind: 'notification', bytes },
          { kind: CONFIRM_JOB, due: app.clock.now() },
        );
        return reply.code(200).send({ received: true, repeated: stored === null });
      },
    );
  });
}

export function inboundJobs(app: App): JobHandlers {
  return {
    [CONFIRM_JOB]: async (job) => {
      const message = await loadInbound(app.journal.db, job.subject as Id<'inb'>);
      if (message === null) return FINISHED;
      const network = message.network as Id<'net'>;
      const { reference, dispute } = app.payments.accounts.of(network).acquirer.parseNotification(message.bytes);
      if (dispute !== undefined) await observeDispute(app.disputes.of(network), dispute);
      else if (reference !== undefined) await confirmByInquiry(app.payments, reference);
      return FINISHED;
    },
  };
}

function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
