/** CPU time of a process and its children, from /proc (Linux; proc(5)); zero where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Seconds of processor time of a process, of its living children and of those that have ended. */
export function familySeconds(pid: number): number {
  const own = statOf(pid);
  if (own === null) return 0;
  let ticks = own.ticks + own.reapedTicks;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (child?.parent === pid) ticks += child.ticks;
  }
  return ticks / TICKS_PER_SECOND;
}

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  readonly reapedTicks: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may contain blanks: fields count from behind it, starting with the state (field 3).
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return { parent: fields[1] as number, ticks: utime + stime, reapedTicks: cutime + cstime };
  } catch {
    return null;
  }
}
