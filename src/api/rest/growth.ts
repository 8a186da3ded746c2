/** Growth of the hub's business over HTTP, for the operator: of some days, or of a season against the same one a year before. */
import { Type } from 'typebox';
import { type Day, parseInstant } from '../../base/clock.ts';
import { toPlain } from '../../base/json.ts';
import { money } from '../../base/money.ts';
import { readGrowth, SEASONS, type SeasonKey } from '../../reporting/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { GrowthAnswer } from '../clearing-answers.ts';
import { sendProblem } from '../problems.ts';
import { answers } from '../schemas.ts';
import type { Routes } from './routes.ts';

const DayText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'in UTC+8, inclusive' });

export function growthRoutes(server: Routes, app: App): void {
  server.get(
    '/v1/growth',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Reach and growth: give from and to, or holiday and year',
        tags: ['reporting'],
        querystring: Type.Object(
          {
            from: Type.Optional(DayText),
            to: Type.Optional(DayText),
            holiday: Type.Optional(
              Type.String({ pattern: '^[a-z_]{1,40}$', description: Object.keys(SEASONS).join(', ') }),
            ),
            year: Type.Optional(Type.String({ pattern: '^\\d{4}$' })),
            touristSpend: Type.Optional(
              Type.String({
                pattern: '^[0-9]{1,18}$',
                description: 'of all tourists, minor units of the reporting currency',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: answers(200, 'The figures', GrowthAnswer),
      },
    },
    async ({ query }, reply) => {
      const asked = periodOf(query);
      if (asked === null)
        return sendProblem(reply, {
          code: 'invalid_request',
          detail: 'give from and to in order, or a known holiday and a year',
        });
      const { touristSpend } = query;
      const total = touristSpend === undefined ? null : money(BigInt(touristSpend), app.fx.reporting);
      const growth = await readGrowth(app.fx, { ...asked, touristSpend: total });
      if (growth === null)
        return sendProblem(reply, { code: 'not_found', detail: 'the days of that holiday are not known' });
      return toPlain(growth);
    },
  );
}

interface Query {
  readonly from?: string;
  readonly to?: string;
  readonly holiday?: string;
  readonly year?: string;
}

function periodOf({ from, to, holiday, year }: Query) {
  if (holiday !== undefined && year !== undefined && Object.hasOwn(SEASONS, holiday))
    return { season: holiday as SeasonKey, year: Number(year) };
  if (from === undefined || to === undefined || from > to || !isDay(from) || !isDay(to)) return null;
  return { from: from as Day, to: to as Day };
}

const isDay = (text: string): boolean => parseInstant(`${text}T00:00:00Z`) !== null;
