/**
 * Sends a request that needs a card to its network. The caller writes placeholders, the vault fills them in and hands back
 * the network's answer; no other process ever sees a number (DESIGN §6), not even when a network echoes it.
 *
 * Order of checks, first refusal wins: shape and template · host · token known, unused, unexpired. Then the token is marked
 * as used, durably, BEFORE anything is sent: after a crash nobody can say that the number did not leave. The same
 * operation may forward again, as an honest retry; it goes without the verification value, which the first attempt used up.
 */
import { instant, wallNow } from '../base/clock.ts';
import { allowedTarget } from './allow-list.ts';
import { openNumber } from './envelope.ts';
import { type ForwardRequest, parseForward } from './forward-request.ts';
import { type NetworkAnswer, sendToNetwork } from './network.ts';
import { fillTemplate } from './placeholders.ts';
import type { FieldError, ProblemCode } from './problems.ts';
import type { CardRow } from './store.ts';
import type { TokenizeDeps } from './tokenize.ts';

export interface ForwardDeps extends TokenizeDeps {
  readonly allowedHosts: readonly string[];
}

export type Forwarded =
  | { readonly ok: true; readonly answer: NetworkAnswer }
  | { readonly ok: false; readonly code: ProblemCode; readonly errors?: readonly FieldError[] };

/** Handles POST /forward. @param timeoutHeader the request's `x-timeout-ms`. @throws store faults, before sending only. */
export async function forward(deps: ForwardDeps, body: unknown, timeoutHeader: unknown): Promise<Forwarded> {
  const parsed = parseForward(body, timeoutHeader);
  if (!parsed.ok) return { ok: false, code: 'bad_request', errors: parsed.errors };
  const { request } = parsed;
  const target = allowedTarget(request.url, deps.allowedHosts);
  if (target === null) return { ok: false, code: 'host_not_allowed' };
  const claim = await deps.store.claim(request.token, request.operation, instant(wallNow()));
  if (claim.outcome !== 'claimed') return { ok: false, code: claim.outcome };

  const number = await openCard(deps, claim.card);
  const { expiryMonth, expiryYear } = claim.card;
  const cvv = deps.cvvs.take(request.token);
  const text = fillTemplate(request.template, { number, expiryMonth, expiryYear, cvv });
  return send(request, target, text, { number, mask: maskOf(claim.card, number.length) });
}

async function openCard({ keyring }: ForwardDeps, card: CardRow): Promise<string> {
  return openNumber(await keyring.dataKey(card.keyId), card, card);
}

async function send(
  { headers, timeoutMs }: ForwardRequest,
  url: URL,
  body: string,
  { number, mask }: { readonly number: string; readonly mask: string },
): Promise<Forwarded> {
  const sent = await sendToNetwork({ url, headers, body, timeoutMs });
  if (!sent.ok) return { ok: false, code: sent.code };
  // Byte for byte (latin1), whatever the answer's encoding is: digits are digits in all that networks use.
  const scrubbed = Buffer.from(sent.answer.body.toString('latin1').replaceAll(number, mask), 'latin1');
  return { ok: true, answer: { ...sent.answer, body: scrubbed } };
}

const maskOf = ({ bin, last4 }: CardRow, length: number): string => bin + 'X'.repeat(length - 10) + last4;
