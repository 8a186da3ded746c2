/** One way to add a command: words for the help, then what it does with the installation's API and the output. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from './errors.ts';
import { type Api, createApi } from './http.ts';
import { createOutput, type Output } from './output.ts';
import { type Environment, type GlobalOptions, readKey, readUrl } from './settings.ts';

/** How the command line speaks to its surroundings; a test gives its own. */
export interface Surroundings {
  readonly env: Environment;
  out(text: string): void;
  err(text: string): void;
  /** Width of the terminal behind `err`; undefined when there is none. */
  columns?(): number | undefined;
  /** Ctrl-C calls the listener instead of ending the program, until the returned function is called. */
  onInterrupt?(listener: () => void): () => void;
}

export interface Tools {
  readonly out: Output;
  readonly global: GlobalOptions;
  readonly env: Environment;
  /** See Surroundings; where there is no Ctrl-C it never calls. */
  onInterrupt(listener: () => void): () => void;
  /** The installation. Reads address and key when first asked: the clock needs neither. */
  api(): Api;
}

/** Adds commands to `parent`. `done` hears the exit code of the one that ran. */
export interface Adder {
  add<Options extends object = object>(
    parent: Command,
    usage: string,
    words: string,
    run: (tools: Tools, options: Options, ...args: string[]) => Promise<ExitCode | undefined>,
  ): Command;
}

export function createAdder(surroundings: Surroundings, done: (code: ExitCode) => void): Adder {
  return {
    add: (parent, usage, words, run) => {
      const command: Command = parent.command(usage).description(words);
      return command.action(async () => {
        const code = await run(toolsOf(command, surroundings), command.opts(), ...command.args);
        if (code !== undefined) done(code);
      });
    },
  };
}

function toolsOf(command: Command, surroundings: Surroundings): Tools {
  const { env } = surroundings;
  const global = command.optsWithGlobals<GlobalOptions>();
  return {
    global,
    env,
    out: createOutput(global.json === true, surroundings),
    onInterrupt: (listener) => surroundings.onInterrupt?.(listener) ?? (() => undefined),
    api: () => {
      const url = readUrl(global, env);
      return createApi(url, readKey(global, env, url));
    },
  };
}

/** For options that count: a whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

export const LIMIT = ['--limit <n>', 'at most so many', wholeNumber, 50] as const;
export const MORE = 'there are more; ask with a higher --limit';
