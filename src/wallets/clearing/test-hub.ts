/** A hub for tests of clearing: participants, and payments and refunds written as their commands write them. */
import type { Modules } from '../../../test/support/modules.ts';
import { addMs, type Day, type Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import { Fault } from '../../base/fault.ts';
import { type Id, newId } from '../../base/ids.ts';
import { money, subtract, zero } from '../../base/money.ts';
import { must, ok } from '../../base/result.ts';
import { FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import { finishJobs, leaseJobs, postponeJob } from '../../jobs/queue.ts';
import { insert, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { ensureNetworkAccount, type HubFees, type Participant, participants } from '../../parties/index.ts';
import { expectHubMoney } from '../../reconciliation/index.ts';
import { type HubPayment, type HubRefund, hubPayments, hubRefunds } from '../hub-payment.ts';
import type { PageSizes } from './close-cycle.ts';
import { nextDay, startEast8 } from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { clearingJobs, DAILY_CLEARING_JOB } from './jobs.ts';

export interface Hub {
  readonly deps: ClearingDeps;
  party(input: PartyInput): Promise<Participant>;
  pay(wallet: Participant, acquirer: Participant, input: PayInput): Promise<HubPayment>;
  refund(payment: HubPayment, at: Instant, share?: { of: bigint; parts: bigint }): Promise<HubRefund>;
  /** The cancel is asked; `done`: the wallet has done it. */
  cancel(payment: HubPayment, done: boolean): Promise<HubPayment>;
  /** Moves business time to this instant, which lies ahead. */
  until(at: Instant): void;
  /** The daily job, then every job that is due, as a worker does. `break`: names of steps that fail once. */
  run(sizes?: PageSizes): Promise<void>;
}

export interface PartyInput {
  readonly name: string;
  readonly wallet?: { readonly currency: Currency; readonly fees: HubFees; readonly calendar?: string };
  readonly acquirer?: { readonly currencies: readonly Currency[]; readonly fees: HubFees; readonly calendar?: string };
  readonly agreement?: string;
  readonly days?: number;
}

export interface PayInput {
  /** Minor units: of the wallet's currency, and of the currency of settlement. */
  readonly payTo: bigint;
  readonly settlement: bigint;
  readonly settleIn?: Currency;
  readonly margin?: bigint;
  readonly at: Instant;
}

/** A time of a day in UTC+8, such as `12:30`. */
export const east8 = (day: string, time: string): Instant => {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return addMs(startEast8(day as Day), (hours * 60 + minutes) * 60_000);
};

export function createHub(m: Modules): Hub {
  const own = { journal: m.journal, clock: m.parties.clock };
  const deps: ClearingDeps = {
    ...own,
    fx: m.fx,
    ownAcquirer: m.payments.wallets.acquirer,
    expectMoney: expectHubMoney,
  };
  const commit = async (unit: UnitPart): Promise<void> => {
    must(await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: null })));
  };
  return {
    deps,
    party: async (input) => {
      const row = await participantOf(m, input);
      const data = { participantId: row.participantId, name: row.name, acquirer: row.acquirer !== null };
      await commit(part({ events: [event('participant.added', row.id, data)], writes: [insert(participants, row)] }));
      return row;
    },
    pay: async (wallet, acquirer, input) => {
      const row = paymentOf(wallet, acquirer, input);
      await commit(part({ events: [paidEvent(row)], writes: [insert(hubPayments, row)] }));
      return { ...row, version: 1 };
    },
    refund: async (payment, at, share = { of: 1n, parts: 1n }) => {
      const row = refundOf(payment, at, share);
      const ended = { refund: row.id, amount: row.amount, outcome: 'refunded' } as const;
      const events = [refundedEvent(payment, row), event('hub_payment.refund_ended', payment.id, ended)];
      const writes = [insert(hubRefunds, row), update(hubPayments, payment, { refunded: row.amount })];
      await commit(part({ events, writes }));
      return row;
    },
    cancel: async (payment, done) => {
      const asked = { ...payment, state: 'canceling' as const };
      const events = [event('hub_payment.cancel_asked', payment.id, { by: 'acquirer' })];
      if (!done) {
        await commit(part({ events, writes: [update(hubPayments, payment, asked)] }));
        return { ...asked, version: payment.version + 1 };
      }
      const canceled = { ...payment, state: 'canceled' as const };
      await commit(part({ events: [canceledEvent(payment)], writes: [update(hubPayments, payment, canceled)] }));
      return { ...canceled, version: payment.version + 1 };
    },
    until: (at) => m.pass(Date.parse(at) - Date.parse(m.now())),
    run: (sizes) => runJobs(m, deps, sizes),
  };
}

const MOST_JOBS = 500;

/** What a worker does with the jobs of clearing, one after the other. */
async function runJobs(m: Modules, deps: ClearingDeps, sizes: PageSizes = {}): Promise<void> {
  const handlers = clearingJobs(deps, sizes);
  await handlers[DAILY_CLEARING_JOB]?.({} as Job);
  let last: JobResult = FINISHED;
  for (let left = MOST_JOBS; left > 0; left -= 1) {
    const [job] = await leaseJobs(m.db, { now: m.now(), limit: 1, leaseMs: 60_000 });
    if (job === undefined) return;
    last = (await handlers[job.kind]?.(job).catch(comeBack)) ?? FINISHED;
    if (last.kind === 'finished') await finishJobs(m.db, [job]);
    if (last.kind === 'again')
      await postponeJob(m.db, job, { due: addMs(m.now(), last.afterMs), reason: last.reason, planned: true });
  }
  throw new Error(`the jobs do not come to an end: ${JSON.stringify(last)}`);
}

/** As a worker: what lost its job to another one, or a race of rows, is seen again. */
function comeBack(error: unknown): JobResult {
  if (error instanceof Fault) return { kind: 'again', afterMs: 0, reason: error.message };
  throw error;
}

async function participantOf(m: Modules, { name, wallet, acquirer, ...terms }: PartyInput): Promise<Participant> {
  const settlement = { agreementId: terms.agreement ?? `AG${name}`, days: terms.days ?? 2 };
  const account = await ensureNetworkAccount(
    { journal: m.journal, clock: m.parties.clock },
    { network: `hub-${name}`, funding: 'net', merchantId: name },
  );
  const walletRole = wallet && {
    ...{ slug: name.toLowerCase(), brandCode: name.toUpperCase(), country: 'XX', currency: wallet.currency },
    modes: ['userPresented'] as const,
    ...{ limits: [], codeIssuer: null, endpoint: 'http://wallet.invalid', cutOffMinutes: 15, fees: wallet.fees },
    ...{
      settlement: { ...settlement, calendar: wallet.calendar ?? 'SG' },
      markets: { CN: 'live' } as const,
      account: account.id,
    },
  };
  const acquirerRole = acquirer && {
    ...{
      countries: ['JP'],
      settlementCurrencies: acquirer.currencies,
      endpoint: null,
      codePrefixes: [],
      pushSchemes: [],
    },
    ...{ fees: acquirer.fees, settlement: { ...settlement, calendar: acquirer.calendar ?? 'SG' } },
  };
  return {
    id: newId('ptc'),
    version: 0,
    state: 'active',
    participantId: `P${name}`,
    name,
    keys: [{ version: '1', publicKey: 'none is checked here', state: 'active', addedAt: m.now() }],
    wallet: walletRole ?? null,
    acquirer: acquirerRole ?? null,
    createdAt: m.now(),
  };
}

/** Only what clearing and the laws read of a payment is written. */
function paymentOf(wallet: Participant, acquirer: Participant, input: PayInput): HubPayment {
  const walletCurrency = wallet.wallet?.currency as Currency;
  const currency = input.settleIn ?? (acquirer.acquirer?.settlementCurrencies[0] as Currency);
  const settlement = money(input.settlement, currency);
  const none = zero(currency);
  const price = {
    ...{ payTo: money(input.payTo, walletCurrency), settlement, settled: settlement, hubDiscount: none },
    ...{ margin: money(input.margin ?? 0n, currency), sponsorDiscount: none },
  };
  const id = newId('hpy');
  const midnight = startEast8(nextDay(dayOfEast8(input.at)));
  return {
    ...{ id, version: 0, state: 'paid', acquirer: acquirer.id, requestId: `REQ-${id}`, scenario: 'payment_code' },
    shop: { merchantId: 'M-1', name: '=Shop, "one"', country: 'JP', categoryCode: '5812' },
    ...{ orderReference: `O-${id}`, description: 'things', amount: settlement, settlementCurrency: currency },
    ...{ wallet: wallet.id, walletAccount: wallet.wallet?.account, customerId: 'c1', price, discounts: [] },
    ...{ reference: id.slice(-15).toUpperCase(), cancelableUntil: addMs(midnight, 15 * 60_000), paidAt: input.at },
    ...{ createdAt: input.at, refunded: none, refunding: none },
  } as unknown as HubPayment;
}

const dayOfEast8 = (at: Instant): Day => addMs(at, 8 * 3_600_000).slice(0, 10) as Day;

const sidesOf = ({ id, walletAccount, acquirer }: HubPayment) => ({
  payment: id,
  wallet: walletAccount as Id<'net'>,
  acquirer,
});

function paidEvent(row: HubPayment) {
  const { payTo, settled, margin } = row.price as NonNullable<HubPayment['price']>;
  return payTo.currency === settled.currency
    ? event('hub.paid_same_currency', row.id, { ...sidesOf(row), payTo })
    : event('hub.paid', row.id, { ...sidesOf(row), payTo, settled, margin });
}

function canceledEvent(row: HubPayment) {
  const { payTo, settled, margin } = row.price as NonNullable<HubPayment['price']>;
  return event('hub.canceled', row.id, { ...sidesOf(row), payTo, settled, margin });
}

/** One of `parts` equal parts, rounded down; the test asks for no more than there are. */
function refundOf(payment: HubPayment, at: Instant, { of, parts }: { of: bigint; parts: bigint }): HubRefund {
  const { payTo, settled, margin } = payment.price as NonNullable<HubPayment['price']>;
  const share = (amount: typeof payTo) => money((amount.amount * of) / parts, amount.currency);
  const none = subtract(settled, settled);
  const id = newId('hrf');
  return {
    ...{ id, version: 0, state: 'refunded', payment: payment.id, acquirer: payment.acquirer, requestId: `RR-${id}` },
    ...{ reference: id.slice(-15).toUpperCase(), amount: share(payment.amount), payBack: share(payTo) },
    ...{ settled: share(settled), margin: share(margin), hubDiscount: none, sponsorDiscount: none, reason: 'returned' },
    ...{ refundedAt: at, createdAt: at },
  } as unknown as HubRefund;
}

const refundedEvent = (payment: HubPayment, { id, payBack, settled, margin }: HubRefund) =>
  event('hub.refunded', id, { ...sidesOf(payment), refund: id, payBack, settled, margin });
