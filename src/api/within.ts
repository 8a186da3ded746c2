/** Answering in time while the work goes on. */
import { sleep } from '../base/clock.ts';

/** What the work comes to, or null when it takes longer; it goes on all the same. */
export async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  const over = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, over.signal).then(() => null)]);
  } finally {
    over.abort();
  }
}
