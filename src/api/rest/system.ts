/** The event feed, the state of the installation, and jobs that gave up. */
import { Type } from 'typebox';
import { toPlain } from '../../base/json.ts';
import { deadJobs, queueFigures, restartJob } from '../../jobs/index.ts';
import { eventsAfter, headSeq } from '../../journal/index.ts';
import { EventAnswer, JobAnswer, pageAnswer, RestartAnswer, SystemAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, body } from '../schemas.ts';
import type { Routes } from './routes.ts';

export function systemRoutes(server: Routes, app: App): void {
  for (const route of [events, state, deadJobList, restart]) route(server, app);
}

function events(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/events',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'The journal after a seq: gapless, in order',
        tags: ['events'],
        response: answers(200, 'Events', pageAnswer(EventAnswer)),
        querystring: Type.Object(
          {
            after: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })),
            limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2}|1000)$' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query }) => {
      const events = await eventsAfter(db, BigInt(query.after ?? '0'), Number(query.limit ?? '100'));
      return toPlain({ data: events, next: events.at(-1)?.seq ?? null });
    },
  );
}

function state(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/system',
    {
      onRequest: requires(app, 'reports'),
      schema: {
        summary: 'State of the installation',
        tags: ['system'],
        response: answers(200, 'Version, clock, journal, jobs', SystemAnswer),
      },
    },
    async () => {
      const now = app.clock.now();
      const [seq, jobs] = await Promise.all([headSeq(db), queueFigures(db, now)]);
      return toPlain({
        version: app.version,
        sandbox: app.sandbox,
        now,
        journal: { seq },
        jobs,
        addresses: { vault: app.vaultUrl, docs: '/docs' },
      });
    },
  );
}

function deadJobList(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/jobs/dead',
    {
      onRequest: requires(app, 'operator'),
      schema: { summary: 'Jobs that gave up', tags: ['system'], response: answers(200, 'Jobs', pageAnswer(JobAnswer)) },
    },
    async () => ({ data: await deadJobs(db, 100), next: null }),
  );
}

function restart(server: Routes, app: App): void {
  const { db } = app.journal;
  server.post(
    '/v1/jobs/:id/restart',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Put a dead job back',
        tags: ['system'],
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
        body: body({}),
        response: answers(200, 'Restarted', RestartAnswer),
      },
    },
    async (request, reply) =>
      (await restartJob(db, request.params.id))
        ? { restarted: true }
        : sendProblem(reply, { code: 'not_found', detail: 'no such dead job' }),
  );
}
