/** Lives whose cardholder takes the money back through the bank, before or after the seller has it. */
import { usd } from '../../../stories/story.ts';
import type { Money, Page } from '../../../stories/views.ts';
import { sale } from './charges.ts';
import { deliver, must, type Scene } from './life.ts';

interface DisputeView {
  readonly id: string;
  readonly state: string;
  readonly stage: string;
  readonly turn: string | null;
  readonly networkId: string;
  readonly amount: Money;
}

interface Raised {
  readonly disputeId: string;
}

/** Half-days: a month to answer, and a day for the word to come. */
const LAPSED_AFTER = 62;
const LOOKS_MAX = 8;
const REASONS = ['10.4', '13.1', '13.3', '4837', '4853'] as const;

export const accepted = (scene: Scene): Promise<void> =>
  disputed(scene, 'FIRST_CHARGEBACK', async (dispute) => {
    await say(scene, dispute, 'accept');
    await becomes(scene, dispute, 'accepted');
    return 'accepted';
  });

export const won = (scene: Scene): Promise<void> =>
  disputed(scene, 'FIRST_CHARGEBACK', async (dispute) => {
    await fight(scene, dispute);
    await moves(scene, dispute, 'WON', 'won');
    return 'won';
  });

export const lost = (scene: Scene): Promise<void> =>
  disputed(scene, 'FIRST_CHARGEBACK', async (dispute) => {
    await fight(scene, dispute);
    await moves(scene, dispute, 'LOST', 'lost');
    return 'lost';
  });

export const lapsed = (scene: Scene): Promise<void> =>
  disputed(scene, 'FIRST_CHARGEBACK', async (dispute) => {
    await scene.calendar.wait(LAPSED_AFTER);
    await becomes(scene, dispute, 'lost');
    return 'lost';
  });

/** The bank asks for papers, gets them and is content: no money moves. */
export const retrieval = (scene: Scene): Promise<void> =>
  disputed(scene, 'RETRIEVAL_REQUEST', async (dispute) => {
    await answerStage(scene, dispute);
    await moves(scene, dispute, 'WON', 'won');
    return 'won';
  });

export const retrievalThenChargeback = (scene: Scene): Promise<void> =>
  disputed(scene, 'RETRIEVAL_REQUEST', async (dispute) => {
    await answerStage(scene, dispute);
    await moves(scene, dispute, 'FIRST_CHARGEBACK', 'chargeback');
    await say(scene, dispute, 'accept');
    await becomes(scene, dispute, 'accepted');
    return 'accepted';
  });

type Ending = 'won' | 'lost' | 'accepted';

/** Some time after the sale, of all of it or a part; half of the sellers have their money by then. */
async function disputed(
  scene: Scene,
  type: 'FIRST_CHARGEBACK' | 'RETRIEVAL_REQUEST',
  goOn: (dispute: DisputeView) => Promise<Ending>,
): Promise<void> {
  const { random, plan, life, calendar } = scene;
  const payment = await sale(scene);
  const released = random.chance(0.5);
  if (released) await deliver(scene);
  await calendar.wait(random.integer(1, 6));
  const cents = random.chance(0.3) ? Math.floor((plan.cents * plan.share) / 100) : plan.cents;
  const network = await raise(scene, payment, { type, cents });
  const expected = { network, lost: 0, state: 'won' as Ending };
  life.disputes.push(expected);
  const dispute = await opened(scene, network);
  expected.state = await goOn(dispute);
  if (expected.state !== 'won') expected.lost = cents;
  if (!released && (expected.state === 'won' || cents < plan.cents)) await deliver(scene);
}

async function raise(
  { api, network, random, faults }: Scene,
  payment: string,
  { type, cents }: { readonly type: string; readonly cents: number },
): Promise<string> {
  const { operations } = await api.get<{ operations: readonly { networkId: string | null; state: string }[] }>(
    `/v1/payments/${payment}`,
  );
  const sold = operations.find(({ state }) => state === 'approved');
  await faults.maybe('disputes');
  const body = { transactionId: sold?.networkId, reasonCode: random.pick(REASONS), amount: cents, type };
  return (await network<Raised>('/_sandbox/disputes', body)).disputeId;
}

/** The case as we have it: told by a notification, or found with the next day's list. */
async function opened(scene: Scene, network: string): Promise<DisputeView> {
  for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
    await scene.calendar.wait(1);
    const path = `/v1/disputes?order=${scene.life.order}`;
    const { data } = await scene.api.get<Page<DisputeView>>(path);
    const found = data.find(({ networkId }) => networkId === network);
    if (found !== undefined) return found;
  }
  throw new Error(`dispute ${network} is not known here after ${LOOKS_MAX} half-days`);
}

/** Evidence, and now and then a second round. */
async function fight(scene: Scene, dispute: DisputeView): Promise<void> {
  await answerStage(scene, dispute);
  if (scene.random.chance(0.3)) await network(scene, dispute, 'UNDER_ISSUER_REVIEW');
  if (!scene.random.chance(0.3)) return;
  await moves(scene, dispute, 'PRE_ARBITRATION', 'pre_arbitration');
  await answerStage(scene, dispute);
}

async function answerStage(scene: Scene, dispute: DisputeView): Promise<void> {
  const content = Buffer.from(`Delivered in ${usd(scene.plan.cents).value}, signed by the buyer`).toString('base64');
  const documents = [{ name: 'delivery.txt', mediaType: 'text/plain', content }];
  must(await scene.api.post(`/v1/disputes/${dispute.id}/evidence`, { documents }), 201, 'evidence');
  await say(scene, dispute, 'challenge');
  await scene.calendar.wait(1);
}

async function say(scene: Scene, { id }: DisputeView, verb: 'accept' | 'challenge'): Promise<void> {
  await scene.faults.maybe('disputes');
  must(await scene.api.post(`/v1/disputes/${id}/${verb}`, {}), 200, verb);
}

const network = (scene: Scene, { networkId }: DisputeView, to: string): Promise<unknown> =>
  scene.network(`/_sandbox/disputes/${networkId}/advance`, { to });

/** The issuer or the scheme moves it. */
async function moves(scene: Scene, dispute: DisputeView, to: string, wanted: string): Promise<void> {
  await scene.faults.maybe('disputes');
  await network(scene, dispute, to);
  await becomes(scene, dispute, wanted);
}

async function becomes(scene: Scene, { id }: DisputeView, wanted: string): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const { state } = await scene.api.get<DisputeView>(`/v1/disputes/${id}`);
    if (state === wanted) return;
    if (looks > LOOKS_MAX) throw new Error(`dispute ${id} is ${state} instead of ${wanted}`);
    await scene.calendar.wait(1);
  }
}
