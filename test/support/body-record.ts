/**
 * Keeps what a test run sends to the acquirer, for the audit at its end: one JSON line for each request, in a file of each
 * process, appended before the request goes out, so that a killed process has written what it sent. Without a folder
 * (RECORD_BODIES, set by scripts/test.ts) nothing is kept.
 */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface RecordedBody {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** The program of the process that sent it, from the repository's root. */
  readonly by: string;
}

const ROOT = join(import.meta.dirname, '../..');

export function recordBody(request: Omit<RecordedBody, 'by'>): void {
  const folder = process.env.RECORD_BODIES;
  if (folder === undefined) return;
  const line: RecordedBody = { ...request, by: relative(ROOT, process.argv[1] ?? '') };
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`);
}

/** Everything in the folder. Lines are written whole, so a line that is not JSON is a fault of the recording. */
export function recordedBodies(folder: string): readonly RecordedBody[] {
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordedBody),
  );
}
