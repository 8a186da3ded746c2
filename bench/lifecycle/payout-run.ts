/** The payout run at the end of a round: asked for once, and looked at until it has ended. */
import { sleep } from '../../src/base/clock.ts';
import type { HttpAnswer, HttpLine } from './http-line.ts';

const LOOK_MS = 10;

interface RunAnswer {
  readonly id?: string;
  readonly state?: string;
  readonly payouts: number;
}

/** How many payouts the run made. */
export async function runPayouts(line: HttpLine, { key, name }: { key: string; name: string }): Promise<number> {
  const caller = `authorization: Bearer ${key}\r\n`;
  const asks = `${caller}idempotency-key: run-${name}\r\nprefer: respond-async\r\n`;
  let run = read(await line.send('POST', '/v1/payout-runs', asks, '{}'));
  while (run.state === 'running') {
    await sleep(LOOK_MS);
    run = read(await line.send('GET', `/v1/payout-runs/${run.id}`, caller, ''));
  }
  return run.payouts;
}

function read({ status, body }: HttpAnswer): RunAnswer {
  if (status >= 300) throw new Error(`payout run: ${status} ${body}`);
  return JSON.parse(body) as RunAnswer;
}
