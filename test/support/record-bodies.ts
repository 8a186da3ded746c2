/**
 * Loaded into every process of a test run before its own code (`--import` in NODE_OPTIONS): records each body that `fetch` or `node:http`
 * sends to an Online Payments address, as it leaves the process; for a card that is the vault's process, with the number
 * filled in. The product starts its companions with an environment of its own, so this goes into that of every Node process
 * that is started, and the product needs no hook.
 *
 * The sandbox's own tests are left out: they speak to it as a stranger would, and wrongly on purpose.
 */
import childProcess from 'node:child_process';
import http, { type ClientRequest } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';
import { recordBody } from './body-record.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const ADDRESS = /\/api\/v2\//;
const INHERITED = ['NODE_OPTIONS', 'RECORD_BODIES', 'NODE_COMPILE_CACHE'] as const;

if (process.env.RECORD_BODIES !== undefined) {
  if (!relative(ROOT, process.argv[1] ?? '').startsWith('sandbox/')) {
    watchFetch();
    watchRequests();
  }
  followChildren();
}

function watchFetch(): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (init?.body != null && ADDRESS.test(url))
      recordBody({ method: init.method ?? 'GET', url, body: textOf(init.body) });
    return send(input, init);
  };
}

/** The same for requests of node:http: what goes into `end`, which is how bodies leave (src/base/http-exchange.ts). */
function watchRequests(): void {
  const { request } = http;
  const watched = (target: string | URL, ...rest: unknown[]): ClientRequest => {
    const sent = Reflect.apply(request, http, [target, ...rest]) as ClientRequest;
    const url = String(target);
    if (!ADDRESS.test(url)) return sent;
    const { end } = sent;
    sent.end = (...args: unknown[]): ClientRequest => {
      const [body] = args;
      if (typeof body === 'string' || body instanceof Uint8Array)
        recordBody({ method: sent.method, url, body: textOf(body) });
      return Reflect.apply(end, sent, args) as ClientRequest;
    };
    return sent;
  };
  Object.assign(http, { request: watched });
  syncBuiltinESMExports();
}

/** A form in which no body is sent today shows as a body that is not JSON, and fails the audit. */
function textOf(body: NonNullable<RequestInit['body']> | Uint8Array): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : `a body as ${body.constructor.name}`;
}

type Options = { readonly env?: NodeJS.ProcessEnv };

/** `fork` and `spawn` of a Node process with an environment of its own: what it does not say of INHERITED is ours. */
function followChildren(): void {
  const { fork, spawn } = childProcess;
  const withOurs = (args: readonly unknown[]): unknown[] =>
    args.map((arg) => {
      const { env } = (arg ?? {}) as Options; // of a text or a list it is undefined
      if (env === undefined) return arg;
      const ours = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
      return { ...(arg as Options), env: { ...ours, ...env } };
    });
  Object.assign(childProcess, {
    fork: (...args: unknown[]) => Reflect.apply(fork, childProcess, withOurs(args)),
    spawn: (command: string, ...args: unknown[]) =>
      Reflect.apply(spawn, childProcess, [command, ...(command === process.execPath ? withOurs(args) : args)]),
  });
  syncBuiltinESMExports();
}
