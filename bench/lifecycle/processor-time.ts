/**
 * Processor time of running processes from /proc/<pid>/stat (proc(5)): user and system, in seconds. A machine without /proc
 * has no figures; the benchmark then leaves the table out by name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const TICKS = 100;
/** Fields of stat after the command's closing parenthesis, from 0. */
const PARENT = 1;
const USER = 11;
const WAITED_SYSTEM = 14;

export const HAS_PROC = existsSync('/proc/self/stat');

/** Seconds one process has used so far; NaN where that cannot be told. */
export const secondsOf = (pid: number): number => (HAS_PROC ? sumOf(statOf(pid), USER, USER + 1) : Number.NaN);

/** Seconds of a process, of its children, and of the children it has outlived. */
export function secondsOfFamily(pid: number): number {
  if (!HAS_PROC) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => Number(stat[PARENT]) === pid);
  return sumOf(statOf(pid), USER, WAITED_SYSTEM) + children.reduce((sum, stat) => sum + sumOf(stat, USER, USER + 1), 0);
}

/** Empty when the process has just ended. */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const sumOf = (stat: readonly string[], from: number, to: number): number =>
  stat.slice(from, to + 1).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
