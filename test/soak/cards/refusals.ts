/** Lives whose first card is refused: nothing was charged, the instalment is due at once, and another card pays it. */
import { agree, attempt, deliver, isLost, pay, type Scene, type Terms } from './life.ts';

/** The issuer of these cards refuses exactly these amounts (docs/sandbox-acquirer.md); the plan's amount gives way. */
export const declinedSoft = (scene: Scene): Promise<void> =>
  scene.random.chance(0.5)
    ? otherCard({ ...scene, plan: { ...scene.plan, cents: 30_300 } }, { card: 'visa' }, 'PROCESSOR_DECLINE')
    : otherCard({ ...scene, plan: { ...scene.plan, cents: 40_100 } }, { card: 'mastercard' }, 'DECLINED');

/**
 * A card that ran out. The vault judges it by the wall's calendar and takes it; the issuer lives in business time, where the
 * month is over by then.
 */
export async function declinedHard(scene: Scene): Promise<void> {
  await scene.calendar.wait(A_MONTH);
  await otherCard(scene, { card: 'discover', expiresThisMonth: true }, 'EXPIRED_CARD');
}

/** The issuer would approve half. Nobody asked it to: the acquirer is told that less is of no use, and it declines. */
export const approvedForLess = (scene: Scene): Promise<void> =>
  otherCard(scene, { card: 'half_approved' }, 'INSUFFICIENT_FUNDS');

/** Half-days after which any month is over that had begun. */
const A_MONTH = 64;
const TRIES_MAX = 12;
/** What the acquirer says instead of any code when the fault of that name hits: a decline all the same. */
const UNKNOWN_CODE = 'SANDBOX_CODE_999';

async function otherCard(scene: Scene, terms: Terms, code: string): Promise<void> {
  await agree(scene);
  await declined(scene, terms, code);
  await pay(scene, { card: scene.random.pick(['discover', 'attempted'] as const) }, 'captured');
  await deliver(scene);
}

async function declined(scene: Scene, terms: Terms, code: string): Promise<void> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const payment = await attempt(scene, terms);
    if (payment.state === 'declined' && [code, UNKNOWN_CODE].includes(payment.decline?.code ?? '')) return;
    if (!isLost(payment))
      throw new Error(`payment ${payment.id} is ${payment.state} (${payment.decline?.code}), not declined as ${code}`);
    scene.life.again += 1;
  }
  throw new Error(`no attempt reached the acquirer, ${TRIES_MAX} times`);
}
