/** Lives about what is authorized, captured and given back before anybody was charged for it. */
import { usd } from '../../../stories/story.ts';
import { agree, askRefund, deliver, follow, pay, refund, type Scene, tell } from './life.ts';

const HALF_DAYS = 2;

/** So much of the plan's amount as its share says. */
const partOf = ({ plan: { cents, share } }: Scene): number => Math.floor((cents * share) / 100);

const CARDS = ['visa', 'mastercard', 'discover'] as const;

async function authorize(scene: Scene, terms: object = {}): Promise<string> {
  await agree(scene);
  const { id } = await pay(scene, { card: scene.random.pick(CARDS), capture: 'manual', ...terms }, 'authorized');
  return id;
}

const capture = (scene: Scene, id: string, cents: number | null, final: boolean, wanted: string) =>
  follow(
    scene,
    id,
    {
      verb: 'capture',
      operation: 'captures',
      body: { ...(cents === null ? {} : { amount: usd(cents) }), ...(final ? {} : { final }) },
    },
    wanted,
  );

export async function sale(scene: Scene): Promise<string> {
  await agree(scene);
  const { id } = await pay(scene, { card: scene.random.pick(CARDS) }, 'captured');
  return id;
}

export async function sold(scene: Scene): Promise<void> {
  await sale(scene);
  await deliver(scene);
}

export async function capturedInFull(scene: Scene): Promise<void> {
  const id = await authorize(scene);
  await scene.calendar.wait(scene.random.integer(1, 6));
  await capture(scene, id, null, true, 'captured');
  tell(scene, { id }, { state: 'captured', captured: scene.plan.cents });
  await deliver(scene);
}

export async function capturedInPart(scene: Scene): Promise<void> {
  const id = await authorize(scene);
  await capture(scene, id, partOf(scene), true, 'captured');
  tell(scene, { id }, { state: 'captured', captured: partOf(scene) });
  await deliver(scene);
}

export async function capturedInParts(scene: Scene): Promise<void> {
  const id = await authorize(scene);
  const part = Math.floor(scene.plan.cents / 4);
  for (let turn = 1; turn <= scene.random.integer(1, 3); turn += 1) {
    await capture(scene, id, part, false, 'part_captured');
    await scene.calendar.wait(1);
  }
  await capture(scene, id, null, true, 'captured');
  tell(scene, { id }, { state: 'captured', captured: scene.plan.cents });
  await deliver(scene);
}

export async function voided(scene: Scene): Promise<void> {
  const id = await authorize(scene);
  await follow(scene, id, { verb: 'cancel', operation: 'void' }, 'canceled');
  tell(scene, { id }, { state: 'canceled' });
  if (!scene.plan.delivers) return;
  await pay(scene, { card: 'visa' }, 'captured');
  await deliver(scene);
}

export async function restReversed(scene: Scene): Promise<void> {
  const id = await authorize(scene);
  await capture(scene, id, partOf(scene), false, 'part_captured');
  await scene.calendar.wait(1);
  await follow(scene, id, { verb: 'cancel', operation: 'reverse' }, 'captured');
  tell(scene, { id }, { state: 'captured', captured: partOf(scene) });
  await deliver(scene);
}

export async function incremented(scene: Scene): Promise<void> {
  const id = await authorize(scene, { estimated: true });
  const more = scene.plan.cents + partOf(scene) + 1;
  const ask = { verb: 'increment', operation: 'increment', body: { amount: usd(more) } } as const;
  const grown = await follow(scene, id, ask, 'authorized');
  if (grown.authorized.value !== String(more)) throw new Error(`${id} is authorized for ${grown.authorized.value}`);
  await capture(scene, id, null, true, 'captured');
  tell(scene, { id }, { state: 'captured', captured: more });
  await deliver(scene);
}

/** The issuer holds the money for a week; a day before that the platform asks for another, or gives it back. */
export async function renewed(scene: Scene): Promise<void> {
  const id = await authorize(scene, { card: 'visa', onExpiry: 'reauthorize' });
  await scene.calendar.wait(5 * HALF_DAYS);
  await scene.faults.maybe('reauthorize');
  await scene.calendar.wait(4 * HALF_DAYS);
  await capture(scene, id, null, true, 'captured');
  tell(scene, { id }, { state: 'captured', captured: scene.plan.cents });
}

export async function releasedBeforeLapse(scene: Scene): Promise<void> {
  const id = await authorize(scene, { card: 'mastercard', onExpiry: 'release' });
  await scene.calendar.wait(5 * HALF_DAYS);
  await scene.faults.maybe('void');
  await scene.calendar.wait(4 * HALF_DAYS);
  const { state } = await scene.api.get<{ state: string }>(`/v1/payments/${id}`);
  if (state !== 'canceled') throw new Error(`${id} is ${state} after a week, not given back`);
  tell(scene, { id }, { state: 'canceled' });
}

export async function refundedInFull(scene: Scene): Promise<void> {
  const id = await sale(scene);
  await scene.calendar.wait(scene.random.integer(1, 4));
  await refund(scene, id, scene.plan.cents);
}

export async function refundedInPart(scene: Scene): Promise<void> {
  const id = await sale(scene);
  await refund(scene, id, partOf(scene));
  await deliver(scene);
}

export async function refundedInParts(scene: Scene): Promise<void> {
  const id = await sale(scene);
  const part = partOf(scene);
  await refund(scene, id, part);
  await scene.calendar.wait(1);
  await refund(scene, id, Math.floor((scene.plan.cents - part) / 2));
  if (scene.plan.delivers) return deliver(scene);
  await refund(scene, id, scene.plan.cents - part - Math.floor((scene.plan.cents - part) / 2));
}

/** Together they would be more than was captured: exactly one is done. */
export async function refundedTwiceAtOnce(scene: Scene): Promise<void> {
  const id = await sale(scene);
  const cents = Math.floor(scene.plan.cents / 2) + 1;
  const ask = () => askRefund(scene, id, cents);
  const answers = await scene.calendar.together([ask, ask]);
  const done = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ body }) => body.code === 'amount_exceeds_refundable');
  if (done.length !== 1 || refused.length !== 1)
    throw new Error(`two refunds of ${cents} of ${scene.plan.cents}: ${JSON.stringify(answers)}`);
  tell(scene, { id }, { state: 'captured', refunded: cents });
  await deliver(scene);
}
