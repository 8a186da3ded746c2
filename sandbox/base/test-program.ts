/** What tests of a network in their own process share: business time that the test sets, and the admin API. */
import { instant } from '../../src/base/clock.ts';
import type { makeAgenda } from './agenda.ts';
import type { BusinessTime } from './business-time.ts';
import type { Body } from './test-hub.ts';

type Agenda = ReturnType<typeof makeAgenda>;

export interface TestTime extends BusinessTime {
  /** Step by step: what is due becomes due at its own time. */
  advance(agenda: Agenda, byMs: number): Promise<void>;
}

/** Begins on a Monday, 2026-01-05T09:00Z. */
export function testTime(): TestTime {
  let nowMs = Date.parse('2026-01-05T09:00:00.000Z');
  return {
    now: () => instant(nowMs),
    nowMs: () => nowMs,
    adopt: () => undefined,
    advance: async (agenda, byMs) => {
      const end = nowMs + byMs;
      for (
        let next = agenda.status().nextDue;
        next !== null && Date.parse(next) <= end;
        next = agenda.status().nextDue
      ) {
        nowMs = Math.max(nowMs, Date.parse(next));
        await agenda.drain();
      }
      nowMs = end;
    },
  };
}

export type Admin = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Body }>;

/** `path` without `/_sandbox/`. An answer without a body is `{}`. */
export const adminOf =
  (url: string): Admin =>
  async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/_sandbox/${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
  };
