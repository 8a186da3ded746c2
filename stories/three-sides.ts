/**
 * The three sides of one truth, each read from its own: the ledger over our API, the acquirer's totals from the acquirer,
 * the bank's balance from the bank. What must agree, agrees to the cent. Where the hub was at work, so do wallets and shops.
 */
import { type HubSides, type MoneyEvent, readHubSides } from './hub-sides.ts';
import type { AccountView, AcquirerTotals, BankTotals, BreakView, CheckView, Page } from './views.ts';
import type { World } from './world.ts';

export interface ThreeSides {
  readonly ok: boolean;
  readonly disagreements: readonly string[];
  readonly ledger: Readonly<Record<string, string>>;
  readonly acquirer: Readonly<Record<string, string>>;
  readonly bank: Readonly<Record<string, string>>;
  readonly hub: Pick<HubSides, 'wallets' | 'shops'>;
  readonly accounts: readonly AccountView[];
  readonly openBreaks: readonly BreakView[];
}

/** Reads all three sides and compares them, currency by currency; shows them in USD. `expectedBreaks` may be open. */
export async function readThreeSides(world: World, expectedBreaks = 0): Promise<ThreeSides> {
  const accounts = await readAccounts(world);
  const events = await readEvents(world);
  const flows = flowsOf(events);
  const hub = await readHubSides(world, events);
  const check = await world.operator.get<CheckView>('/v1/ledger/check');
  const breaks = (await world.operator.get<Page<BreakView>>('/v1/reconciliation/breaks?state=open&limit=100')).data;
  const theirs = await readAcquirers(world);
  const banks = await world.bank.get<BankTotals>('/_sandbox/totals');
  const known = [...theirs.flatMap((each) => each.currencies), ...banks.accounts];
  const ofCardsOrOurs = ({ owner }: AccountView): boolean => !hub.walletAccounts.has(owner);
  const currencies = new Set(known.map(({ currency }) => currency).concat('USD'));
  const sidesIn = (currency: string) => ({
    ledger: ledgerOf(accounts.filter(ofCardsOrOurs), flows, currency),
    acquirer: sumsOf(theirs, currency),
    bank: bankOf(banks, currency),
  });
  const disagreements = [
    ...hub.disagreements,
    ...[...currencies].sort().flatMap((currency) => compareSides(currency, sidesIn(currency))),
    ...check.laws
      .filter(({ ok, alarm }) => !ok && !alarm)
      .map(({ law, findings }) => `ledger law broken: ${law}: ${findings[0] ?? ''}`),
    ...(breaks.length === expectedBreaks
      ? []
      : [
          `${breaks.length} open breaks instead of ${expectedBreaks}: ${breaks.map(({ reason }) => reason).join('; ')}`,
        ]),
  ];
  return {
    ...{ ok: disagreements.length === 0, disagreements, ...sidesIn('USD') },
    ...{ hub: { wallets: hub.wallets, shops: hub.shops }, accounts, openBreaks: breaks },
  };
}

type Sides = Pick<ThreeSides, 'ledger' | 'acquirer' | 'bank'>;

const compareSides = (currency: string, { ledger, acquirer, bank }: Sides): readonly string[] => [
  ...differ(`${currency} captured: ledger and acquirer`, ledger.captured, acquirer.sales),
  ...differ(`${currency} refunded: ledger and acquirer`, ledger.refunded, acquirer.refunds),
  ...differ(`${currency} settled net: ledger and acquirer`, ledger.settled, acquirer.settledNet),
  ...differ(`${currency} not settled yet: ledger and acquirer`, ledger.receivable, acquirer.unsettledGross),
  ...differ(`${currency} bank balance: ledger and bank`, ledger.bank, bank.balance),
];

/** The totals of every acquirer. */
const readAcquirers = ({ acquirer, secondAcquirer }: World): Promise<readonly AcquirerTotals[]> =>
  Promise.all(
    [acquirer, secondAcquirer].flatMap((each) => (each === null ? [] : [each.get<AcquirerTotals>('/_sandbox/totals')])),
  );

/** Accounts that are not zero. */
export async function readAccounts(world: World): Promise<readonly AccountView[]> {
  const accounts: AccountView[] = [];
  for (let after = ''; ; ) {
    const page = await world.operator.get<Page<AccountView>>(`/v1/ledger/accounts?nonZero=true${after}`);
    accounts.push(...page.data);
    if (page.next === null) return accounts;
    after = `&after=${page.next}`;
  }
}

type Flow = 'captured' | 'refunded' | 'settled';

/** Event type → amount field → what it adds to. Fees billed apart are a settlement of their own, from us. */
const FLOWS: Readonly<Record<string, Readonly<Record<string, readonly [Flow, sign: bigint]>>>> = {
  'payment.captured': { captured: ['captured', 1n] },
  'refund.confirmed': { amount: ['refunded', 1n] },
  'settlement.reported': { dueToUs: ['settled', 1n], dueFromUs: ['settled', -1n] },
  'settlement.reported_converted': { settled: ['settled', 1n], settledBack: ['settled', -1n] },
  'network_fees.billed': { amount: ['settled', -1n] },
};

/** The journal from its beginning. */
async function readEvents(world: World): Promise<readonly MoneyEvent[]> {
  const events: MoneyEvent[] = [];
  for (let after = '0'; ; ) {
    const page = await world.operator.get<Page<MoneyEvent>>(`/v1/events?after=${after}&limit=1000`);
    events.push(...page.data);
    if (page.next === null) return events;
    after = page.next;
  }
}

/** Sums of events, by flow and currency: what was captured and refunded is not a balance. */
function flowsOf(events: readonly MoneyEvent[]): ReadonlyMap<string, bigint> {
  const flows = new Map<string, bigint>();
  for (const { type, data } of events) {
    for (const [field, [flow, sign]] of Object.entries(FLOWS[type] ?? {})) {
      const amount = data[field];
      if (typeof amount !== 'object') continue;
      const key = `${flow} ${amount.currency}`;
      flows.set(key, (flows.get(key) ?? 0n) + sign * BigInt(amount.value));
    }
  }
  return flows;
}

function ledgerOf(accounts: readonly AccountView[], flows: ReadonlyMap<string, bigint>, currency: string) {
  const total = (name: string): string =>
    accounts
      .filter((account) => account.name === name && account.currency === currency)
      .reduce((sum, { balance }) => sum + BigInt(balance.value), 0n)
      .toString();
  const flow = (name: Flow): string => (flows.get(`${name} ${currency}`) ?? 0n).toString();
  return {
    captured: flow('captured'),
    refunded: flow('refunded'),
    settled: flow('settled'),
    receivable: total('receivable'),
    bank: total('bank'),
    held: total('held'),
    seller: total('seller'),
    feeIncome: total('fee_income'),
    processingCost: total('processing_cost'),
  };
}

/** What the acquirers say together of one currency. */
function sumsOf(totals: readonly AcquirerTotals[], currency: string) {
  const own = totals.flatMap(({ currencies }) => currencies.filter((each) => each.currency === currency));
  type Sums = (typeof own)[number];
  const sum = (of: (one: Sums) => readonly string[]): string =>
    own
      .flatMap(of)
      .reduce((total, text) => total + BigInt(text), 0n)
      .toString();
  return {
    sales: sum(({ sales }) => [sales]),
    refunds: sum(({ refunds }) => [refunds]),
    fees: sum(({ interchange, schemeFees, processingFees }) => [interchange, schemeFees, processingFees]),
    settledNet: sum(({ settledNet }) => [settledNet]),
    unsettledNet: sum(({ unsettledNet }) => [unsettledNet]),
    unsettledGross: sum(({ unsettledGross }) => [unsettledGross]),
    paid: sum(({ batches }) => batches.map(({ paid }) => paid ?? '0')),
  };
}

function bankOf({ accounts }: BankTotals, currency: string) {
  const own = accounts.find((each) => each.currency === currency);
  return { balance: own?.balance ?? '0', credits: own?.credits ?? '0', debits: own?.debits ?? '0' };
}

const differ = (what: string, left: string | undefined, right: string | undefined): readonly string[] =>
  left === right ? [] : [`${what}: ${left} and ${right}`];
