/** Answering in time while the work goes on. */
import { after } from '../base/clock.ts';

/** What the work comes to, or null when it takes longer; it goes on all the same. */
export function within<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const cancel = after(ms, () => resolve(null));
    work.then(resolve, reject).finally(cancel);
  });
}
