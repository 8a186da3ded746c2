/**
 * `npx causeway …`: the command line against a running installation, over HTTP like any other client. Every command has
 * --json and ends with a stable exit code (errors.ts).
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { clearingCommands } from './clearing.ts';
import { clockCommands } from './clock.ts';
import { createAdder, type Surroundings } from './command.ts';
import { disputeCommands } from './disputes.ts';
import { EXIT, type ExitCode, explain, Refused } from './errors.ts';
import { growthCommands } from './growth.ts';
import { hubCommands } from './hub.ts';
import { jobCommands } from './jobs.ts';
import { ledgerCommands } from './ledger.ts';
import { orderCommands } from './orders.ts';
import { acquirerCommands, walletCommands } from './participants.ts';
import { paymentCommands } from './payments.ts';
import { payoutCommands } from './payouts.ts';
import { promotionCommands } from './promotions.ts';
import { reconciliationCommands } from './reconciliation.ts';
import { environment } from './settings.ts';
import { statusCommands } from './status.ts';
import { vaultCommands } from './vault.ts';

/** Runs one command line (without node and script) and says its exit code. Throws only bugs. */
export async function causeway(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = buildProgram(surroundings, (done) => {
    code = done;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const known = explain(error);
    if (known === null) throw error;
    const json = program.opts<{ json?: boolean }>().json === true && error instanceof Refused;
    surroundings.err(`${json ? JSON.stringify(error.problem, null, 2) : `causeway: ${known.text}`}\n`);
    return known.code;
  }
}

function buildProgram(surroundings: Surroundings, done: (code: ExitCode) => void): Command {
  const program = new Command('causeway')
    .description('Causeway’s command line: look at a running installation, and do the operator’s work.')
    .version(readVersion(), '--version', 'print the version')
    .option(
      '--url <url>',
      'address of the installation (CAUSEWAY_URL; else the local run’s, else http://127.0.0.1:4000)',
    )
    .option('--key <key>', 'API key (better CAUSEWAY_KEY, which others on the machine do not see)')
    .option('--data-dir <folder>', 'folder of a local installation (DATA_DIR, else ./data), for its address and key')
    .option('--json', 'print the result as JSON')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: surroundings.out, writeErr: surroundings.err })
    .showHelpAfterError('(causeway help shows what there is)')
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 refused or a law is broken, 2 wrong usage, 3 not reachable, 130 interrupted.`,
    )
    .exitOverride();
  const adder = createAdder(surroundings, done);
  statusCommands(program, adder);
  ledgerCommands(program, adder);
  orderCommands(program, adder);
  paymentCommands(program, adder);
  disputeCommands(program, adder);
  payoutCommands(program, adder);
  promotionCommands(program, adder);
  reconciliationCommands(program, adder);
  clearingCommands(program, adder);
  growthCommands(program, adder);
  jobCommands(program, adder);
  walletCommands(program, adder);
  acquirerCommands(program, adder);
  hubCommands(program, adder);
  vaultCommands(program, adder);
  clockCommands(program, adder);
  return program;
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

if (import.meta.main) {
  // `causeway events | head` closes our output early; that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  process.exitCode = await causeway(process.argv.slice(2), {
    env: environment(),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      return () => process.removeListener('SIGINT', listener);
    },
  });
}
