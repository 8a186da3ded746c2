/**
 * One day of the hub in UTC+8, and what becomes of it: payments and refunds of several wallets at several acquirers, one that was canceled and
 * one that failed, an acquirer that is a wallet too, and parties with nothing to clear. In the morning everybody has files, which are
 * what their own books say; two working days later one sum moves for each, and nothing is left open.
 */
import { comparedFile, filesOfDay } from './clearing-files.ts';
import {
  amountFor,
  cancel,
  charge,
  lastPaymentOf,
  paidByCode,
  refund,
  showCode,
  TILLS,
  type Till,
  type Traveller,
  traveller,
  until,
  untilMorning,
} from './hub-scene.ts';
import { cents, expect, type Story, type StoryContext, show } from './story.ts';
import { readAccounts } from './three-sides.ts';
import type { BankTotals, Money, Page } from './views.ts';

interface BatchView {
  readonly participantId: string;
  readonly role: 'wallet' | 'acquirer';
  readonly payments: number;
  readonly refunds: number;
  readonly paid: Money;
  readonly refunded: Money;
  readonly fees: Money;
  readonly net: Money;
  readonly dueOn: string;
}

interface CycleView {
  readonly id: string;
  readonly state: string;
  readonly day: string;
  readonly payments: number;
  readonly refunds: number;
  readonly batches: readonly BatchView[];
}

interface SettlementView {
  readonly state: string;
  readonly participantId: string;
  readonly direction: string;
  readonly amount: Money;
  readonly booked: Money;
}

const [TOKYO, SEOUL, SINGAPORE, PARIS] = TILLS;
const SELLING: readonly Till[] = [TOKYO, SINGAPORE, PARIS];
/** What Tokyo's acquirer is called as a wallet. */
const OWN_WALLET = 'minato-pay';
/** Its people show a code, and nobody charges it. */
const IDLE = 'hipay';

export const clearingDay: Story = {
  name: 'clearing-day',
  title: 'A day of payments and refunds is cleared the next morning and settled over the bank two working days later',
  run: async (context) => {
    const { world, tell } = context;
    await agreeFees(context);
    const resident = await addWalletRole(context);
    await until(world, 2);

    tell.chapter('The day');
    const day = (await world.now()).slice(0, 10);
    const idle = await traveller(context, TOKYO, { walletId: IDLE });
    await showCode(world, idle);
    const done = await trade(context, resident);

    tell.chapter('The next morning');
    while ((await world.now()).slice(0, 10) <= day) await untilMorning(world);
    const cycle = await cycleOf(context, day);
    expect([cycle.state, cycle.payments, cycle.refunds], ['closed', done.payments, done.refunds], 'the cycle');
    tell.step({ who: 'Causeway', what: `closes the day: ${done.payments} payments, ${done.refunds} refunds` });
    await filesSayWhatBooksSay(context, day, cycle);
    await emptyFiles(context, day, [SEOUL.acquirerId, await pspOf(context, idle)]);

    tell.chapter('The day it is due');
    const last = cycle.batches
      .map(({ dueOn }) => dueOn)
      .toSorted()
      .at(-1) as string;
    expect(last > day, true, 'some working days later');
    while ((await world.now()).slice(0, 10) <= last) await untilMorning(world);
    await everythingSettled(context, cycle);
    return { expectedBreaks: 0 };
  },
};

/** Interchange and service fees of the acquirers, a service fee of one wallet; the seed says how much. */
async function agreeFees({ world, random, tell }: StoryContext): Promise<void> {
  for (const { acquirerId } of TILLS) {
    const fees = { interchangeBps: random.integer(20, 80), serviceBps: random.integer(5, 30) };
    await world.operator.send('PATCH', `/v1/participants/${await idOf(world, acquirerId)}`, {
      body: { acquirer: { fees } },
    });
  }
  const tng = await world.operator.get<{ id: string }>('/v1/wallets/tng');
  await world.operator.send('PATCH', `/v1/participants/${tng.id}`, { body: { wallet: { fees: { serviceBps: 15 } } } });
  tell.step({ who: 'operator', what: 'has agreed interchange and service fees with the participants' });
}

/** Tokyo's acquirer becomes a wallet as well: one participant, one settlement; each role signs with a key of its own. */
async function addWalletRole(context: StoryContext): Promise<Traveller> {
  const { world, tell } = context;
  const modes = ['userPresented', 'merchantPresented'];
  const facts = { country: 'JP', currency: 'JPY', modes };
  await world.wallets.post('/_sandbox/wallets', {
    ...{ walletId: OWN_WALLET, name: 'Minato Pay', brandCode: 'MINATO', pspId: TOKYO.acquirerId, ...facts },
    ...{ locale: 'ja-JP', colour: '#b3242b', startBalance: '100000' },
  });
  // The second version: the acquirer's own is the first.
  await world.wallets.post(`/_sandbox/wallets/${OWN_WALLET}/keys`);
  const { publicKey, keyVersion } = await world.wallets.post<{ publicKey: string; keyVersion: string }>(
    `/_sandbox/wallets/${OWN_WALLET}/keys`,
  );
  const id = await idOf(world, TOKYO.acquirerId);
  const { endpoint } = (await world.operator.get<{ wallet: { endpoint: string } }>('/v1/wallets/tng')).wallet;
  const added = await world.operator.send('PATCH', `/v1/participants/${id}`, {
    body: {
      wallet: {
        ...{ slug: OWN_WALLET, brandCode: 'MINATO', ...facts, codeIssuer: '281704' },
        ...{ endpoint: endpoint.replace(/[^/]+$/, OWN_WALLET), markets: { SG: 'live', FR: 'live' } },
      },
    },
  });
  expect(added.status, 200, `the role is added: ${JSON.stringify(added.body)}`);
  await world.operator.post(`/v1/participants/${id}/keys`, { version: keyVersion, publicKey });
  tell.step({ who: 'operator', what: 'adds a wallet to what the acquirer of Tokyo is: one party, both roles' });
  return traveller(context, SINGAPORE, { walletId: OWN_WALLET });
}

async function trade(context: StoryContext, resident: Traveller) {
  const { world, tell, random } = context;
  let [payments, refunds] = [0, 0];
  for (const till of SELLING) {
    for (const person of [
      await traveller(context, till, { walletId: 'tng' }),
      await traveller(context, till, { not: IDLE }),
    ]) {
      const amount = amountFor(context, till, 6);
      const paid = await paidByCode(world, { till, person, amount });
      payments += 1;
      tell.step({ who: person.name, what: `pays at ${till.merchantId} with ${person.walletName}`, amount });
      await world.advance(0, random.integer(10, 40) / 60);
      if (random.integer(0, 1) === 0 && refunds > 0) continue;
      const part = cents(amount) / BigInt(random.integer(2, 5));
      await refund(world, till, paid, part);
      refunds += 1;
      tell.step({ who: till.merchantId, what: 'refunds a part', amount: { ...amount, value: String(part) } });
    }
  }
  const away = amountFor(context, SINGAPORE, 10);
  await paidByCode(world, { till: SINGAPORE, person: resident, amount: away });
  payments += 1;
  tell.step({
    who: resident.name,
    what: `pays in Singapore with ${resident.walletName}, of Tokyo’s acquirer`,
    amount: away,
  });

  const canceled = await paidByCode(world, { till: PARIS, person: resident, amount: amountFor(context, PARIS, 5) });
  expect((await cancel(world, PARIS, canceled)).state, 'canceled', 'the cancel');
  const poor = await traveller(context, TOKYO, { balance: '1', not: IDLE });
  const failed = await charge(world, TOKYO, amountFor(context, TOKYO, 5), await showCode(world, poor));
  expect([failed.state, failed.resultCode], ['failed', 'USER_BALANCE_NOT_ENOUGH'], 'a payment without money');
  expect((await lastPaymentOf(world, poor)).state, 'failed', 'in the wallet’s books');
  tell.step({ who: 'others', what: 'one sale is canceled, one fails for want of money: neither is cleared' });
  return { payments, refunds };
}

async function cycleOf({ world }: StoryContext, day: string): Promise<CycleView> {
  const { data } = await world.operator.get<Page<CycleView>>('/v1/clearing/cycles');
  const found = data.find((each) => each.day === day);
  if (found === undefined) throw new Error(`no cycle of ${day}`);
  return world.operator.get<CycleView>(`/v1/clearing/cycles/${found.id}`);
}

/** Each shop's file beside its books, each wallet's beside its own; and detail less fees is what is settled. */
async function filesSayWhatBooksSay(context: StoryContext, day: string, { batches }: CycleView): Promise<void> {
  const { world, tell } = context;
  for (const till of SELLING) {
    const { lines, total, differences } = await comparedFile(context, till, day);
    const batch = batches.find(
      ({ participantId, role, paid }) =>
        participantId === till.acquirerId && role === 'acquirer' && paid.currency === till.currency,
    );
    expect(differences, [], `the file of ${till.acquirer} and its books`);
    expect([lines, total], [(batch?.payments ?? 0) + (batch?.refunds ?? 0), detailOf(batch)], 'the file and its batch');
    expect(cents(batch?.fees as Money) > 0n, true, 'fees come off');
    tell.step({
      who: till.acquirer,
      what: `finds its file right: ${lines} lines, of it fees ${show(batch?.fees as Money)}`,
      amount: batch?.net as Money,
    });
  }
  type Totals = { readonly wallets: readonly { readonly pspId: string; readonly owedToHub: string }[] };
  const { wallets } = await world.wallets.get<Totals>('/_sandbox/totals');
  for (const batch of batches.filter(({ role }) => role === 'wallet')) {
    const owed = wallets.find(({ pspId }) => pspId === batch.participantId)?.owedToHub ?? '0';
    expect(detailOf(batch), owed, `the batch of the wallet ${batch.participantId} and its books`);
    expect(cents(batch.net), BigInt(detailOf(batch)) - cents(batch.fees), 'detail less fees');
    const [items] = (await filesOfDay(world, batch.participantId, day)).filter(({ name }) =>
      name.startsWith(`transactionItems_${batch.participantId}_${batch.net.currency}_${day.replaceAll('-', '')}W`),
    );
    expect(items?.total.value, owed, 'its file');
  }
  tell.step({ who: 'wallets', what: 'find in their files what their own books say they owe' });
}

const detailOf = (batch: BatchView | undefined): string =>
  batch === undefined ? 'none' : String(cents(batch.paid) - cents(batch.refunded));

/** Who has nothing to clear has files that say so. */
async function emptyFiles({ world, tell }: StoryContext, day: string, idle: readonly string[]): Promise<void> {
  for (const participantId of idle) {
    const files = (await filesOfDay(world, participantId, day)).filter(({ name }) => name.startsWith('transaction'));
    expect(files.length > 0, true, `files of ${participantId}`);
    for (const { lines, total } of files) expect([lines, total.value], [0, '0'], 'an empty file');
  }
  tell.step({ who: 'Seoul and an idle wallet', what: 'get their files as well, with nothing in them' });
}

/** Every settlement is matched by its bank line, both roles of one party in one; nothing is open; the bank has what was netted. */
async function everythingSettled({ world, tell }: StoryContext, { batches }: CycleView): Promise<void> {
  const { data } = await world.operator.get<Page<SettlementView>>('/v1/hub-settlements?limit=100');
  expect([...new Set(data.map(({ state }) => state))], ['matched'], 'states of the settlements');
  const netOf = (participantId: string, currency: string): bigint =>
    batches
      .filter((each) => each.participantId === participantId && each.net.currency === currency)
      .reduce((sum, { role, net }) => sum + (role === 'wallet' ? 1n : -1n) * cents(net), 0n);
  for (const { participantId, booked } of data.filter(({ direction }) => direction !== 'none'))
    expect(cents(booked), netOf(participantId, booked.currency), `what moved for ${participantId}`);
  const both = batches.filter((each) => each.participantId === TOKYO.acquirerId && each.net.currency === 'JPY');
  expect(new Set(both.map(({ role }) => role)).size, 2, 'Tokyo has both roles in yen');
  const ofTokyo = data.filter((each) => each.participantId === TOKYO.acquirerId && each.amount.currency === 'JPY');
  expect(ofTokyo.filter(({ direction }) => direction !== 'none').length, 1, 'one settlement of the day for both roles');
  const left = (await readAccounts(world)).filter(({ name }) =>
    ['receivable', 'acquirer', 'settlement'].includes(name),
  );
  expect(
    left.map(({ name, balance }) => [name, show(balance)]),
    [],
    'open items',
  );
  const { accounts } = await world.bank.get<BankTotals>('/_sandbox/totals');
  for (const { currency, balance } of accounts) {
    const netted = batches
      .filter(({ net }) => net.currency === currency)
      .reduce((sum, { role, net }) => sum + (role === 'wallet' ? 1n : -1n) * cents(net), 0n);
    expect(BigInt(balance), netted, `the bank in ${currency}`);
  }
  const moved = data.filter(({ direction }) => direction !== 'none');
  for (const { participantId, direction, amount } of moved)
    tell.step({ who: 'bank', what: direction === 'in' ? `${participantId} pays` : `${participantId} is paid`, amount });
}

async function idOf(world: StoryContext['world'], participantId: string): Promise<string> {
  type All = { readonly data: readonly { readonly id: string; readonly participantId: string }[] };
  const { data } = await world.operator.get<All>('/v1/participants?role=acquirer');
  const found = data.find((each) => each.participantId === participantId);
  if (found === undefined) throw new Error(`no participant ${participantId}`);
  return found.id;
}

const pspOf = async ({ world }: StoryContext, { walletId }: Traveller): Promise<string> =>
  (await world.operator.get<{ participantId: string }>(`/v1/wallets/${walletId}`)).participantId;
