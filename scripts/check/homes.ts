/** Time, randomness, timers and the environment stay at home: each has one file that the rest of the code goes through. */
import type { CheckResult, Finding } from './finding.ts';
import { type CodeFile, isTest, lineAt, type Tree } from './tree.ts';

interface Homebody {
  readonly name: string;
  readonly pattern: RegExp;
  readonly homes: readonly RegExp[];
  readonly instead: string;
}

const CLOCK = [/^src\/base\/clock\.ts$/];
const RANDOM = [/^src\/base\/random\.ts$/];
const ENVIRONMENT = [
  /^src\/main\/config\.ts$/,
  /^src\/vault\/settings\.ts$/,
  /^cli\/settings\.ts$/,
  /^sandbox\/[^/]+\/main\.ts$/,
  /^sandbox\/base\//,
];

/** A method of that name (`socket.setTimeout`) is something else; `globalThis.setTimeout` is not. */
const TIMER = /(?:(?<![\w$.])|\bglobalThis\.)set(?:Timeout|Interval)\b/g;

const HOMEBODIES: readonly Homebody[] = [
  { name: 'Date.now', pattern: /\bDate\s*\.\s*now\b/g, homes: CLOCK, instead: 'wallNow or a Clock' },
  {
    name: 'new Date()',
    pattern: /\bnew\s+Date\s*(?:\(\s*\)|(?![\s\w(]))/g,
    homes: CLOCK,
    instead: 'wallNow or a Clock',
  },
  { name: 'performance.now', pattern: /\bperformance\s*\.\s*now\b/g, homes: CLOCK, instead: 'monotonicMs' },
  { name: 'setTimeout/setInterval', pattern: TIMER, homes: CLOCK, instead: 'sleep or every of src/base/clock.ts' },
  { name: 'Math.random', pattern: /\bMath\s*\.\s*random\b/g, homes: RANDOM, instead: 'src/base/random.ts' },
  {
    name: 'process.env',
    pattern: /\bprocess\s*\.\s*env\b/g,
    homes: ENVIRONMENT,
    instead: 'a setting of src/main/config.ts',
  },
];

/** Who is free: the bootstrap (runs before there is anything to import), scripts, tests, benchmarks, the browser. */
const isFree = (path: string): boolean => /^(bootstrap|scripts|bench|web)\//.test(path) || isTest(path);

export function checkHomes({ code }: Tree): CheckResult {
  const bound = code.filter(({ path }) => !isFree(path));
  return { findings: bound.flatMap(strays), looked: `${bound.length} files` };
}

function strays({ path, masked }: CodeFile): Finding[] {
  return HOMEBODIES.filter(({ homes }) => !homes.some((home) => home.test(path))).flatMap(
    ({ name, pattern, instead }) =>
      [...masked.matchAll(pattern)].map(({ index }) => ({
        file: path,
        line: lineAt(masked, index),
        message: `${name} away from home; use ${instead}`,
      })),
  );
}
