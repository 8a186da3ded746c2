/** Reading requests and writing answers the one way all routes do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sleep } from '../base/clock.ts';
import { toPlain } from '../base/json.ts';
import { type Money, parseMoney } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type CommandKey, commandKey, type Outcome } from '../journal/index.ts';
import type { Page } from '../parties/index.ts';
import type { App } from './app.ts';
import { sendProblem } from './problems.ts';

const DEFAULT_LIMIT = 25;
const WAIT_FOR_OPEN_MS = 5000;
const WAIT_STEP_MS = 100;

/** Money of a body that has passed its schema; the currency must exist. */
export const readMoney = (value: unknown, pointer: string): Result<Money, Refusal> => parseMoney(value, pointer);

/** The Idempotency-Key header (bare, or quoted as the IETF draft has it); null when absent. */
export function readKey(request: FastifyRequest): Result<string | null, Refusal> {
  const raw = request.headers['idempotency-key'];
  if (raw === undefined) return ok(null);
  const text = Array.isArray(raw) ? (raw[0] ?? '') : raw;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    return refuse('invalid_idempotency_key', 'must be 1 to 255 printable characters without spaces');
  return ok(key);
}

/** The command key of a request that moves money: the header is required. */
export function requireCommand(request: FastifyRequest, name: string, fields: object): Result<CommandKey, Refusal> {
  const key = readKey(request);
  if (!key.ok) return key;
  if (key.value === null)
    return refuse('missing_idempotency_key', 'this request moves money; name the attempt with an Idempotency-Key');
  return ok(commandKey(request.caller.client, key.value, name, fields));
}

/** The command key of a request that moves no money: kept when the header is there. */
export function optionalCommand(
  request: FastifyRequest,
  name: string,
  fields: object,
): Result<CommandKey | undefined, Refusal> {
  const key = readKey(request);
  if (!key.ok) return key;
  return ok(key.value === null ? undefined : commandKey(request.caller.client, key.value, name, fields));
}

/** Page of a list request. */
export const readPage = (query: { limit?: string; cursor?: string }): Page => ({
  limit: query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit),
  before: query.cursor ?? null,
});

/** A list with the cursor of its next page. */
export function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => unknown,
): unknown {
  const last = rows.at(-1);
  return toPlain({
    data: rows.map(view),
    next: rows.length === limit && last !== undefined ? last.id.slice(last.id.indexOf('_') + 1) : null,
  });
}

export interface AnswerOptions<Value> {
  readonly status?: number;
  readonly view: (value: Value) => unknown;
  /** How the stored answer of a repeated command holds the value. */
  readonly stored?: (answer: unknown) => Value;
  /** True while the value is not final: answered with 202. */
  readonly open?: (value: Value) => boolean;
}

/**
 * Sends what a command came to. A repeat gets the first answer; while the first attempt is still open, it waits up to five
 * seconds for the outcome, then says how far it is (202).
 */
export async function sendOutcome<Value>(
  app: App,
  reply: FastifyReply,
  command: CommandKey | undefined,
  result: Result<Outcome<Value>, Refusal>,
  options: AnswerOptions<Value>,
): Promise<FastifyReply> {
  if (!result.ok) return sendProblem(reply, result.error);
  const { stored = (answer: unknown) => answer as Value, open = () => false } = options;
  let value: Value;
  if (result.value.kind === 'committed') {
    value = result.value.value;
  } else {
    const kept = result.value.open && command !== undefined ? await waitForAnswer(app, command) : result.value;
    void reply.header('idempotency-replayed', 'true');
    value = stored(kept.answer);
  }
  return reply.code(open(value) ? 202 : (options.status ?? 200)).send(toPlain(options.view(value)));
}

async function waitForAnswer(app: App, command: CommandKey): Promise<{ readonly answer: unknown }> {
  for (let waited = 0; ; waited += WAIT_STEP_MS) {
    const kept = await app.journal.findAnswer(command.client, command.key);
    if (kept === null || !kept.open || waited >= WAIT_FOR_OPEN_MS) return kept ?? { answer: null };
    await sleep(WAIT_STEP_MS);
  }
}
