/** Routes by currency, brand and country, and the one second try of a decline, over two accounts in memory. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import {
  aToken,
  committed,
  createModules,
  type FakeAcquirer,
  fakeAcquirer,
  type Modules,
  usd,
} from '../../test/support/modules.ts';
import { instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { must } from '../base/result.ts';
import type { DeclineClass } from '../connectors/ports/card-acquirer.ts';
import type { Job } from '../jobs/index.ts';
import { leaseJobs } from '../jobs/queue.ts';
import { account, balanceOf } from '../ledger/index.ts';
import {
  accountsFor,
  type CardAccount,
  cardAccounts,
  changeMarketplace,
  ensureNetworkAccount,
} from '../parties/index.ts';
import { findOrder } from '../protection/index.ts';
import {
  confirmByInquiry,
  continuePayment,
  findPayment,
  operationsOf,
  type Payment,
  type PaymentDeps,
  payInstalment,
  refundPayment,
  resolveOperationJob,
} from './index.ts';
import { brokenLimit } from './retry-limits.ts';
import { CARDHOLDER, PROOF } from './test-cardholder.ts';

describe('routes and second tries', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let other: FakeAcquirer;
  let second: CardAccount;
  let deps: PaymentDeps;
  let card: { brand: string; fingerprint?: string };
  before(async () => {
    m = await createModules();
    other = fakeAcquirer();
    const own = { journal: m.journal, clock: m.orders.clock };
    const row = await ensureNetworkAccount(own, { network: 'other', funding: 'net', merchantId: '200000000002' });
    second = { ...row, acquirer: other, authentication: m.authentication };
    deps = {
      ...m.payments,
      accounts: cardAccounts([m.cardAccount, second]),
      vault: {
        ...m.vault,
        describe: async (token) => ({ token, marketplace: m.marketplace.id, last4: '1111', ...card }),
      },
    };
    card = { brand: 'visa' };
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });
  const try_ = async (cents: number, fields: object = {}, key = m.key()) => {
    const order = await m.order([cents]);
    const input = { marketplace: m.marketplace.id, order: order.id, instalment: 1, token: aToken() };
    return payInstalment(deps, key, { ...input, capture: 'automatic', ...fields });
  };
  const pay = async (cents: number, fields: object = {}) => committed(must(await try_(cents, fields)));
  const decline = (kind?: DeclineClass, code = 'DO_NOT_HONOR') =>
    ({ outcome: 'declined', code, message: 'no', ...(kind === undefined ? {} : { class: kind }) }) as const;
  const kinds = async ({ id }: Payment) =>
    (await operationsOf(m.db, id)).map(
      ({ kind, state, network }) => `${kind} ${state} ${network === second.id ? 2 : 1}`,
    );
  const receivable = (of: CardAccount) => balanceOf(m.db, account('receivable', of.id), 'USD');

  test('after a soft decline the next account is asked, once, and everything that follows goes there', async () => {
    m.acquirer.next.push(decline('soft'));
    const payment = await pay(4000);
    assert.deepEqual([payment.state, payment.network], ['captured', second.id]);
    assert.deepEqual(
      payment.tries.map((each) => [each.network, each.code, each.class]),
      [[m.cardAccount.id, 'DO_NOT_HONOR', 'soft']],
    );
    assert.deepEqual(await kinds(payment), ['sale declined 1', 'sale approved 2']);
    const references = [m.acquirer.payments.at(-1)?.reference, other.payments.at(-1)?.reference];
    assert.notEqual(references[0], references[1]);
    assert.deepEqual([(await receivable(m.cardAccount)).amount, (await receivable(second)).amount], [0n, 4000n]);
    const before = m.acquirer.followUps.length;
    must(
      await refundPayment(deps, m.key(), {
        marketplace: m.marketplace.id,
        payment: payment.id,
        amount: usd(4000),
        reason: 'r',
      }),
    );
    assert.deepEqual([other.followUps.at(-1)?.kind, m.acquirer.followUps.length], ['refund', before]);
  });

  test('two soft declines: declined, and no third try', async () => {
    m.acquirer.next.push(decline('soft', 'FIRST'));
    other.next.push(decline('soft', 'SECOND'));
    const key = m.key();
    const payment = committed(must(await try_(4100, {}, key)));
    assert.deepEqual([payment.state, payment.decline?.code, payment.decline?.class], ['declined', 'SECOND', 'soft']);
    assert.deepEqual(await kinds(payment), ['sale declined 1', 'sale declined 2']);
  });

  for (const kind of ['hard', 'refused', undefined] as const)
    test(`a decline that is ${kind ?? 'of no class'} is final`, async () => {
      m.acquirer.next.push(decline(kind));
      const asked = other.payments.length;
      const payment = await pay(4200);
      assert.deepEqual([payment.state, payment.tries, other.payments.length], ['declined', [], asked]);
    });

  test('an unknown outcome is not tried again, and a soft decline that inquiry brings is final', async () => {
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const asked = other.payments.length;
    const waiting = await pay(4300);
    assert.deepEqual([waiting.state, other.payments.length], ['pending', asked]);
    m.acquirer.known.set(m.acquirer.payments.at(-1)?.reference as string, decline('soft'));
    await confirmByInquiry(deps, m.acquirer.payments.at(-1)?.reference as string);
    const ended = (await findPayment(m.db, waiting.id)) as Payment;
    assert.deepEqual([ended.state, ended.tries, other.payments.length], ['declined', [], asked]);
  });

  test('the second call is lost: its own account is asked what came of it', async () => {
    m.acquirer.next.push(decline('soft'));
    other.next.push({ outcome: 'unknown', cause: 'reset' });
    const key = m.key();
    const waiting = committed(must(await try_(4400, {}, key)));
    assert.deepEqual([waiting.state, waiting.network], ['pending', second.id]);
    const { reference } = other.payments.at(-1) as { reference: string };
    other.known.set(reference, { outcome: 'approved', networkId: 'N', amount: usd(4400), details: {} });
    await confirmByInquiry(deps, reference);
    assert.equal(((await findPayment(m.db, waiting.id)) as Payment).state, 'captured');
    assert.deepEqual(await kinds(waiting), ['sale declined 1', 'sale approved 2']);
  });

  test('killed between the two: the second account never got it, the payment is declined and due again', async () => {
    m.acquirer.next.push(decline('soft'));
    other.next.push({ outcome: 'unknown', cause: 'process ended' });
    const waiting = await pay(4450);
    m.pass(120_000);
    const [job] = (await leaseJobs(m.db, { now: m.now(), limit: 1000, leaseMs: 60_000 })).filter(
      ({ subject }) => subject === waiting.openOperation,
    );
    await resolveOperationJob(deps, job as Job);
    const ended = (await findPayment(m.db, waiting.id)) as Payment;
    assert.deepEqual([ended.state, ended.decline?.code], ['declined', 'not_received']);
    assert.deepEqual(await kinds(waiting), ['sale declined 1', 'sale declined 2']);
    assert.equal((await findOrder(m.db, waiting.order))?.instalments[0]?.state, 'due');
  });

  test('an issuer that wants the cardholder gets one, where the browser is known', async () => {
    m.acquirer.next.push(decline('authenticate', 'AUTHENTICATION_REQUIRED'));
    m.authentication.next.push({ outcome: 'proven', proof: PROOF, liabilityShift: true });
    const payment = await pay(4500, { cardholder: CARDHOLDER });
    assert.deepEqual([payment.state, payment.authentication?.liabilityShift], ['captured', true]);
    assert.deepEqual(m.acquirer.payments.at(-1)?.authentication, PROOF);
    assert.deepEqual(await kinds(payment), ['sale declined 1', 'authenticate approved 1', 'sale approved 1']);
    m.acquirer.next.push(decline('authenticate', 'AUTHENTICATION_REQUIRED'));
    const nobody = await pay(4600);
    assert.deepEqual([nobody.state, nobody.decline?.class], ['declined', 'authenticate']);
  });

  test('the cardholder is asked by a challenge; the repeat of the command has the last answer', async () => {
    m.acquirer.next.push(decline('authenticate'));
    m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
    const waiting = await pay(4700, { cardholder: CARDHOLDER });
    assert.deepEqual([waiting.state, waiting.authentication?.state], ['authenticating', 'challenge']);
    m.authentication.next.push({ outcome: 'proven', proof: PROOF, liabilityShift: true });
    const target = { marketplace: m.marketplace.id, payment: waiting.id };
    assert.equal(must(await continuePayment(deps, target)).state, 'captured');
  });

  test('the limits of the scheme hold the platform back', async () => {
    card = { brand: 'mastercard', fingerprint: newId('tok') };
    const asked = other.payments.length;
    for (let times = 0; times < 9; times += 1) {
      m.acquirer.next.push(decline('hard'));
      assert.equal((await pay(4800 + times)).state, 'declined');
    }
    m.acquirer.next.push(decline('soft'));
    const tenth = await pay(4900);
    assert.deepEqual([tenth.state, other.payments.length], ['declined', asked], 'the tenth of a day is the last');
    m.pass(25 * 3_600_000);
    m.acquirer.next.push(decline('soft'));
    assert.equal((await pay(5000)).state, 'captured', 'a day later there is room again');
    card = { brand: 'visa' };
  });

  test('a card that was declined three times within a day is asked for its cardholder', async () => {
    card = { brand: 'discover', fingerprint: newId('tok') };
    for (let times = 0; times < 3; times += 1) {
      m.acquirer.next.push(decline('hard'));
      await pay(5100, { cardholder: CARDHOLDER });
    }
    m.authentication.next.push({ outcome: 'failed', status: 'N', reason: 'not the cardholder' });
    const stopped = await pay(5200, { cardholder: CARDHOLDER });
    assert.deepEqual([stopped.state, stopped.decline?.code], ['declined', 'authentication_failed']);
    card = { brand: 'visa' };
  });

  test('routes of the marketplace: by brand, and nothing where none takes it', async () => {
    const own = { journal: m.journal, clock: m.orders.clock, rail: m.payouts.rail };
    const any = { currencies: [], brands: [], countries: [] };
    const cardRoutes = [
      { ...any, account: second.id, brands: ['visa'] },
      { ...any, account: m.cardAccount.id, brands: ['mastercard'], currencies: ['USD'] },
    ];
    const { id } = m.marketplace;
    must(await changeMarketplace(own, undefined, { marketplace: id, cardRoutes }));
    assert.equal((await pay(6000)).network, second.id);
    card = { brand: 'mastercard' };
    assert.equal((await pay(6100)).network, m.cardAccount.id);
    card = { brand: 'jcb' };
    const refused = await try_(6200);
    assert.ok(!refused.ok && refused.error.code === 'no_route');
    const unknown = [{ ...any, account: newId('net') }];
    const wrong = await changeMarketplace(own, undefined, { marketplace: id, cardRoutes: unknown });
    assert.ok(!wrong.ok && wrong.error.code === 'unknown_account' && wrong.error.pointer === '/cardRoutes/0/account');
    card = { brand: 'visa' };
    // The settings no longer name the second account: it is passed over, and where it was the only one nothing begins.
    const whole = deps;
    deps = { ...whole, accounts: cardAccounts([m.cardAccount]) };
    const gone = await try_(6300);
    assert.ok(!gone.ok && gone.error.code === 'no_route');
    const fallback = [...cardRoutes, { ...any, account: m.cardAccount.id }];
    must(await changeMarketplace(own, undefined, { marketplace: id, cardRoutes: fallback }));
    assert.equal((await pay(6400)).network, m.cardAccount.id);
    deps = whole;
    must(await changeMarketplace(own, undefined, { marketplace: id, cardRoutes: [] }));
  });
});

test('routes are taken in order, each account once; empty lists take all', () => {
  const [a, b] = [newId('net'), newId('net')];
  const any = { currencies: [], brands: [], countries: [] };
  const us = { currency: 'USD', brand: 'visa', country: 'US' } as const;
  const routes = [
    { ...any, account: b, countries: ['JP'] },
    { ...any, account: a, currencies: ['USD'] },
    { ...any, account: b, brands: ['visa'] },
    { ...any, account: a },
  ];
  const all = [{ id: a }, { id: b }];
  assert.deepEqual(accountsFor(routes, all, us), [a, b]);
  assert.deepEqual(accountsFor(routes, all, { ...us, country: 'JP' }), [b, a]);
  assert.deepEqual(accountsFor([], all, us), [a, b]);
  assert.deepEqual(accountsFor(routes.slice(0, 1), all, us), []);
  assert.deepEqual(accountsFor(routes, [{ id: b }], us), [b], 'the settings name one of them');
});

test('scheme limits: Visa counts one amount over thirty days, Mastercard a card over a day', () => {
  const at = instant(Date.UTC(2026, 10, 23, 9));
  const earlier = (hours: number) => instant(Date.UTC(2026, 10, 23, 9) - hours * 3_600_000);
  const declines = (count: number, hours: number, cents: number) =>
    Array.from({ length: count }, () => ({ amount: usd(cents), at: earlier(hours) }));
  const next = { amount: usd(100), at };
  const limit = (brand: string, ...before: ReturnType<typeof declines>[]) =>
    brokenLimit({ brand }, before.flat(), next)?.declines;
  assert.equal(limit('visa', declines(19, 1, 100), declines(50, 1, 101), declines(50, 721, 100)), undefined);
  assert.equal(limit('visa', declines(20, 719, 100)), 20);
  assert.equal(limit('mastercard', declines(9, 23, 7), declines(25, 25, 7)), undefined);
  assert.equal(limit('mastercard', declines(10, 23, 7)), 10);
  assert.equal(limit('mastercard', declines(35, 700, 7)), 35);
  assert.equal(limit('jcb', declines(500, 1, 100)), undefined);
});
