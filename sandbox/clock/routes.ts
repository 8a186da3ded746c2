/** The clock's HTTP face. One advance at a time; a target in the past or more than 400 days ahead is refused. */
import { MS_PER_DAY, msOf, parseInstant } from '../../src/base/clock.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import { type AdvanceLimits, advance, DEFAULT_LIMITS } from './advance.ts';
import type { ClockState } from './clock-state.ts';

const MAX_ADVANCE_MS = 400 * MS_PER_DAY;

export function clockRoutes(state: ClockState, limits: AdvanceLimits = DEFAULT_LIMITS): readonly Route[] {
  let advancing = false;
  const now = () => ({ now: state.now(), offsetMs: state.offsetMs() });
  const onAdvance = async (request: Request): Promise<Reply> => {
    const target = parseTarget(request, msOf(state.now()));
    if (typeof target === 'string') return problem(422, 'invalid_target', target);
    if (advancing) return problem(409, 'advance_running', 'another advance is running');
    advancing = true;
    try {
      const outcome = await advance(state, target, limits);
      if (!outcome.done) return problem(504, 'participant_busy', `not idle in time: ${outcome.busy.join(', ')}`);
      return json(200, { now: outcome.now, steps: outcome.steps, skipped: outcome.skipped });
    } finally {
      advancing = false;
    }
  };
  return [
    { method: 'GET', pattern: '/now', handle: () => json(200, now()) },
    { method: 'GET', pattern: '/participants', handle: () => json(200, list(state)) },
    { method: 'POST', pattern: '/participants', handle: (request) => join(state, request) },
    { method: 'DELETE', pattern: '/participants/:name', handle: (request) => leave(state, request) },
    { method: 'POST', pattern: '/advance', handle: onAdvance },
  ];
}

const list = (state: ClockState) => ({ participants: state.participants().map(({ name, url }) => ({ name, url })) });

function join(state: ClockState, request: Request): Reply {
  const body = bodyObject(request);
  const { name, url } = { name: body?.name, url: body?.url };
  if (typeof name !== 'string' || name === '' || typeof url !== 'string' || !/^https?:\/\//.test(url)) {
    return problem(422, 'invalid_participant', 'name and an http url are needed');
  }
  state.join(name, url);
  return { status: 204 };
}

function leave(state: ClockState, request: Request): Reply {
  state.leave(request.params.name ?? '');
  return { status: 204 };
}

/** Milliseconds since 1970 to go to, or why not. */
function parseTarget(request: Request, nowMs: number): number | string {
  const body = bodyObject(request);
  const byMs = body?.byMs;
  const to = parseInstant(body?.to);
  if ((byMs === undefined) === (to === null)) return 'give either byMs (whole milliseconds) or to (an instant in UTC)';
  const target = to === null ? nowMs + Number(byMs) : msOf(to);
  if (!Number.isSafeInteger(target)) return 'byMs must be a whole number of milliseconds';
  if (target < nowMs) return 'business time never goes backwards';
  if (target > nowMs + MAX_ADVANCE_MS) return 'at most 400 days at a time';
  return target;
}
