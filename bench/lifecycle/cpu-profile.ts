/** Reading what `node --cpu-prof` leaves behind: where a process spent its time between two moments. */
import { readFileSync } from 'node:fs';

export interface Spent {
  /** Function and file, or the file alone. */
  readonly name: string;
  readonly ms: number;
}

export interface Profile {
  readonly byFile: readonly Spent[];
  readonly byFunction: readonly Spent[];
}

interface ProfileFile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Self time, most first. The window is given in milliseconds before the profile's end. */
export function readProfile(path: string, window: { readonly fromMs: number; readonly untilMs: number }): Profile {
  const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(readFileSync(path, 'utf8')) as ProfileFile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFile = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let at = startTime;
  samples.forEach((id, index) => {
    const tookUs = timeDeltas[index] as number;
    at += tookUs;
    const beforeEndMs = (endTime - at) / 1000;
    const frame = frames.get(id) as CallFrame;
    if (beforeEndMs > window.fromMs || beforeEndMs < window.untilMs || frame.functionName === '(idle)') return;
    const file = fileOf(frame);
    const name = `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`;
    byFile.set(file, (byFile.get(file) ?? 0) + tookUs / 1000);
    byFunction.set(name, (byFunction.get(name) ?? 0) + tookUs / 1000);
  });
  return { byFile: mostFirst(byFile), byFunction: mostFirst(byFunction) };
}

/** A file of the project from its root, a package by its name, native work by the name of the function. */
function fileOf({ url, functionName }: CallFrame): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  const inProject = /\/((?:src|bench)\/.*)$/.exec(url)?.[1];
  return inProject ?? (url === '' ? functionName : url);
}

const mostFirst = (times: ReadonlyMap<string, number>): readonly Spent[] =>
  [...times].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
