/**
 * The three sides of one truth, each read from its own: the ledger over our API, the acquirer's totals from the acquirer,
 * the bank's balance from the bank. What must agree, agrees to the cent.
 */
import type { AccountView, AcquirerTotals, BankTotals, BreakView, CheckView, Page } from './views.ts';
import type { World } from './world.ts';

export interface ThreeSides {
  readonly ok: boolean;
  readonly disagreements: readonly string[];
  readonly ledger: Readonly<Record<string, string>>;
  readonly acquirer: Readonly<Record<string, string>>;
  readonly bank: Readonly<Record<string, string>>;
  readonly accounts: readonly AccountView[];
  readonly openBreaks: readonly BreakView[];
}

/** Reads all three sides in USD and compares them. `expectedBreaks` may be open. */
export async function readThreeSides(world: World, expectedBreaks = 0): Promise<ThreeSides> {
  const accounts = await readAccounts(world);
  const flows = await readFlows(world);
  const check = await world.operator.get<CheckView>('/v1/ledger/check');
  const breaks = (await world.operator.get<Page<BreakView>>('/v1/reconciliation/breaks?state=open&limit=100')).data;
  const acquirer = await readAcquirers(world);
  const bank = bankOf(await world.bank.get<BankTotals>('/_sandbox/totals'));
  const ledger = ledgerOf(accounts, flows);
  const disagreements = [
    ...differ('captured: ledger and acquirer', ledger.captured, acquirer.sales),
    ...differ('refunded: ledger and acquirer', ledger.refunded, acquirer.refunds),
    ...differ('settled net: ledger and acquirer', ledger.settled, acquirer.settledNet),
    ...differ('not settled yet: ledger and acquirer', ledger.receivable, acquirer.unsettledGross),
    ...differ('bank balance: ledger and bank', ledger.bank, bank.balance),
    ...check.laws
      .filter(({ ok, alarm }) => !ok && !alarm)
      .map(({ law, findings }) => `ledger law broken: ${law}: ${findings[0] ?? ''}`),
    ...(breaks.length === expectedBreaks
      ? []
      : [
          `${breaks.length} open breaks instead of ${expectedBreaks}: ${breaks.map(({ reason }) => reason).join('; ')}`,
        ]),
  ];
  return { ok: disagreements.length === 0, disagreements, ledger, acquirer, bank, accounts, openBreaks: breaks };
}

/** What all acquirers say together. */
async function readAcquirers({ acquirer, secondAcquirer }: World): Promise<ReturnType<typeof sumsOf>> {
  const first = sumsOf(await acquirer.get<AcquirerTotals>('/_sandbox/totals'));
  if (secondAcquirer === null) return first;
  const second = sumsOf(await secondAcquirer.get<AcquirerTotals>('/_sandbox/totals'));
  const both = Object.entries(first).map(([name, sum]) => [
    name,
    String(BigInt(sum) + BigInt(second[name as 'sales'])),
  ]);
  return Object.fromEntries(both);
}

async function readAccounts(world: World): Promise<readonly AccountView[]> {
  const accounts: AccountView[] = [];
  for (let after = ''; ; ) {
    const page = await world.operator.get<Page<AccountView>>(`/v1/ledger/accounts?nonZero=true${after}`);
    accounts.push(...page.data);
    if (page.next === null) return accounts;
    after = `&after=${page.next}`;
  }
}

/** Sums of events, from the journal: what was captured and refunded is not a balance. */
async function readFlows(world: World): Promise<{ captured: bigint; refunded: bigint; settled: bigint }> {
  const flows = { captured: 0n, refunded: 0n, settled: 0n };
  for (let after = '0'; ; ) {
    const page = await world.operator.get<Page<{ type: string; data: Record<string, { value: string }> }>>(
      `/v1/events?after=${after}&limit=1000`,
    );
    for (const { type, data } of page.data) {
      if (type === 'payment.captured') flows.captured += BigInt(data.captured?.value ?? 0);
      if (type === 'refund.confirmed') flows.refunded += BigInt(data.amount?.value ?? 0);
      if (type === 'settlement.reported')
        flows.settled += BigInt(data.dueToUs?.value ?? 0) - BigInt(data.dueFromUs?.value ?? 0);
    }
    if (page.next === null) return flows;
    after = page.next;
  }
}

function ledgerOf(accounts: readonly AccountView[], flows: Awaited<ReturnType<typeof readFlows>>) {
  const total = (name: string): string =>
    accounts
      .filter((account) => account.name === name && account.currency === 'USD')
      .reduce((sum, { balance }) => sum + BigInt(balance.value), 0n)
      .toString();
  return {
    captured: flows.captured.toString(),
    refunded: flows.refunded.toString(),
    settled: flows.settled.toString(),
    receivable: total('receivable'),
    bank: total('bank'),
    held: total('held'),
    seller: total('seller'),
    feeIncome: total('fee_income'),
    processingCost: total('processing_cost'),
  };
}

function sumsOf({ currencies }: AcquirerTotals) {
  const usd = currencies.find(({ currency }) => currency === 'USD');
  const of = (text: string | undefined): bigint => BigInt(text ?? '0');
  const sales = of(usd?.sales);
  const refunds = of(usd?.refunds);
  const fees = of(usd?.interchange) + of(usd?.schemeFees) + of(usd?.processingFees);
  const unsettledNet = of(usd?.unsettledNet);
  const settledNet = of(usd?.settledNet);
  return {
    sales: sales.toString(),
    refunds: refunds.toString(),
    fees: fees.toString(),
    settledNet: settledNet.toString(),
    unsettledNet: unsettledNet.toString(),
    unsettledGross: of(usd?.unsettledGross).toString(),
    paid: (usd?.batches ?? []).reduce((sum, { paid }) => sum + of(paid), 0n).toString(),
  };
}

function bankOf({ accounts }: BankTotals) {
  const usd = accounts.find(({ currency }) => currency === 'USD');
  return { balance: usd?.balance ?? '0', credits: usd?.credits ?? '0', debits: usd?.debits ?? '0' };
}

const differ = (what: string, left: string | undefined, right: string | undefined): readonly string[] =>
  left === right ? [] : [`${what}: ${left} and ${right}`];
