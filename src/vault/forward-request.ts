/** Reads the body of POST /forward. All fields are strings or maps of strings; unknown fields are refused. */
import { parseId } from '../base/ids.ts';
import { parseTemplate } from './placeholders.ts';
import type { FieldError } from './problems.ts';
import { readObject } from './shape.ts';
import type { CardOwner } from './store.ts';

export interface ForwardRequest {
  readonly token: string;
  /** Our reference of the operation, 1–40 characters: who may use a single-use token again. */
  readonly operation: string;
  readonly url: string;
  /** Lower-case names; without those that belong to the connection. */
  readonly headers: Readonly<Record<string, string>>;
  readonly template: NonNullable<ReturnType<typeof parseTemplate>>;
  /** Wall-clock milliseconds for the whole exchange with the network. */
  readonly timeoutMs: number;
  /** Whose card it is. A stored card is used by naming both; a single-use token's marketplace is checked when given. */
  readonly owner: Partial<CardOwner>;
}

export type ParsedForward =
  | { readonly ok: true; readonly request: ForwardRequest }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

const FIELDS = ['token', 'operation', 'url', 'method', 'headers', 'body', 'marketplace', 'buyer'];
/** The acquirer's processing deadline is 70 s (jpmorgan.md §2.1); a little more lets its own answer arrive. */
const DEFAULT_TIMEOUT_MS = 75_000;
const MAX_TIMEOUT_MS = 120_000;

/** Headers of the connection (RFC 9110 §7.6.1) and what the vault decides by itself; never passed on. */
const OWN_HEADERS = new Set(
  'host connection keep-alive transfer-encoding content-length upgrade te trailer expect accept-encoding x-timeout-ms'.split(
    ' ',
  ),
);

/** `operation` may be left out when the headers carry a `request-id`; the timeout may also stand in the headers. */
export function parseForward(body: unknown, timeoutHeader: unknown): ParsedForward {
  const errors: FieldError[] = [];
  const fields = readObject(body, '', FIELDS, errors);
  const headers = readHeaders(fields.headers, errors);
  const text = (name: string, value: unknown, holds: (value: string) => boolean): string => {
    if (typeof value === 'string' && holds(value)) return value;
    errors.push({ pointer: `/${name}`, code: 'invalid', detail: 'Missing or malformed.' });
    return '';
  };
  const token = text('token', fields.token, (value) => value.length <= 100);
  const operation = text('operation', fields.operation ?? headers['request-id'], (value) =>
    /^[\w.:-]{1,40}$/.test(value),
  );
  const owner: Partial<CardOwner> = {
    ...(fields.marketplace === undefined ? {} : { marketplace: text('marketplace', fields.marketplace, isId('mkt')) }),
    ...(fields.buyer === undefined ? {} : { buyer: text('buyer', fields.buyer, isId('buy')) }),
  };
  const url = text('url', fields.url, (value) => value.length <= 2_000);
  text('method', fields.method ?? 'POST', (value) => value === 'POST');
  const template = parseTemplate(text('body', fields.body, () => true));
  const timeoutMs = Number(timeoutHeader ?? headers['x-timeout-ms'] ?? DEFAULT_TIMEOUT_MS);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    errors.push({ pointer: '/headers', code: 'invalid', detail: 'x-timeout-ms must be from 1 to 120000.' });
  }
  if (template === null)
    errors.push({ pointer: '/body', code: 'invalid', detail: 'Must be JSON with whole placeholders.' });
  if (errors.length > 0 || template === null) return { ok: false, errors };
  return { ok: true, request: { token, operation, url, headers: withoutOwn(headers), template, timeoutMs, owner } };
}

const isId =
  (prefix: 'mkt' | 'buy') =>
  (value: string): boolean =>
    parseId(prefix, value) !== null;

function readHeaders(value: unknown, errors: FieldError[]): Record<string, string> {
  const entries = Object.entries(value === null || typeof value !== 'object' ? {} : value);
  const names = /^[a-z0-9-]{1,60}$/;
  const fits = ([name, text]: [string, unknown]): boolean =>
    names.test(name.toLowerCase()) && typeof text === 'string' && /^[\t\x20-\x7e]*$/.test(text);
  if (Array.isArray(value) || typeof value === 'string' || !entries.every(fits)) {
    errors.push({ pointer: '/headers', code: 'invalid', detail: 'Must be a JSON object of header names and texts.' });
    return {};
  }
  return Object.fromEntries(entries.map(([name, text]) => [name.toLowerCase(), String(text)]));
}

const withoutOwn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name) && !name.startsWith('proxy-')));
