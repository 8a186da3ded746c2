/** Network operations without an outcome, over HTTP: whose they are, and closing one by hand with evidence. */
import { Type } from 'typebox';
import { addMs } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { openOperations, type Payment, resolveByHand } from '../../payments/index.ts';
import { OperationAnswer, PaymentAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { viewOperation, viewPayment } from './views.ts';

export function operationRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.get(
    '/v1/operations',
    {
      onRequest: operator,
      schema: {
        summary: 'Network operations without an outcome, older than the stated age',
        tags: ['operations'],
        response: answers(200, 'Operations with their owner', pageAnswer(OperationAnswer)),
        querystring: Type.Object(
          { olderThanMinutes: Type.Optional(Type.String({ pattern: '^[0-9]{1,6}$' })) },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query }) => {
      const minutes = query.olderThanMinutes === undefined ? app.unknownAgeMinutes : Number(query.olderThanMinutes);
      const rows = await openOperations(app.journal.db, addMs(app.clock.now(), -minutes * 60_000));
      return toPlain({
        data: rows.map((row) => ({ ...viewOperation(row), owner: 'payment operations', marketplace: row.marketplace })),
        next: null,
      });
    },
  );
  server.post(
    '/v1/operations/:id/resolve',
    {
      onRequest: operator,
      schema: {
        summary: 'Close an operation by hand, with evidence',
        tags: ['operations'],
        params: params('opn'),
        headers: idempotent,
        response: answers(200, 'The payment', PaymentAnswer),
        body: body({
          outcome: Type.Union([Type.Literal('approved'), Type.Literal('declined')]),
          evidence: Text(200),
          reason: Text(500),
        }),
      },
    },
    async (request, reply) => {
      const input = { operation: request.params.id as Id<'opn'>, ...request.body, who: request.caller.key.id };
      const command = optionalCommand(request, 'resolve_operation', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const named = command.value === undefined ? {} : { command: command.value };
      const result = await resolveByHand(app.payments, { ...input, ...named });
      return sendOutcome(app, reply, command.value, result, {
        stored: (kept) => kept as Payment,
        view: viewPayment,
      });
    },
  );
}
