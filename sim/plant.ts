/**
 * Proof that the auditor can see: a copy of the source tree with lines changed, as a careless commit would, must end the
 * simulation with the laws that the changes break, and no others.
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
  /** Beginnings of the laws that it breaks: the first must be reported, the others may be. */
  readonly laws: readonly [string, ...string[]];
}

/** A tree with several bugs is lived on in after the first finding, so that each is found beside the others. */
export interface PlantedTree {
  readonly name: string;
  readonly plants: readonly Plant[];
  readonly args: readonly string[];
  /** Found only when a world has come to rest, which takes too long for every run. */
  readonly atRest: boolean;
}

const SWAPPED_LEGS: Plant = {
  name: 'swapped legs: interchange is debited to the network and credited to cost',
  file: 'src/ledger/postings.ts',
  find: 'move(e.interchange, { debit: processingCost(e.network), credit: receivable(e.network) })',
  put: 'move(e.interchange, { debit: receivable(e.network), credit: processingCost(e.network) })',
  laws: [
    'postings: every event posts what the reference says',
    'acquirer: captures, refunds and what is unsettled are the ledger’s',
  ],
};

const SKIPPED_CHECK: Plant = {
  name: 'skipped idempotency check: every request counts as a new one',
  file: 'src/journal/fingerprint.ts',
  find: 'return { client, key, fingerprint',
  put: 'return { client, key: key + process.hrtime.bigint(), fingerprint',
  laws: ['idempotency: one key, one'],
};

const REFUND_TWICE: Plant = {
  name: 'what a wallet has paid back is posted twice',
  file: 'src/ledger/wallet-postings.ts',
  find: `    ...move(e.amount, { debit: refund(e.refund), credit: fxPosition() }),
`,
  put: `    ...move(e.amount, { debit: refund(e.refund), credit: fxPosition() }),
    ...move(e.paidBack, { debit: fxPosition(), credit: receivable(e.network) }),
`,
  laws: ['hub: a wallet owes what its rows come to', 'postings: every event posts what the reference says'],
};

const LEFT_OUT: Plant = {
  name: 'a clearing leaves payments out: those by order codes',
  file: 'src/wallets/clearing/collect.ts',
  find: `and p.state = 'paid' and p.data ->> 'cancelableUntil' <= $8`,
  put: `and p.state = 'paid' and p.data ->> 'cancelableUntil' <= $8 and p.data ->> 'scenario' <> 'order_code'`,
  laws: [
    'clearing: a wallet’s files are its own books',
    'clearing: an acquirer’s files are its own books',
    'end: nobody of the hub owes anybody',
  ],
};

const UNBOOKED_ROUNDING: Plant = {
  name: 'a rounding that is not booked: what a wallet pays is valued downwards',
  file: 'src/fx/price.ts',
  find: `const value = rounded(gives, atMid, to, 'half-even');`,
  put: `const value = rounded(gives, atMid, to, 'down');`,
  laws: ['prices: what a wallet pays is what the other side gets and our margin, at mid'],
};

export const TREES: readonly PlantedTree[] = [
  { name: SKIPPED_CHECK.name, plants: [SKIPPED_CHECK], args: ['--days', '2'], atRest: false },
  {
    name: 'money that goes wrong in three places',
    plants: [SWAPPED_LEGS, REFUND_TWICE, UNBOOKED_ROUNDING],
    args: ['--days', '2', '--whole'],
    atRest: false,
  },
  { name: LEFT_OUT.name, plants: [LEFT_OUT], args: ['--days', '2'], atRest: true },
];

export interface PlantedRun {
  readonly exitCode: number | null;
  readonly output: string;
}

const ROOT = join(import.meta.dirname, '..');
const COPIED = ['src', 'sandbox', 'migrations', 'stories', 'sim', 'package.json'];

/** Runs a short simulation on a copy of the tree with the bugs in it. Throws when an edit does not apply. */
export async function runPlanted({ plants, args }: PlantedTree): Promise<PlantedRun> {
  const copy = mkdtempSync(join(tmpdir(), 'causeway-planted-'));
  try {
    chmodSync(copy, 0o755); // as root, the database runs as another user who has to pass
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const plant of plants) spoil(copy, plant);
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(copy, 'sim/run.ts'), '--seed', '1', '--json', ...args],
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

function spoil(copy: string, { file, find, put }: Plant): void {
  const source = readFileSync(join(copy, file), 'utf8');
  if (source.split(find).length !== 2)
    throw new Error(`${file} does not have the lines to spoil exactly once: ${find}`);
  writeFileSync(
    join(copy, file),
    source.replace(find, () => put),
  );
}
