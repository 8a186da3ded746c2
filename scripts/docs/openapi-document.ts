/**
 * docs/generated/openapi.json: the description that the server gives at /openapi.json, taken from a server that is built and
 * never listens. Only the schemas of its routes matter, so the modules behind it are stand-ins that throw when called.
 */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import type { App } from '../../src/api/app.ts';
import { buildServer } from '../../src/api/server.ts';

const PACKAGE = new URL('../../package.json', import.meta.url);

export async function openapiDocument(): Promise<string> {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  const facts = { version, vaultUrl: 'http://localhost', sandbox: true, log: pino({ level: 'silent' }) };
  // Routes take modules out of the app when they are registered and call them only when they are requested.
  const app = new Proxy(facts, {
    get: (known, name) => (name in known ? Reflect.get(known, name) : standIn(String(name))),
  }) as unknown as App;
  const server = await buildServer(app);
  try {
    return `${JSON.stringify(server.swagger(), null, 2)}\n`;
  } finally {
    await server.close();
  }
}

/** Has every member, each another stand-in; calling one is a mistake. */
function standIn(path: string): unknown {
  return new Proxy(() => undefined, {
    get: (_target, name) => (typeof name === 'symbol' || name === 'then' ? undefined : standIn(`${path}.${name}`)),
    apply: () => {
      throw new Error(`${path} was called while the routes were only being described`);
    },
  });
}
