/**
 * The vault's keys over HTTP, for the operator: what there is, rotation, and throwing an old key-encryption key away. The
 * vault does it; this process only asks, with a secret that no operator handles. Who asked stands in the log.
 */
import { Type } from 'typebox';
import { NetworkFault } from '../../connectors/ports/network-http.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, body } from '../schemas.ts';
import { KeyRemovedAnswer, KeyReportAnswer, KeyRotationAnswer } from '../vault-key-answers.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

/** The vault's own, or whatever a KMS calls its keys. */
const RootKeyId = Type.String({ minLength: 1, maxLength: 200, pattern: '^[!-~]+$' });

export function vaultKeyRoutes(server: Routes, app: App): void {
  for (const route of [report, rotate, remove]) route(server, app);
}

function report(server: Routes, app: App): void {
  server.get(
    '/v1/vault/keys',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'The vault’s keys: ids, ages, what is under each',
        tags: ['system'],
        response: answers(200, 'The keys', KeyReportAnswer),
      },
    },
    async () => app.vaultKeys.report(),
  );
}

function rotate(server: Routes, app: App): void {
  server.post(
    '/v1/vault/keys/rotate',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Rotate the vault’s data key or key-encryption key; asked again after a break it goes on',
        tags: ['system'],
        body: body({ what: Type.Union([Type.Literal('data'), Type.Literal('root')]) }),
        response: answers(200, 'What was rotated', KeyRotationAnswer),
      },
    },
    async (request, reply) => {
      const { what } = request.body;
      app.log.info({ what, apiKey: request.caller.key.id }, 'vault keys are being rotated');
      try {
        if (what === 'data') return { what, dataKey: await app.vaultKeys.rotateData() };
        return { what, ...(await app.vaultKeys.rotateRoot()) };
      } catch (error) {
        if (!(error instanceof NetworkFault) || error.reached === 'no') throw error;
        const detail =
          'the vault has not answered; the rotation may have begun. Ask again: it goes on where it stopped';
        return sendProblem(reply, { code: 'unavailable', detail });
      }
    },
  );
}

function remove(server: Routes, app: App): void {
  server.post(
    '/v1/vault/keys/remove',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Throw an old key-encryption key away',
        tags: ['system'],
        body: body({ rootKey: RootKeyId }),
        response: answers(200, 'It is gone', KeyRemovedAnswer),
      },
    },
    async (request, reply) => {
      const { rootKey: id } = request.body;
      const outcome = await app.vaultKeys.removeRoot(id);
      if (outcome === 'unknown_key') return sendProblem(reply, notFound('key'));
      if (outcome === 'key_in_use')
        return sendProblem(reply, {
          code: 'key_in_use',
          detail: 'it is current, or a data key is still wrapped by it',
        });
      app.log.info(
        { rootKey: id, apiKey: request.caller.key.id },
        'an old key-encryption key of the vault was removed',
      );
      return { removed: true };
    },
  );
}
