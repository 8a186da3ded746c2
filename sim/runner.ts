/**
 * Runs lives side by side: in each half-day every life that is due acts until it waits again. Requests of one round go out
 * together, at most thirty at a time; those that meet the same fault go out as a group of their own, so that exactly they
 * meet it. Whatever answers come back, the lives decide; nothing here depends on timing.
 */

import { monotonicMs, sleep } from '../src/base/clock.ts';
import type { Client } from '../stories/client.ts';
import type { World } from '../stories/world.ts';
import type { Finding } from './audit/finding.ts';
import type { Market } from './cast.ts';
import type { Disturbance } from './disturb.ts';
import type { Facts } from './facts.ts';
import type { History } from './history.ts';
import { type Answer, type Body, CARDS, type Call, type Life, LifeBroken, type Move } from './moves.ts';
import { onPhone } from './phone.ts';
import type { WorldPlan } from './plan.ts';

export interface Runner {
  add(name: string, life: Life): void;
  /** Lets every life that is due act. The lives that broke on the way. */
  step(step: number): Promise<readonly Finding[]>;
  /** How lives ended → how many; those under way are `under way`. */
  outcomes(): ReadonlyMap<string, number>;
  readonly requests: () => number;
}

interface Living {
  readonly name: string;
  readonly life: Life;
  wakeAt: number;
  ended: string | null;
}

interface Pending {
  readonly living: Living;
  readonly calls: readonly Call[];
}

interface Sending {
  readonly call: Call;
  readonly answer: (answer: Answer) => void;
}

const AT_ONCE = 30;
const REQUEST_LIMIT_MS = 20_000;

export interface RunnerDeps {
  readonly world: World;
  readonly markets: readonly Market[];
  readonly plan: WorldPlan;
  readonly disturbance: Disturbance;
  readonly facts: Facts;
  readonly history: History;
}

export function makeRunner(deps: RunnerDeps): Runner {
  const all: Living[] = [];
  let requests = 0;
  const counted = (call: Call): Promise<Answer> => {
    requests += 1;
    return send(deps, call);
  };
  return {
    requests: () => requests,
    add: (name, life) => void all.push({ name, life, wakeAt: 0, ended: null }),
    step: async (step) => {
      const broken: Finding[] = [];
      const due = all.filter(({ ended, wakeAt }) => ended === null && wakeAt <= step);
      let pending = due.flatMap((living) => resume(living, [], step, broken));
      for (let round = 0; pending.length > 0; round += 1) {
        const answers = await runRound(deps, pending, { step, round, send: counted });
        pending = pending.flatMap(({ living }, index) =>
          resume(living, answers[index] as readonly Answer[], step, broken),
        );
      }
      return broken;
    },
    outcomes: () => {
      const counts = new Map<string, number>();
      for (const { ended } of all) counts.set(ended ?? 'under way', (counts.get(ended ?? 'under way') ?? 0) + 1);
      return counts;
    },
  };
}

/** Gives a life its answers; what it wants to send next, if anything. */
function resume(living: Living, answers: readonly Answer[], step: number, broken: Finding[]): readonly Pending[] {
  try {
    for (let given = answers; ; given = []) {
      const { done, value } = living.life.next(given);
      if (done === true) {
        living.ended = value;
        return [];
      }
      const move: Move = value;
      if ('calls' in move) return [{ living, calls: move.calls }];
      living.wakeAt = step + move.wait;
      if (move.wait > 0) return [];
    }
  } catch (error) {
    if (!(error instanceof LifeBroken)) throw error;
    living.ended = 'broken';
    const law = error.message.startsWith('idempotency')
      ? 'idempotency: one key, one answer'
      : 'lives: every answer is one that a right program gives';
    const ids = error.message.match(/\b[a-z]{2,3}_[0-9a-f]{32}\b/g) ?? [];
    broken.push({ law, subjects: [...ids, `${living.name}:`], detail: error.message });
    return [];
  }
}

interface Round {
  readonly step: number;
  readonly round: number;
  readonly send: (call: Call) => Promise<Answer>;
}

async function runRound(
  deps: RunnerDeps,
  pending: readonly Pending[],
  round: Round,
): Promise<readonly (readonly Answer[])[]> {
  const answers: Answer[][] = pending.map(() => []);
  const sendings = pending.flatMap(({ calls }, place) =>
    calls.map(
      (call, index): Sending => ({
        call,
        answer: (answer) => {
          (answers[place] as Answer[])[index] = answer;
        },
      }),
    ),
  );
  const of = (kind: Group['kind']): readonly Sending[] => sendings.filter(({ call }) => groupOf(call).kind === kind);
  await sendFaulted(deps, of('fault'), round);
  await sendPlain(deps, of('plain'), round);
  if (of('kill').length > 0) {
    deps.history.add({ what: 'group', ...at(round), name: 'kill', calls: labels(of('kill')) });
    const atWallets = of('kill').filter(({ call }) => call.network === 'wallets pay').length;
    const counts = { payments: of('kill').length - atWallets, 'wallets pay': atWallets };
    await deps.disturbance.killDuring(counts, () => sendTogether(of('kill'), round.send));
  }
  return answers;
}

interface Group {
  readonly kind: 'fault' | 'plain' | 'kill';
  readonly name: string;
}

const at = ({ step, round }: Round) => ({ step, round });
const labels = (group: readonly Sending[]): readonly string[] => group.map(({ call }) => call.label);

function groupOf({ kill, fault, network }: Call): Group {
  if (kill === true) return { kind: 'kill', name: 'kill' };
  const none = fault === undefined || network === undefined || (fault.request === null && fault.notify === null);
  return none
    ? { kind: 'plain', name: 'plain' }
    : { kind: 'fault', name: `${network} ${fault.request} ${fault.notify}` };
}

/** Faults are ordered per operation of the network: side by side go the operations, one after the other their faults. */
async function sendFaulted(deps: RunnerDeps, sendings: readonly Sending[], round: Round): Promise<void> {
  const lanes = Map.groupBy(sendings, ({ call }) => call.network);
  const sendLane = async (lane: readonly Sending[]): Promise<void> => {
    for (const [name, group] of Map.groupBy(lane, ({ call }) => groupOf(call).name)) {
      const { fault, network } = (group[0] as Sending).call;
      deps.history.add({ what: 'group', ...at(round), name, calls: labels(group) });
      if (fault !== undefined && network !== undefined) await deps.disturbance.order(network, fault, group.length);
      await sendTogether(group, round.send);
    }
  };
  await Promise.all([...lanes.values()].map(sendLane));
}

async function sendPlain(deps: RunnerDeps, group: readonly Sending[], round: Round): Promise<void> {
  if (group.length === 0) return;
  deps.history.add({ what: 'group', ...at(round), name: 'plain', calls: labels(group) });
  const sendAll = (): Promise<void> => sendTogether(group, round.send);
  const afterMs = round.round === 0 ? deps.plan.cuts.get(round.step) : undefined;
  return afterMs === undefined ? sendAll() : deps.disturbance.cutDuring(afterMs, sendAll);
}

async function sendTogether(group: readonly Sending[], sendOne: (call: Call) => Promise<Answer>): Promise<void> {
  const waiting = [...group];
  const sendNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next.answer(await sendOne(next.call));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
}

async function send(deps: RunnerDeps, call: Call): Promise<Answer> {
  const { markets, world, facts, history } = deps;
  if (call.as === 'cardholder') return atIssuer(history, call);
  if (call.as === 'phone') return onPhone(world.addresses.wallets, history, call);
  const meanwhile = call.meanwhile === undefined ? null : send(deps, call.meanwhile);
  const market = typeof call.as === 'number' ? markets[call.as] : undefined;
  const client = clientOf(world, call.as) ?? market?.api ?? world.operator;
  const token =
    call.card === undefined || market === undefined ? undefined : await tokenize(world, market.id, CARDS[call.card]);
  const body = token === undefined ? call.body : { ...call.body, token };
  intend(facts, call);
  const began = monotonicMs();
  const answer = await client
    .send<Body>(call.method, call.path, {
      ...(body === undefined ? {} : { body }),
      ...(call.key === undefined ? {} : { key: call.key }),
      timeoutMs: REQUEST_LIMIT_MS,
    })
    .then(({ status, body: got }): Answer => ({ status, body: typeof got === 'object' ? coded(got) : {} }))
    .catch((error: unknown): Answer => ({ status: 0, body: { code: 'no_answer', cause: String(error) } }));
  if (answer.status >= 200 && answer.status < 300 && call.method !== 'GET') facts.acknowledge(call.label, answer.body);
  await meanwhile;
  const { id, state, code, cause } = answer.body;
  const ms = Math.round(monotonicMs() - began);
  history.add({
    what: 'request',
    label: call.label,
    key: call.key,
    path: call.path,
    status: answer.status,
    ms,
    id,
    state,
    code,
    cause,
  });
  return answer;
}

/** Sandboxes call the code of a refusal `error`. */
const coded = (body: Body): Body =>
  body.code === undefined && body.error !== undefined ? { ...body, code: body.error } : body;

const clientOf = ({ acquirer, wallets, shops }: World, as: Call['as']): Client | null =>
  as === 'acquirer' ? acquirer : as === 'wallets' ? wallets : as === 'shops' ? shops : null;

/** The issuer's page takes the code of `body` as often as it says. */
async function atIssuer(history: History, { label, path, body }: Call): Promise<Answer> {
  const { creq, code, times } = body as { creq: string; code: string; times: number };
  let page = await submit(path, { creq });
  for (let turn = 0; turn < times; turn += 1) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    page = await submit(path, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), code });
  }
  history.add({ what: 'challenge', label, code, times });
  return { status: 200, body: {} };
}

async function submit(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  return answer.text();
}

/** Which key asked for an effect under which subject. */
function intend(facts: Facts, { path, key, body }: Call): void {
  const pay = /^\/v1\/orders\/(ord_\w+)\/payments$/.exec(path)?.[1];
  const refund = /^\/v1\/payments\/(pay_\w+)\/refunds$/.exec(path)?.[1];
  if (key === undefined) return;
  if (pay !== undefined) facts.intend(`${pay}:${body?.instalment}`, key);
  if (refund !== undefined) facts.intend(refund, key);
}

/** A card token; the vault may be without its database for a moment. */
async function tokenize(world: World, market: string, number: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await world.tokenize(market, number);
    } catch (error) {
      if (tries >= 300) throw error;
      await sleep(50);
    }
  }
}
