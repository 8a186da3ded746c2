/** The console's pages: static files built from web/, one page for every path under /console, and a strict content policy. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app.ts';
import { PROBLEMS, sendProblem } from '../problems.ts';
import type { Routes } from '../rest/routes.ts';

const DIST = join(import.meta.dirname, '../../../web/dist');

export async function servePages(server: Routes, app: App): Promise<void> {
  server.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/console/'));
  server.get('/problems/:code', { schema: { hide: true } }, async (request, reply) => {
    const { code } = request.params as { code: string };
    if (!Object.hasOwn(PROBLEMS, code)) return sendProblem(reply, { code: 'not_found', detail: 'no such problem' });
    return { code, ...PROBLEMS[code as keyof typeof PROBLEMS] };
  });
  if (!existsSync(join(DIST, 'index.html'))) {
    server.get('/console/*', { schema: { hide: true } }, async (_request, reply) =>
      reply.code(503).type('text/plain').send('the console has not been built'),
    );
    return;
  }
  const vault = new URL(app.vaultUrl).origin;
  const policy = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src ${vault}; frame-ancestors 'none'; base-uri 'none'`;
  await server.register(fastifyStatic, {
    root: DIST,
    prefix: '/console/',
    wildcard: false,
    index: false,
    setHeaders: (reply) => void reply.header('content-security-policy', policy),
  });
  const page = async (_request: unknown, reply: { sendFile(name: string): unknown }): Promise<unknown> =>
    reply.sendFile('index.html');
  server.get('/console/', { schema: { hide: true } }, page);
  server.get('/console/*', { schema: { hide: true } }, page);
}
