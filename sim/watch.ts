/** Watches the program itself: it may end only when the simulation kills it. Keeps the end of what it said. */
import type { World } from '../stories/world.ts';
import type { Finding } from './audit/finding.ts';

export interface Watch {
  /** Follows the program that runs now; again after every restart. */
  follow(): void;
  /** A finding when the program has ended by itself. */
  finding(): Finding | null;
}

const TAIL = 6_000;

export function watchProgram(world: World): Watch {
  let said = '';
  const follow = (): void => {
    for (const stream of [world.process.stderr, world.process.stdout])
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-TAIL);
      });
  };
  follow();
  return {
    follow,
    finding: () => {
      const { exitCode, signalCode } = world.process;
      if (exitCode === null && signalCode === null) return null;
      return {
        law: 'the program runs until it is stopped',
        subjects: [],
        detail: `it ended with ${exitCode ?? signalCode}; it said:\n${said}`,
      };
    },
  };
}
