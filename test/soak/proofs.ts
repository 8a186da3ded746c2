/**
 * What must hold when everything has come to rest, however often something was killed. Each proof reads its own side: the
 * clients' records, the event feed, the acquirer's and the bank's own books. A proof answers with what breaks it.
 */

import { readThreeSides } from '../../stories/three-sides.ts';
import type { Page } from '../../stories/views.ts';
import type { World } from '../../stories/world.ts';
import { type Feed, readFeed } from './feed.ts';
import type { Market } from './people.ts';
import { proveAcquirer } from './prove-acquirer.ts';
import { proveBank } from './prove-bank.ts';
import { proveLives, proveReplays, proveSellers } from './prove-clients.ts';
import type { Record } from './stubborn-client.ts';
import type { Traffic } from './traffic.ts';

export interface Scene {
  readonly world: World;
  readonly markets: readonly Market[];
  readonly record: Record;
  readonly traffic: Traffic;
}

export interface Proof {
  readonly violations: readonly string[];
  readonly counts: { readonly [name: string]: unknown };
}

export async function proveEverything(scene: Scene): Promise<Proof> {
  // Before the proofs send anything themselves: replays must change nothing.
  const before = await readFeed(scene.world);
  const parts: readonly Proof[] = [
    await proveRest(scene.world),
    await proveReplays(scene),
    await proveLives(scene),
    await proveSellers(scene, before),
    await proveAcquirer(scene.world, before),
    await proveBank(scene.world, before),
    await proveSides(scene.world),
    await proveNothingMoved(scene.world, before),
  ];
  return {
    violations: parts.flatMap(({ violations }) => violations),
    counts: Object.assign({ events: before.events.length }, ...parts.map(({ counts }) => counts)),
  };
}

/** Nothing is open: no operation without an outcome, no dead or due job, no payout under way, no unexplained line. */
export async function proveRest({ operator }: World): Promise<Proof> {
  const open = await operator.get<Page<{ id: string; kind: string }>>('/v1/operations?olderThanMinutes=0');
  const dead = await operator.get<Page<{ kind: string; lastError: string }>>('/v1/jobs/dead');
  const { jobs } = await operator.get<{ jobs: { due: number; dead: number } }>('/v1/system');
  const payouts = await operator.get<Page<{ id: string; state: string }>>(
    '/v1/payouts?state=initiated,awaiting_funds,filed&limit=100',
  );
  const lines = await operator.get<Page<{ id: string; text: string }>>('/v1/reconciliation/lines?state=unexplained');
  return {
    counts: {},
    violations: [
      ...open.data.map(({ id, kind }) => `operation ${id} (${kind}) is still open`),
      ...dead.data.map(({ kind, lastError }) => `dead job ${kind}: ${lastError}`),
      ...(jobs.due > 0 ? [`${jobs.due} jobs are due and not done`] : []),
      ...payouts.data.map(({ id, state }) => `payout ${id} is still ${state}`),
      ...lines.data.map(({ id, text }) => `bank line ${id} is unexplained: ${text}`),
    ],
  };
}

export async function proveSides(world: World): Promise<Proof> {
  const sides = await readThreeSides(world);
  const { captured, refunded, settled } = sides.ledger;
  return { violations: sides.disagreements, counts: { captured, refunded, settled, bank: sides.bank.balance } };
}

/** The replays of the proofs moved nothing: the journal stands where it stood. */
async function proveNothingMoved(world: World, before: Feed): Promise<Proof> {
  const { events } = await readFeed(world, before.events.at(-1)?.seq ?? '0');
  const violations = events.map(({ seq, type, subject }) => `replays moved something: ${seq} ${type} ${subject}`);
  return { violations: violations.slice(0, 20), counts: {} };
}
