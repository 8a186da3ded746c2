/**
 * Files of clearing and settlement, as participants fetch them: a folder for each participant and day of making. With the operator's
 * key, and not part of the described API: paths are as by SFTP (docs/clearing.md). AMS signatures are of posts and do not fit a GET, so an operator hands files on or reads them for its participants.
 */
import { Type } from 'typebox';
import { toPlain } from '../../base/json.ts';
import { filesIn, readFile } from '../../wallets/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { viewFile } from './clearing-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const folder = {
  area: Type.Union([Type.Literal('clearing'), Type.Literal('settlement')]),
  participantId: Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' }),
  date: Type.String({ pattern: '^\\d{8}$', description: 'when they were made, in UTC+8' }),
};

export function clearingFileRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/settlements/:area/:participantId/:date',
    {
      onRequest: requires(app, 'operator'),
      schema: { hide: true, params: Type.Object(folder) },
    },
    async ({ params: { area, participantId, date } }) =>
      toPlain({ data: (await filesIn(db, `${area}/${participantId}/${date}`)).map(viewFile) }),
  );
  server.get(
    '/v1/settlements/:area/:participantId/:date/:name',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        hide: true,
        params: Type.Object({ ...folder, name: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,200}$' }) }),
      },
    },
    async ({ params: { area, participantId, date, name } }, reply) => {
      const found = await readFile(db, `${area}/${participantId}/${date}/${name}`);
      if (found === null) return sendProblem(reply, notFound('file'));
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('etag', `"${found.file.sha256}"`)
        .send(found.bytes.toString('utf8'));
    },
  );
}
