/**
 * Doing together what is asked for together: the asks of one turn of the event loop, and under load those that come while
 * `atOnce` lots are on their way. A lot costs a database little more than one ask does, so the rate rises with the load and
 * a single ask waits for nobody.
 *
 * Invariant: the work begins after the ask, so it sees everything that was done before.
 */
import { assert } from './assert.ts';
import { nextTurn } from './clock.ts';

export interface GatherSettings {
  /** Lots under way at a time; the next one gathers until one is back. */
  readonly atOnce: number;
  /** Asks of a lot at most. */
  readonly most: number;
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** `work` answers a lot in its order; when it fails, all of the lot fail with its error. */
export function gather<Ask, Answer>(
  { atOnce, most }: GatherSettings,
  work: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (ask: Ask) => Promise<Answer> {
  const waiting: Waiting<Ask, Answer>[] = [];
  let underWay = 0;

  const begin = async (): Promise<void> => {
    await nextTurn();
    while (waiting.length > 0 && underWay < atOnce) {
      underWay += 1;
      void doLot(work, waiting.splice(0, most)).then(() => {
        underWay -= 1;
        if (waiting.length > 0) void begin();
      });
    }
  };

  return (ask) =>
    new Promise((resolve, reject) => {
      waiting.push({ ask, resolve, reject });
      if (waiting.length === 1) void begin();
    });
}

/** Never rejects: the error goes to those who asked. */
async function doLot<Ask, Answer>(
  work: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
  lot: readonly Waiting<Ask, Answer>[],
): Promise<void> {
  try {
    const answers = await work(lot.map(({ ask }) => ask));
    assert(answers.length === lot.length, 'one answer for each that asked');
    lot.forEach(({ resolve }, index) => void resolve(answers[index] as Answer));
  } catch (error) {
    for (const { reject } of lot) reject(error);
  }
}
