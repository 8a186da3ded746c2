/**
 * Counts and validates the bodies that go over the wire to J.P. Morgan while something else is tested. `auditExchange` looks at
 * one captured exchange; `createBodyAudit` keeps the score of a whole run, and `auditedHttp` lets a connector's line pass
 * through it. A request that the vault forwards is looked at with its card filled in, as it leaves the vault.
 * `auditRecordedBodies` judges what all processes of `npm test` have sent (record-bodies.ts).
 */
import { LATER_FIELDS } from '../../src/connectors/jpm-online-payments/later-fields.ts';
import type { NetworkHttp } from '../../src/connectors/ports/network-http.ts';
import { recordedBodies } from './body-record.ts';
import { type BodyKind, bodyFaults } from './jpm-openapi.ts';

export interface CapturedExchange {
  readonly method: string;
  readonly url: string;
  /** The request's body as text. */
  readonly body?: string | undefined;
}

export interface AuditedBody {
  readonly kind: BodyKind;
  /** Empty when the body is valid. */
  readonly faults: readonly string[];
}

/** Which published request an address is, after `/api/v2`. */
const REQUESTS: readonly (readonly [method: string, path: RegExp, kind: BodyKind])[] = [
  ['POST', /\/api\/v2\/payments$/, 'payment'],
  ['PATCH', /\/api\/v2\/payments\/[^/]+$/, 'change'],
  ['POST', /\/api\/v2\/payments\/[^/]+\/captures$/, 'capture'],
  ['POST', /\/api\/v2\/refunds$/, 'refund'],
  ['POST', /\/api\/v2\/verifications$/, 'verification'],
];

/** Null for what the published file does not describe: questions, tokens, files, authentication, disputes. */
export function auditExchange(exchange: CapturedExchange): AuditedBody | null {
  const { method, url, body } = unwrapped(exchange);
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  const kind = REQUESTS.find(([wanted, pattern]) => wanted === method && pattern.test(path))?.[2];
  if (kind === undefined) return null;
  const parsed = objectIn(body);
  return { kind, faults: parsed === undefined ? ['/: not a JSON object'] : bodyFaults(kind, parsed) };
}

export interface BodyAudit {
  see(exchange: CapturedExchange): void;
  counts(): Readonly<Record<BodyKind, number>>;
  /** `kind path: what`, once each. */
  faults(): readonly string[];
}

export function createBodyAudit(): BodyAudit {
  const kinds = Object.keys(LATER_FIELDS) as BodyKind[]; // its keys are the kinds
  const counts = new Map<BodyKind, number>(kinds.map((kind) => [kind, 0]));
  const faults = new Set<string>();
  return {
    see: (exchange) => {
      const audited = auditExchange(exchange);
      if (audited === null) return;
      counts.set(audited.kind, (counts.get(audited.kind) ?? 0) + 1);
      for (const fault of audited.faults) faults.add(`${audited.kind} ${fault}`);
    },
    counts: () => Object.fromEntries(counts) as Record<BodyKind, number>,
    faults: () => [...faults],
  };
}

const NAMES: Readonly<Record<BodyKind, string>> = {
  payment: 'payments',
  verification: 'verifications',
  capture: 'captures',
  change: 'changes',
  refund: 'refunds',
};

export interface RunAudit {
  /** One line for people: how many bodies of each kind, and the verdict. */
  readonly summary: string;
  /** `kind path: what, sent by`, once each. */
  readonly faults: readonly string[];
  /** Kinds of which nothing was sent. */
  readonly absent: readonly string[];
}

/** What a whole run recorded in this folder. */
export function auditRecordedBodies(folder: string): RunAudit {
  const audit = createBodyAudit();
  const senders = new Map<string, string>();
  for (const { by, ...exchange } of recordedBodies(folder)) {
    const known = audit.faults().length;
    audit.see(exchange);
    for (const fault of audit.faults().slice(known)) senders.set(fault, by);
  }
  const counts = audit.counts();
  const number = (count: number): string => count.toLocaleString('en-US');
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(NAMES).map(([kind, name]) => `${name} ${number(counts[kind as BodyKind])}`);
  const verdict =
    senders.size === 0 ? 'all valid against the published OpenAPI' : `${senders.size} faults by the published OpenAPI`;
  return {
    summary: `bodies sent to the acquirer: ${number(total)}, ${verdict} (${kinds.join(', ')})`,
    faults: [...senders].map(([fault, by]) => `${fault}, sent by ${by}`),
    absent: Object.keys(NAMES).filter((kind) => counts[kind as BodyKind] === 0),
  };
}

export const auditedHttp = (http: NetworkHttp, audit: BodyAudit): NetworkHttp => ({
  send: (request) => {
    const { method, url, body } = request;
    audit.see({ method, url, body: body instanceof Uint8Array ? new TextDecoder().decode(body) : body });
    return http.send(request);
  },
});

/** What the vault makes of placeholders: strings, and integers for the expiry. */
const FILLED: readonly (readonly [string, string])[] = [
  ['"{{card_number}}"', '"4112344112344113"'],
  ['"{{cvv}}"', '"111"'],
  ['"{{expiry_month}}"', '5'],
  ['"{{expiry_year}}"', '2031'],
];

/** A forward is a POST to the vault that carries token, url and body of the request itself. */
function unwrapped(exchange: CapturedExchange): CapturedExchange {
  const outer = objectIn(exchange.body);
  const { token, url, method = 'POST', body } = outer ?? {};
  if (typeof token !== 'string' || typeof url !== 'string' || typeof method !== 'string' || typeof body !== 'string') {
    return exchange;
  }
  const filled = FILLED.reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), body);
  return { method, url, body: filled };
}

function objectIn(body: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
