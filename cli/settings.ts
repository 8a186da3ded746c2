/**
 * Where the command line finds its installation: the only file of cli/ that reads the environment and DATA_DIR. An option
 * wins over a variable, a variable over what a local run wrote about itself.
 * Invariant: the operator's key in DATA_DIR/secrets.json is sent to this machine only, never to an address elsewhere.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './errors.ts';

const DEFAULT_URL = 'http://127.0.0.1:4000';
const DEFAULT_CLOCK_URL = 'http://127.0.0.1:4100';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly key?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** The variables of this process. */
export const environment = (): Environment => process.env;

/** The installation's address, without a slash at the end. @throws UsageError when it is not an http URL. */
export function readUrl(options: GlobalOptions, env: Environment): string {
  const given = options.url ?? nonEmpty(env.CAUSEWAY_URL);
  return checkUrl(given ?? runningAddress(options, env, 'api') ?? DEFAULT_URL, '--url or CAUSEWAY_URL');
}

/** The API key for `url`. @throws UsageError when there is none. */
export function readKey(options: GlobalOptions, env: Environment, url: string): string {
  const given = options.key ?? nonEmpty(env.CAUSEWAY_KEY);
  if (given !== undefined) return given;
  const kept = isLoopback(url) ? readObject(join(dataDir(options, env), 'secrets.json')).operatorKey : undefined;
  if (typeof kept === 'string') return kept;
  throw new UsageError(
    'no API key: give --key or CAUSEWAY_KEY (a local sandbox keeps the operator’s key in DATA_DIR/secrets.json; --data-dir names that folder)',
  );
}

/** The sandbox clock's address. @throws UsageError when it is not an http URL. */
export function readClockUrl(clockUrl: string | undefined, options: GlobalOptions, env: Environment): string {
  return checkUrl(clockUrl ?? runningAddress(options, env, 'clock') ?? DEFAULT_CLOCK_URL, '--clock-url');
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

const dataDir = (options: GlobalOptions, env: Environment): string =>
  resolve(options.dataDir ?? nonEmpty(env.DATA_DIR) ?? './data');

/** What the run on this DATA_DIR says about itself: {pid, startedAt, addresses: {api, vault, …}}. */
function runningAddress(options: GlobalOptions, env: Environment, name: string): string | undefined {
  const addresses = readObject(join(dataDir(options, env), 'running.json')).addresses;
  const address = isObject(addresses) ? addresses[name] : undefined;
  return typeof address === 'string' ? address : undefined;
}

/** A JSON object in a file; empty when there is no such file or it holds something else. */
function readObject(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function checkUrl(text: string, source: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`${source} must be an http or https URL, not ${JSON.stringify(text)}`);
  return text.replace(/\/+$/, '');
}

const isLoopback = (url: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
