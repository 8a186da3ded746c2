/** The console's session: sign in with an API key, once; the browser then holds a cookie it cannot read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { findApiKey, findMarketplace } from '../../parties/index.ts';
import type { App } from '../app.ts';
import { closeSession, identify, openSession, SESSION_COOKIE } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { body } from '../schemas.ts';
import type { Routes } from './routes.ts';

/** The console's own header: a form of another site cannot send it. */
async function fromConsole(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (request.headers['x-causeway-console'] === '1') return undefined;
  return sendProblem(reply, { code: 'unauthenticated', detail: 'a change from the browser needs the console header' });
}

export function sessionRoutes(server: Routes, app: App): void {
  server.post(
    '/console/session',
    {
      onRequest: fromConsole,
      schema: { hide: true, body: body({ key: Type.String({ minLength: 1, maxLength: 200 }) }) },
    },
    async (request, reply) => {
      const key = await findApiKey(app.journal.db, request.body.key);
      if (key === null) return sendProblem(reply, { code: 'unauthenticated', detail: 'this key is not valid' });
      const { token, maxAgeS } = await openSession(app.journal.db, key);
      return reply
        .setCookie(SESSION_COOKIE, token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: maxAgeS,
        })
        .code(204)
        .send();
    },
  );
  server.delete('/console/session', { onRequest: fromConsole, schema: { hide: true } }, async (request, reply) => {
    const token = request.cookies[SESSION_COOKIE];
    if (token !== undefined) await closeSession(app.journal.db, token);
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send();
  });
  server.get('/console/session', { schema: { hide: true } }, async (request, reply) => {
    const caller = await identify(app, request);
    if (!caller.ok) return sendProblem(reply, caller.error);
    const { key, marketplace } = caller.value;
    const row = marketplace === null ? null : await findMarketplace(app.journal.db, marketplace);
    return {
      role: marketplace === null ? 'operator' : 'marketplace',
      ...(row === null ? {} : { marketplace: { id: row.id, name: row.name } }),
      scopes: key.scopes,
      sandbox: app.sandbox,
      now: app.clock.now(),
      reportZone: 'UTC',
      // What an issuer asks about a cardholder's browser and a page cannot know of itself (EMV 3-D Secure).
      browser: {
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
        acceptHeader: request.headers.accept ?? '',
      },
    };
  });
}
