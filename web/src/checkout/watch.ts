/**
 * Looking again and again until something is known: soon at first, then ever more slowly, not at all while nobody sees the
 * page, and at once when somebody does.
 */
import type { Answer } from './server.ts';

const FIRST_MS = 1500;
const GROWTH = 1.4;
const LONGEST_MS = 20_000;

/** Milliseconds to wait before the look of this turn, from 0. */
export const pauseBefore = (turn: number): number => Math.min(LONGEST_MS, Math.round(FIRST_MS * GROWTH ** turn));

/** Resolves after so long, or as soon as the page is seen or the connection is back. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const options = { signal: over.signal };
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && end(), options);
    addEventListener('online', end, options);
    signal?.addEventListener('abort', end, options);
  });
}

/** Looks until it is stopped; hands over each answer. */
export function watch(look: () => Promise<Answer>, onAnswer: (answer: Answer) => void): () => void {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      await pause(pauseBefore(turn), stopped.signal);
      if (stopped.signal.aborted) return;
      if (document.visibilityState === 'hidden') continue;
      const answer = await look();
      if (stopped.signal.aborted) return;
      onAnswer(answer);
    }
  };
  void run();
  return () => stopped.abort();
}
