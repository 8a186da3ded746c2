/**
 * The checkout page: one file built from web/, with the state of the checkout written into it, so that a phone shows it after
 * one request and two small files. Its content policy lets it show the vault's frame, send the browser to the issuer, and
 * nothing else of anybody; nobody may frame it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { toPlain } from '../../base/json.ts';
import type { App } from '../app.ts';

const FILE = join(import.meta.dirname, '../../../web/dist/checkout.html');
const PLACE = '<script id="state" type="application/json">null</script>';

type State = Readonly<Record<string, unknown>> & { readonly standing: string };

/** Sends the page with a state; the reply keeps the status it has. */
export function checkoutPage(app: App): (reply: FastifyReply, state: State) => FastifyReply {
  const [head, tail] = existsSync(FILE) ? readFileSync(FILE, 'utf8').split(PLACE) : [];
  if (head === undefined || tail === undefined)
    return (reply) => reply.code(503).type('text/plain').send('the checkout page has not been built');
  return (reply, state) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOf(app))
      .header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex')
      .send(`${head}<script id="state" type="application/json">${inScript(toPlain(state))}</script>${tail}`);
}

const policyOf = ({ vaultUrl, challengeOrigins }: App): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `frame-src ${new URL(vaultUrl).origin}`,
    `form-action 'self' ${challengeOrigins.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

/** JSON that cannot end the script element it stands in. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
