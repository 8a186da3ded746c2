/** Routes of the hub's clearing and its figures, as route-cases.ts has the others: all are the operator's, and read only. */
import type { RouteCase } from './route-cases.ts';

const NONE = '0'.repeat(32);
const scope = 'operator';
const folder = { area: 'clearing', participantId: 'SPARROW1', date: '20260101' };

export const CLEARING_CASES: Readonly<Record<string, RouteCase>> = {
  'GET /v1/clearing/cycles': { scope, paged: true },
  'GET /v1/clearing/cycles/{id}': { scope, own: `cyc_${NONE}` },
  'GET /v1/hub-settlements': { scope, paged: true, badQueries: ['state=lost', 'participantId=-'] },
  'GET /v1/hub-settlements/{id}': { scope, own: `stl_${NONE}` },
  'GET /v1/settlements/{area}/{participantId}/{date}': { scope, rest: folder },
  'GET /v1/settlements/{area}/{participantId}/{date}/{name}': { scope, rest: { ...folder, name: NONE } },
  'GET /v1/growth': {
    ...{ scope, query: 'from=2026-01-01&to=2026-01-07' },
    badQueries: ['from=2026-01-09', 'from=yesterday', 'year=x', 'touristSpend=-1'],
  },
};
