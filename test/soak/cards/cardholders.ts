/** Lives whose cardholder is asked (EMV 3-D Secure 2): not to be troubled, at the issuer's page, out of reach. */
import { agree, attempt, type Card, type CardPayment, deliver, isLost, paid, type Scene, tell } from './life.ts';

const RIGHT = '123456';
const WRONG = '000000';
/** A question of the issuer that the buyer never got to see, because the answer with it was lost, ends by itself. */
const NEVER_SHOWN = ['not_received', 'challenge_abandoned'];
const TRIES_MAX = 12;

export const frictionless = (scene: Scene): Promise<void> => proven(scene, 'visa', true);
export const attempted = (scene: Scene): Promise<void> => proven(scene, 'attempted', true);
/** The rules go on without a proof; the risk of fraud stays with the seller. */
export const unavailable = (scene: Scene): Promise<void> => proven(scene, 'unavailable', false);

async function proven(scene: Scene, card: Card, shifts: boolean): Promise<void> {
  await agree(scene);
  const payment = await ask(scene, card, ({ state }) => state === 'captured');
  paid(scene, payment);
  if (payment.authentication?.liabilityShift !== shifts)
    throw new Error(`payment ${payment.id}: ${JSON.stringify(payment.authentication)}`);
  await deliver(scene);
}

export async function challengePassed(scene: Scene): Promise<void> {
  await agree(scene);
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const asked = await challenged(scene);
    await answer(scene, asked, RIGHT, 1);
    const payment = await goOn(scene, asked.id);
    if (payment.state === 'captured') {
      paid(scene, payment);
      return deliver(scene);
    }
    if (!isLost(payment)) throw new Error(`payment ${payment.id} is ${payment.state} (${payment.decline?.code})`);
    tell(scene, payment, { state: 'declined' });
    scene.life.again += 1;
  }
  throw new Error('the right code never led to a charge');
}

export async function challengeFailed(scene: Scene): Promise<void> {
  await agree(scene);
  const asked = await challenged(scene);
  await answer(scene, asked, WRONG, 3);
  await refused(scene, await goOn(scene, asked.id));
}

export async function challengeAbandoned(scene: Scene): Promise<void> {
  await agree(scene);
  const asked = await challenged(scene);
  await scene.calendar.wait(1);
  await refused(scene, await scene.api.get<CardPayment>(`/v1/payments/${asked.id}`));
}

export async function notAuthenticated(scene: Scene): Promise<void> {
  await agree(scene);
  await refused(scene, await ask(scene, 'not_authenticated', isRefused));
}

/** Nothing was charged; a card of another issuer pays. */
async function refused(scene: Scene, payment: CardPayment): Promise<void> {
  if (!isRefused(payment)) throw new Error(`payment ${payment.id} is ${payment.state} (${payment.decline?.code})`);
  tell(scene, payment, { state: 'declined' });
  await ask(scene, 'visa', ({ state }) => state === 'captured').then((done) => paid(scene, done));
}

const isRefused = ({ state, decline }: CardPayment): boolean =>
  state === 'declined' && decline?.code === 'authentication_failed';

const challenged = (scene: Scene): Promise<CardPayment> =>
  ask(scene, 'mastercard', ({ state, action }) => state === 'authenticating' && action !== null);

/** Asks until the issuer has had its say. */
async function ask(scene: Scene, card: Card, isWanted: (payment: CardPayment) => boolean): Promise<CardPayment> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const payment = await attempt(scene, { card, cardholder: true });
    const neverShown = NEVER_SHOWN.includes(reasonOf(payment));
    if (isWanted(payment) && !neverShown) return payment;
    if (!isLost(payment) && !neverShown)
      throw new Error(`payment ${payment.id} is ${payment.state} (${payment.decline?.code}, ${reasonOf(payment)})`);
    scene.life.again += 1;
  }
  throw new Error(`the issuer was never asked, ${TRIES_MAX} times`);
}

const reasonOf = ({ authentication }: CardPayment): string =>
  String((authentication as { reason?: string | null } | null)?.reason ?? '');

/** The buyer is back; half a day later what came of it is known for certain. */
async function goOn(scene: Scene, id: string): Promise<CardPayment> {
  await scene.faults.maybe('payments');
  const { status, body } = await scene.api.post<CardPayment>(`/v1/payments/${id}/continue`, {}, () => true);
  if (status === 200) return body;
  await scene.calendar.wait(1);
  return scene.api.get<CardPayment>(`/v1/payments/${id}`);
}

/** The cardholder's browser at the issuer's page; the page has its own buttons, the browser its own patience. */
async function answer(scene: Scene, { action, id }: CardPayment, code: string, times: number): Promise<void> {
  if (action === null) throw new Error(`payment ${id} has no challenge to answer`);
  let page = await scene.page(action.url, { creq: action.creq });
  for (let turn = 0; turn < times; turn += 1) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const fields = hidden.map(([, name, value]) => [name as string, value as string] as const);
    page = await scene.page(action.url, { ...Object.fromEntries(fields), code });
  }
}
