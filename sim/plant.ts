/**
 * Proof that the auditor can see: a copy of the source tree with one line changed, as a careless commit would, must end the
 * simulation with the law that the change breaks.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Plant {
  readonly name: string;
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly find: string;
  readonly put: string;
  /** Begins one of the laws that must be reported. */
  readonly law: string;
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'swapped legs: interchange is debited to the network and credited to cost',
    file: 'src/ledger/postings.ts',
    find: 'move(e.interchange, { debit: processingCost(e.network), credit: receivable(e.network) })',
    put: 'move(e.interchange, { debit: receivable(e.network), credit: processingCost(e.network) })',
    law: 'postings: every event posts what the reference says',
  },
  {
    name: 'skipped idempotency check: every request counts as a new one',
    file: 'src/journal/fingerprint.ts',
    find: 'return { client, key, fingerprint',
    put: 'return { client, key: key + process.hrtime.bigint(), fingerprint',
    law: 'idempotency: one key, one',
  },
];

export interface PlantedRun {
  readonly exitCode: number | null;
  readonly output: string;
}

const ROOT = join(import.meta.dirname, '..');
const COPIED = ['src', 'sandbox', 'migrations', 'stories', 'sim', 'package.json'];

/** Runs a short simulation on a copy of the tree with the bug in it. Throws when the edit does not apply. */
export async function runPlanted({ file, find, put }: Plant, args: readonly string[]): Promise<PlantedRun> {
  const copy = mkdtempSync(join(tmpdir(), 'causeway-planted-'));
  try {
    chmodSync(copy, 0o755); // as root, the database runs as another user who has to pass
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const source = readFileSync(join(copy, file), 'utf8');
    if (source.split(find).length !== 2)
      throw new Error(`${file} does not have the line to spoil exactly once: ${find}`);
    writeFileSync(
      join(copy, file),
      source.replace(find, () => put),
    );
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(copy, 'sim/run.ts'), ...args],
      {
        cwd: copy,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const exited = new Promise<number | null>((settle) => child.once('exit', settle));
    const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { exitCode, output: output + errors };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
