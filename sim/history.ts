/**
 * What really happened, in the order it happened: every request with its answer, every fault, kill, cut and step, one JSON
 * object a line in a file. The plan comes from the seed; the interleaving does not, so it is written down.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Entry {
  readonly what: string;
  readonly [fact: string]: unknown;
}

export interface History {
  readonly file: string;
  add(entry: Entry): void;
  /** Entries that mention any of these ids or words. */
  about(words: readonly string[]): readonly string[];
  flush(): void;
  /** Removes the file: nothing needs explaining. */
  remove(): void;
}

export function openHistory(seed: number): History {
  const file = join(mkdtempSync(join(tmpdir(), `causeway-sim-${seed}-`)), 'history.jsonl');
  const lines: string[] = [];
  let written = 0;
  const flush = (): void => {
    if (written < lines.length) appendFileSync(file, `${lines.slice(written).join('\n')}\n`);
    written = lines.length;
  };
  return {
    file,
    flush,
    add: (entry) => void lines.push(JSON.stringify({ n: lines.length, ...entry })),
    about: (words) => lines.filter((line) => words.some((word) => line.includes(word))),
    remove: () => rmSync(dirname(file), { recursive: true, force: true }),
  };
}
