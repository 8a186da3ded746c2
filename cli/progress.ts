/**
 * How far something long is: a bar that moves on a terminal, a line now and then elsewhere (a log, a pipe), nothing when the
 * result is JSON. It goes where notes go, never into the result.
 */
import { monotonicMs } from '../src/base/clock.ts';

export interface Progress {
  /** `done` of `of`, and what that means in words. */
  show(done: number, of: number, words: string): void;
  /** Leaves what was shown last on a line of its own. */
  end(): void;
}

export interface Screen {
  /** Width of the terminal that notes go to; undefined when that is no terminal. */
  readonly columns: number | undefined;
  write(text: string): void;
}

const BAR_WIDTH = 30;
const LINE_EVERY_MS = 5000;

export const noProgress: Progress = { show: () => undefined, end: () => undefined };

export const createProgress = ({ columns, write }: Screen): Progress =>
  columns === undefined ? lines(write) : bar(columns, write);

function bar(columns: number, write: Screen['write']): Progress {
  let shown = false;
  return {
    show: (done, of, words) => {
      shown = true;
      const line = `${drawn(done, of)} ${percent(done, of)}  ${words}`;
      // Back to the start of the line, over what is there, and away with the rest of it (ECMA-48 EL).
      write(`\r${[...line].slice(0, columns - 1).join('')}\u001b[K`);
    },
    end: () => {
      if (shown) write('\n');
      shown = false;
    },
  };
}

function lines(write: Screen['write']): Progress {
  let toldAt = -LINE_EVERY_MS;
  return {
    show: (done, of, words) => {
      if (monotonicMs() - toldAt < LINE_EVERY_MS) return;
      toldAt = monotonicMs();
      write(`${percent(done, of)}  ${words}\n`);
    },
    end: () => undefined,
  };
}

function drawn(done: number, of: number): string {
  const full = Math.floor(shareOf(done, of) * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
}

const percent = (done: number, of: number): string => `${String(Math.floor(shareOf(done, of) * 100)).padStart(3)} %`;

/** More may be done than was planned, and nothing of nothing is all of it. */
const shareOf = (done: number, of: number): number => (of <= 0 ? 1 : Math.min(1, done / of));
