/** Business time moved on: for payouts to be filed, and at the end until nothing that was left behind is waiting. */
import { MS_PER_DAY, monotonicMs, sleep } from '../../src/base/clock.ts';
import type { HttpLine } from './http-line.ts';

const LOOK_MS = 10;
/** Past the moment payouts are gathered into files. */
const FILING_MS = 60_000;
/** Past every deadline of the policy: 60 days to pay, 60 days to automatic receipt. */
const DEADLINES_MS = 61 * MS_PER_DAY;

interface Participant {
  readonly idle: boolean;
  readonly nextDue: string | null;
}

let offsetMs = 0;

/** Payouts go to the bank, then every deadline has its say. Throws when a job gave up or is left over. */
export async function drain(line: HttpLine, key: string): Promise<{ filingSeconds: number; deadlinesSeconds: number }> {
  const began = monotonicMs();
  await untilIdle(line);
  await passFiling(line);
  await untilIdle(line);
  const filed = monotonicMs();
  await pass(line, DEADLINES_MS);
  const state = await untilIdle(line);
  const ended = monotonicMs();
  const { body } = await line.send('GET', '/v1/system', `authorization: Bearer ${key}\r\n`, '');
  const { jobs } = JSON.parse(body) as { jobs: { waiting: number; dead: number } };
  if (state.nextDue !== null || jobs.waiting > 0 || jobs.dead > 0) throw new Error(`jobs are left over: ${body}`);
  return { filingSeconds: (filed - began) / 1000, deadlinesSeconds: (ended - filed) / 1000 };
}

/** Lets a minute pass: what the last payout run planned goes into files. Waits for nothing. */
export const passFiling = (line: HttpLine): Promise<void> => pass(line, FILING_MS);

async function pass(line: HttpLine, ms: number): Promise<void> {
  offsetMs += ms;
  await line.send('POST', '/_sandbox/clock', '', JSON.stringify({ offsetMs }));
}

async function untilIdle(line: HttpLine): Promise<Participant> {
  for (;;) {
    const { body } = await line.send('GET', '/_sandbox/clock', '', '');
    const state = JSON.parse(body) as Participant;
    if (state.idle) return state;
    await sleep(LOOK_MS);
  }
}
