/** Answering while the work goes on: clients give up after some seconds, and ask again or inquire. */
import { within } from '../within.ts';
import type { Call } from './call.ts';
import { ANSWER_WITHIN_MS } from './pay.ts';

/** Null when it takes longer than a client waits; the work goes on. */
export async function inTime<Value>({ app }: Pick<Call, 'app'>, work: Promise<Value>): Promise<Value | null> {
  const done = await within(work, ANSWER_WITHIN_MS);
  if (done === null) work.catch((error: unknown) => app.log.error({ error: String(error) }, 'an AMS request failed'));
  return done;
}
