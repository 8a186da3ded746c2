/**
 * What the vault says when something goes wrong, on standard error and nowhere else. Messages, stacks and causes of drivers
 * and parsers may quote what they were given, and that may be a card; so of an error only its code or class is said, and of
 * our own faults their text. Whatever the runtime would print by itself (uncaught exceptions, rejections, warnings, the
 * reports and the debugger that signals start) is taken over or switched off here.
 */
import { Fault } from '../base/fault.ts';

/** One line on an error. Invariant: no card number, even if someone put one into a code, a name or a fault's text. */
export function faultLine(error: unknown): string {
  if (error instanceof Fault) return `vault fault ${error.code}: ${withoutNumbers(error.message)}`;
  const { name, code } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { name: typeof error, code: undefined };
  const word = [code, name].find((text) => typeof text === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(text));
  return `vault fault ${withoutNumbers(word ?? 'unknown')}`;
}

export function logFault(error: unknown): void {
  process.stderr.write(`${faultLine(error)}\n`);
}

/** To be called first of all. An uncaught error ends the process with code 1 after its one line. */
export function takeOverLastWords(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logFault(error);
      process.exit(1);
    });
  }
  process.removeAllListeners('warning');
  process.on('warning', ({ name }) => void process.stderr.write(`vault warning ${withoutNumbers(name)}\n`));
  // A signal would start a debugger that reads all memory, or write a report of it; with a listener it does not.
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
  if (process.report !== undefined) {
    process.report.reportOnFatalError = false;
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
  }
}

/** Runs of twelve digits and more, split or not, that are no part of an id. */
const withoutNumbers = (text: string): string =>
  text.replace(/(?<![0-9A-Za-z])\d(?:[ -]?\d){11,}(?![0-9A-Za-z])/g, '[digits]');
