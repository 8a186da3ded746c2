/** Orders of our own marketplaces, paid at the wallet in memory by the code that its user shows, for tests of clearing. */
import { committed, type Modules, usd } from '../../../test/support/modules.ts';
import { must } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import { cancelPayment, type Payment, payByWallet, type Refund, refundPayment } from '../../payments/index.ts';

export async function payOwn(m: Modules, { wallet }: Participant, cents: number): Promise<Payment> {
  const order = await m.order([cents]);
  const asked = {
    ...{ marketplace: m.marketplace.id, order: order.id, instalment: 1, wallet: wallet?.slug ?? '' },
    payer: { kind: 'payment_code', code: '281002'.padEnd(24, '7') },
  } as const;
  return committed(must(await payByWallet(m.payments, m.key(), asked)));
}

export const refundOwn = async (m: Modules, payment: Payment, cents: number): Promise<Refund> =>
  committed(
    must(await refundPayment(m.payments, m.key(), { ...target(m, payment), amount: usd(cents), reason: 'back' })),
  );

/** Takes all of it back on the same day. `isLost`: the wallet never hears of it. */
export async function cancelOwn(m: Modules, payment: Payment, isLost = false): Promise<void> {
  if (isLost) m.wallet.next = ['lose_before'];
  must(await cancelPayment(m.payments, m.key(), target(m, payment)));
}

const target = (m: Modules, { id }: Payment) => ({ marketplace: m.marketplace.id, payment: id });
