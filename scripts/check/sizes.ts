/** Sizes: files about 200 lines and 500 at most, functions about 30 and 70 at most (DESIGN §6). */
import type { CheckResult, Finding } from './finding.ts';
import { measureFunctions } from './measure-functions.ts';
import type { CodeFile, Tree } from './tree.ts';

const FILE_MAX = 500;
const FILE_NOTE = 300;
const FUNCTION_MAX = 70;

export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly largest: { readonly where: string; readonly lines: number } | null;
}

export interface Sizes {
  readonly files: Spread;
  /** Functions with a body in braces. */
  readonly functions: Spread;
}

interface Measured {
  readonly file: string;
  /** From 1; 0 for a whole file. */
  readonly line: number;
  readonly name: string;
  readonly lines: number;
}

export function checkSizes(tree: Tree): CheckResult {
  const files = tree.code.map(measureFile);
  const functions = tree.code.flatMap(measuredIn);
  const findings = [...tooLarge(files, FILE_MAX), ...tooLarge(functions, FUNCTION_MAX)];
  const notes = files
    .filter(({ lines }) => lines > FILE_NOTE && lines <= FILE_MAX)
    .map(({ file, lines }) => `${file} has ${lines} lines (about 200 is meant)`);
  const [f, g] = [spread(files), spread(functions.filter(({ block }) => block))];
  const looked = `files: median ${f.median}, p90 ${f.p90}; functions: median ${g.median}, p90 ${g.p90}`;
  return { findings, notes, looked };
}

/** Median, 90th percentile and the largest of files and functions. */
export function sizesOf({ code }: Tree): Sizes {
  return {
    files: spread(code.map(measureFile)),
    functions: spread(code.flatMap(measuredIn).filter(({ block }) => block)),
  };
}

function measureFile({ path, text }: CodeFile): Measured {
  return { file: path, line: 0, name: 'the file', lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length };
}

const measuredIn = ({ path, text }: CodeFile): (Measured & { readonly block: boolean })[] =>
  measureFunctions(path, text).map((found) => ({ file: path, ...found }));

function spread(all: readonly Measured[]): Spread {
  const sorted = [...all].sort((a, b) => a.lines - b.lines);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.lines ?? 0;
  const last = sorted.at(-1);
  const largest = last === undefined ? null : { where: whereOf(last), lines: last.lines };
  return { count: sorted.length, median: at(0.5), p90: at(0.9), largest };
}

const whereOf = ({ file, line, name }: Measured): string => (line === 0 ? file : `${file}:${line} ${name}`);

const tooLarge = (all: readonly Measured[], max: number): Finding[] =>
  all
    .filter(({ lines }) => lines > max)
    .map(({ file, line, name, lines }) => ({ file, line, message: `${name} has ${lines} lines; at most ${max}` }));
