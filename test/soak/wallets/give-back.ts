/** What a shop or the marketplace gives back of a wallet life: canceled or refunded the same day, or on the next, in whole or in parts. */
import { amountOf, charge, own, type Scene, unlessRefused } from './life.ts';
import { isOwn } from './plan.ts';

/** Some three quarters of an hour later: what is given back on the same day, and the codes whose minute is over. */
export async function returnToday(scene: Scene): Promise<void> {
  const { plan, code } = scene.life;
  if (plan.kind === 'expired_code' && code !== null) {
    const late = await charge(scene, 'payment_code', { paymentCode: code });
    scene.life.outcomes.push(`expired_code ${late.state} ${late.resultCode}`);
  }
  if (plan.after === 'canceled') await giveBack(scene, 'cancel', 100);
  if (plan.after === 'refunded') await giveBack(scene, 'refund', 100);
  if (plan.after.startsWith('refunded_in_part')) await giveBack(scene, 'refund', plan.share);
}

/** The next day, when it is too late to cancel. */
export async function returnLater(scene: Scene): Promise<void> {
  const { after } = scene.life.plan;
  if (after === 'canceled_late') {
    await giveBack(scene, 'late cancel', 100);
    await giveBack(scene, 'refund', 100);
  }
  if (after === 'refunded_in_parts') await giveBack(scene, 'refund', 100, 'rest');
}

type Return = 'cancel' | 'late cancel' | 'refund';

async function giveBack(scene: Scene, what: Return, share: number, suffix = 'first'): Promise<void> {
  const { life, faults, stubborn } = scene;
  if (life.payment === null) return;
  const operation = what === 'refund' ? 'refund' : 'cancelPayment';
  if (life.plan.faults[1]) await stubborn(() => faults.order(operation));
  const ask = isOwn(life.plan.kind) ? askMarket : askShop;
  const said = await unlessRefused(() => ask(scene, life.payment as string, { what, share, suffix }));
  life.outcomes.push(typeof said === 'string' ? `${what} refused ${said.split(':')[0]}` : `${what} ${said.state}`);
}

interface Asked {
  readonly what: Return;
  readonly share: number;
  readonly suffix: string;
}

interface Answered {
  readonly state: string;
}

/** The last part is all that is left. */
function askShop(scene: Scene, payment: string, { what, share, suffix }: Asked): Promise<Answered> {
  const { world, acquirer, stubborn, life } = scene;
  const named = { acquirerId: acquirer.acquirerId, payment };
  if (what !== 'refund') return stubborn(() => world.shops.post<Answered>('/_sandbox/cancellations', named));
  const part = Math.max(1, Math.floor((Number(amountOf(scene).value) * share) / 100));
  const amount = share === 100 ? {} : { amount: String(part) };
  const refundRequestId = `life-${life.plan.number}-${suffix}`;
  return stubborn(() => world.shops.post<Answered>('/_sandbox/refunds', { ...named, ...amount, refundRequestId }));
}

async function askMarket({ market: { api }, stubborn, life }: Scene, payment: string, asked: Asked): Promise<Answered> {
  const { what, share, suffix } = asked;
  const path = `/v1/payments/${payment}`;
  const key = `life-${life.plan.number}-${what.replace(' ', '-')}-${suffix}`;
  if (what !== 'refund') return stubborn(() => api.post<Answered>(`${path}/cancel`, {}, key));
  type View = { readonly captured: { readonly value: string }; readonly refunded: { readonly value: string } };
  const { captured, refunded } = await stubborn(() => api.get<View>(path));
  const left = Number(captured.value) - Number(refunded.value);
  const amount = own(share === 100 ? left : Math.max(1, Math.floor((left * share) / 100)));
  return stubborn(() => api.post<Answered>(`${path}/refunds`, { amount, reason: 'agreed' }, key));
}
