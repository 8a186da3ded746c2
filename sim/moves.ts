/**
 * What a life does, as data: a life is a generator that yields moves (wait, or call the API) and gets the answers. It never
 * sees a clock or a socket, so its actions follow from the seed and the answers alone; the runner decides when and how.
 */

export type RequestFault =
  | 'drop_after'
  | 'drop_before'
  | 'http_429'
  | 'http_500'
  | 'http_503'
  | 'malformed'
  | 'unknown_code'
  | 'delay';
export type NotifyFault = 'notify_duplicate' | 'notify_delay' | 'notify_drop' | 'notify_reorder';
/** What the acquirer is asked; and, behind the name of who does it, what wallets and shops are asked or tell. */
export type NetworkOperation =
  | 'wallets pay'
  | 'wallets cancelPayment'
  | 'wallets refund'
  | 'wallets notifyPayment'
  | 'shops notifyPayment'
  | 'payments'
  | 'captures'
  | 'refunds'
  | 'void'
  | 'increment'
  | 'reverse'
  | 'authentications'
  | 'disputes';

/** A fault ordered at a network for exactly one request. */
export interface FaultPlan {
  readonly request: RequestFault | null;
  readonly notify: NotifyFault | null;
}

export const NO_FAULT: FaultPlan = { request: null, notify: null };

/** Public test cards of the acquirer's list. */
export const CARDS = {
  visa: '4112344112344113',
  mastercard: '5112345112345114',
  discover: '6011016011016011',
} as const;
export type CardName = keyof typeof CARDS;

export interface Call {
  readonly label: string;
  /**
   * Whose API key: the index of a marketplace, or the operator. The own sides of the acquirer, of the wallets and of the shops
   * have none, nor have the cardholder's browser, which answers the issuer's challenge in `body`, and the phone with a wallet.
   */
  readonly as: number | 'operator' | 'acquirer' | 'cardholder' | 'wallets' | 'shops' | 'phone';
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  /** Tokenized in the vault right before the call and sent as `token`. */
  readonly card?: CardName;
  readonly network?: NetworkOperation;
  readonly fault?: FaultPlan;
  /** The program is killed while this call is in flight. */
  readonly kill?: boolean;
  /** Goes out with it, whatever fault it meets; its answer is not waited for by the life. */
  readonly meanwhile?: Call;
}

export type Body = Readonly<Record<string, unknown>>;

/** Status 0: no answer came (the program died, or the connection broke). */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export type Move = { readonly wait: number } | { readonly calls: readonly Call[] };
export type Life<Result = string> = Generator<Move, Result, readonly Answer[]>;

/** A life that got an answer it cannot have got from a right program. */
export class LifeBroken extends Error {
  override readonly name = 'LifeBroken';
}

/** The server may still do it: nothing is known yet, or something else must end first. */
const NOT_YET = ['conflict', 'operation_in_progress', 'payment_in_progress', 'refund_in_progress'];
const TRIES_MAX = 24;
/** In a list of accepted refusals: whatever is refused, the caller judges it. */
export const ANY_REFUSAL = 'any';

/** An answer that asks the buyer to act is no waiting one. */
const isOpen = ({ status, body }: Answer): boolean =>
  status === 0 ||
  (status === 202 && (body.action ?? null) === null) ||
  status >= 500 ||
  (status === 409 && NOT_YET.includes(String(body.code)));

/**
 * Repeats a call with its key, half a day apart, until the answer is final. A refusal with one of `accept` ends it as well;
 * any other refusal breaks the life.
 */
export function* settle(call: Call, accept: readonly string[] = []): Life<Answer> {
  return (yield* settleAll([call], accept))[0] as Answer;
}

/** The same for calls that compete: they go out together. */
export function* settleAll(calls: readonly Call[], accept: readonly string[]): Life<readonly Answer[]> {
  const answers = [...(yield { calls })];
  for (let tries = 1; ; tries += 1) {
    const open = calls.flatMap((call, index) => {
      const answer = answers[index] as Answer;
      return isOpen(answer) && !accept.includes(String(answer.body.code)) ? [{ call, index }] : [];
    });
    if (open.length === 0) break;
    if (tries > TRIES_MAX) throw new LifeBroken(`${open[0]?.call.label}: no final answer after ${TRIES_MAX} repeats`);
    yield { wait: 1 };
    const later = yield { calls: open.map(({ call }) => ({ ...call, fault: NO_FAULT, kill: false })) };
    for (const [position, { index }] of open.entries()) answers[index] = later[position] as Answer;
  }
  for (const [index, { status, body }] of answers.entries()) {
    if (status < 300 || accept.includes(ANY_REFUSAL) || accept.includes(String(body.code))) continue;
    throw new LifeBroken(`${calls[index]?.label}: unexpected refusal ${status} ${JSON.stringify(body)}`);
  }
  return answers;
}

/** The money of a view, in minor units. */
export function cents(body: Body, field: string): bigint {
  return BigInt((body[field] as { value: string } | undefined)?.value ?? '0');
}

export const usd = (amount: number | bigint) => ({ value: String(amount), currency: 'USD' });
