/**
 * A process that ends between any two steps: what was committed goes on elsewhere, by its job, with nothing lost and nothing done
 * twice. And a campaign that pays a part: each of its parts commits with the step it belongs to.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { EMPTY_PART, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Participant } from '../parties/index.ts';
import { cancelHubPayment } from './cancel-payment.ts';
import type { Discounts, HubDeps } from './deps.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import type { Discount, HubPayment } from './hub-payment.ts';
import { offerPayment } from './offer-payment.ts';
import { refundHubPayment } from './refund-payment.ts';
import { settlePayment } from './settle-payment.ts';
import { findHubPayment, hubRefundsOf, loadHubPayment } from './store.ts';
import { type TakePayment, takePayment } from './take-payment.ts';
import { approved, aWish, type PayingHub, payingHub, SILENT } from './test-wallets.ts';

const yen = (amount: number) => money(amount, 'JPY');
const gone = () => Promise.reject(new Error('the process ends here'));

describe('a process that ends half way', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let [tng, acquirer] = [] as unknown as [Participant, Participant];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    tng = await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
  });
  beforeEach(async () => {
    hub = payingHub(m);
    await m.db.query('delete from jobs');
  });
  after(() => m?.end());

  const wish = (changes: Partial<TakePayment> = {}): TakePayment => aWish(acquirer, changes);
  /** As if it ended when the network was called. */
  const dying = (call: 'pay' | 'cancel' | 'refund'): HubDeps => ({
    ...hub.deps,
    wallets: { ...hub.deps.wallets, [call]: gone },
  });
  const rowOf = async ({ requestId }: TakePayment): Promise<HubPayment> =>
    (await findHubPayment(m.db, { acquirer: acquirer.id, requestId })) ?? assert.fail('no row');
  const pass = async (...seconds: readonly number[]): Promise<void> => {
    for (const each of seconds) {
      m.pass(each * 1000);
      await hub.runDue();
    }
  };

  test('before the wallet was called: it is found not to know it, and the payment fails', async () => {
    const asked = wish();
    await assert.rejects(takePayment(dying('pay'), asked), /the process ends here/);
    assert.equal((await rowOf(asked)).state, 'in_process');
    assert.equal(must(await takePayment(hub.deps, asked)).state, 'in_process');
    hub.wallet.inquiries.push(...Array.from({ length: 3 }, () => ({ outcome: 'not_found' }) as const));
    await pass(4, 4);
    assert.equal((await rowOf(asked)).state, 'in_process');
    await pass(30);
    assert.equal((await rowOf(asked)).state, 'failed');
    assert.deepEqual([hub.wallet.paid.length, hub.wallet.canceled.length, hub.told.length], [0, 1, 1]);
  });

  test('after the wallet was called: what it has done is found out', async () => {
    const asked = wish();
    const lost: HubDeps = {
      ...hub.deps,
      wallets: { ...hub.deps.wallets, pay: (...call) => hub.deps.wallets.pay(...call).then(gone) },
    };
    await assert.rejects(takePayment(lost, asked));
    assert.equal(hub.wallet.paid.length, 1);
    hub.wallet.inquiries.push(approved(m.now()));
    await pass(4);
    assert.equal((await rowOf(asked)).state, 'paid');
    assert.equal(hub.told.length, 1);
  });

  test('before a cancel was sent, and before a refund was', async () => {
    const payment = must(await takePayment(hub.deps, wish()));
    await assert.rejects(cancelHubPayment(dying('cancel'), { payment: payment.id, by: 'acquirer' }));
    await pass(4);
    assert.equal((await loadHubPayment(m.db, payment.id))?.state, 'canceled');

    const other = must(await takePayment(hub.deps, wish()));
    const refund = { payment: other, requestId: newId('req'), amount: yen(400), reason: 'returned' };
    await assert.rejects(refundHubPayment(dying('refund'), refund));
    await pass(4);
    const [back] = await hubRefundsOf(m.db, other.id);
    assert.deepEqual([back?.state, (await loadHubPayment(m.db, other.id))?.refunded.amount], ['refunded', 400n]);
    assert.equal(must(await refundHubPayment(hub.deps, refund)).id, back?.id);
    assert.equal(hub.wallet.refunded.length, 1);
  });

  test('while an acquirer is told: it is told again', async () => {
    must(await takePayment(hub.deps, wish()));
    const deaf = payingHub(m, { acquirers: { ...hub.deps.acquirers, notify: gone } });
    await assert.rejects(deaf.runDue());
    await m.db.query('update jobs set lease = null, leased_until = null');
    await hub.runDue();
    assert.equal(hub.told.length, 1);
  });

  describe('campaigns', () => {
    const campaign = newId('cmp');
    const granted: Discount = {
      ...{ campaign, name: 'a tenth off', fundedBy: 'merchant', savings: money(3_000, 'MYR') },
      ...{ off: yen(1_000), funded: yen(0) },
    };
    const watched = (grants: boolean) => {
      const steps: string[] = [];
      const note = async (step: string): Promise<UnitPart> => {
        steps.push(step);
        return EMPTY_PART;
      };
      const discounts: Discounts = {
        granting: async () => ({ discounts: grants ? [granted] : [], part: await note('granting') }),
        spending: () => note('spending'),
        lettingGo: () => note('lettingGo'),
        canceling: () => note('canceling'),
        returning: (_payment, shares) => note(`returning ${shares.map(({ off }) => off.amount)}`),
      };
      return { steps, deps: { ...hub.deps, discounts } };
    };

    test('the price has their discounts, and each step its part', async () => {
      const { deps, steps } = watched(true);
      const payment = must(await takePayment(deps, wish()));
      assert.deepEqual([payment.price?.settlement, payment.discounts.length], [yen(9_000), 1]);
      assert.equal(hub.wallet.paid[0]?.discounts[0]?.fundedBy, 'MERCHANT');
      must(await refundHubPayment(deps, { payment, requestId: newId('req'), amount: yen(5_000), reason: 'half' }));
      const other = must(await takePayment(deps, wish()));
      must(await cancelHubPayment(deps, { payment: other.id, by: 'acquirer' }));
      assert.deepEqual(steps, ['granting', 'spending', 'returning 500', 'granting', 'spending', 'canceling']);
    });

    test('a budget that is used up takes the discount away, never the payment', async () => {
      const spent = ({ id }: Pick<HubPayment, 'id'>): UnitPart => {
        const [none, all] = [yen(0), yen(1_000)];
        const facts = { payment: id, acquirer: acquirer.id, campaign, hubDiscount: none, sponsorDiscount: none };
        return part({ events: [event('hub.discount_funded', id, { ...facts, budgetSpent: all })] });
      };
      const granting: Discounts['granting'] = async ({ payment }) => ({ discounts: [granted], part: spent(payment) });
      const deps = { ...hub.deps, discounts: { ...hub.deps.discounts, granting } };
      const payment = must(await takePayment(deps, wish()));
      assert.deepEqual([payment.state, payment.discounts, payment.price?.settlement], ['paid', [], yen(10_000)]);
    });

    test('of a payment that nobody makes they are let go', async () => {
      const { deps, steps } = watched(true);
      hub.wallet.pays.push({ outcome: 'declined', code: 'RISK_REJECT', message: '', limitSetBy: null }, SILENT);
      must(await takePayment(deps, wish()));
      const silent = must(await takePayment(deps, wish()));
      must(await cancelHubPayment(deps, { payment: silent.id, by: 'acquirer' }));
      const open = must(await takePayment(deps, wish({ payer: { scenario: 'order_code' } })));
      must(await offerPayment(deps, open.id, { wallet: tng, customerId: 'C1' }));
      must(await settlePayment(deps, open.id, approved(m.now())));
      assert.deepEqual(steps, ['granting', 'lettingGo', 'granting', 'lettingGo', 'granting', 'spending']);
    });
  });
});
