/**
 * Two campaigns go together on one payment: the operator's, out of its budget, and a tourism board's, out of what it has paid in. The person
 * sees both and pays less; the shop gets its whole price. What is refunded takes each funder's share back: the board may spend its
 * own again, our budget stays spent.
 */
import {
  digitsOf,
  eventsOf,
  lastPaymentOf,
  paidByCode,
  phoneShows,
  refund,
  type ShopPayment,
  TILLS,
  type Till,
  type Traveller,
  traveller,
  until,
  type WalletPayment,
} from './hub-scene.ts';
import { cents, expect, type Story, type StoryContext, show } from './story.ts';
import type { LineView, Money, Page } from './views.ts';

const TILL: Till = TILLS[0];
const yen = (amount: number | bigint): Money => ({ value: String(amount), currency: TILL.currency });

interface CampaignView {
  readonly id: string;
  readonly name: string;
  readonly money: readonly { readonly left: Money; readonly reserved: Money; readonly fund: Money }[];
}

interface Offered {
  readonly id: string;
  readonly off: number;
  readonly paidIn: number;
}

export const discountTwoFunders: Story = {
  name: 'discount-two-funders',
  title: 'Two campaigns stack on one payment: shown to the person, funded by who gives them, refunded to them',
  run: async (context) => {
    const { world, tell, random } = context;
    const person = await traveller(context, TILL);
    const price = yen(50 * random.integer(60, 90));

    tell.chapter('The campaigns');
    const ours = { off: 50 * random.integer(4, 6), paidIn: 2_000 };
    const theirs = { off: 50 * random.integer(8, 12), paidIn: 5_000 };
    const hub: Offered = { ...ours, id: await launchOurs(context, ours) };
    const board: Offered = { ...theirs, id: await launchSponsored(context, theirs) };

    tell.chapter('The payment');
    const paid = await paidByCode(world, { till: TILL, person, amount: price });
    expect(paid.settlementAmount, price, 'the shop gets its whole price');
    await shownToPerson(context, person, hub, board);
    await standing(context, hub, { left: hub.paidIn - hub.off, fund: 0 });
    await standing(context, board, { left: board.paidIn - board.off, fund: board.paidIn - board.off });
    tell.step({
      who: TILL.merchantId,
      what: 'gets its whole price: from the wallet, from us and from the board',
      amount: price,
    });

    tell.chapter('A part comes back, then the rest');
    const part = cents(price) / 4n;
    const back = await refundPart(context, { paid, person, part, hub, board });
    await standing(context, hub, { left: hub.paidIn - hub.off, fund: 0 });
    await standing(context, board, { left: board.paidIn - board.off + back, fund: board.paidIn - board.off + back });
    const rest = await refund(world, TILL, paid);
    expect(BigInt(rest.amount), cents(price) - part, 'the rest');
    const at = await lastPaymentOf(world, person);
    expect([at.refundedFrom, at.credited], [at.payTo, at.charge], 'all that the person paid came back');
    await standing(context, hub, { left: hub.paidIn - hub.off, fund: 0 });
    await standing(context, board, { left: board.paidIn, fund: board.paidIn });
    tell.step({ who: 'Causeway', what: 'has given the board all of its share back; our own budget stays spent' });

    const second = await paidByCode(world, { till: TILL, person, amount: price });
    const full = (await lastPaymentOf(world, person)).payTo;
    expect(BigInt(full) > BigInt(at.payTo), true, 'once a person: the second payment costs the whole price');
    tell.step({
      who: person.name,
      what: 'pays again, without discounts: each was once a person',
      amount: second.amount,
    });
    await until(world, 0.5);
    return { expectedBreaks: 0 };
  },
};

const terms = (off: number) => ({
  kind: 'discount',
  terms: [{ threshold: yen(2_000), off: { kind: 'amount', amount: yen(off) } }],
});

async function create({ world }: StoryContext, name: string, funder: object, off: number): Promise<string> {
  const now = await world.now();
  const inDays = (days: number): string => new Date(Date.parse(now) + days * 86_400_000).toISOString();
  const { id } = await world.operator.post<CampaignView>('/v1/campaigns', {
    ...{ name, funder, gives: terms(off), inShops: { countries: [TILL.country] } },
    ...{ from: now, to: inDays(30), perPerson: 1, stackable: true },
  });
  return id;
}

type Given = Omit<Offered, 'id'>;

async function launchOurs(context: StoryContext, { off, paidIn }: Given): Promise<string> {
  const { world, tell } = context;
  const id = await create(context, 'Welcome to Japan', { by: 'hub' }, off);
  await world.operator.post(`/v1/campaigns/${id}/budget`, { amount: yen(paidIn) });
  await world.operator.post(`/v1/campaigns/${id}/launch`, {});
  tell.step({
    who: 'operator',
    what: `gives ${show(yen(off))} off in Japan, once a person, out of a budget`,
    amount: yen(paidIn),
  });
  return id;
}

async function launchSponsored(context: StoryContext, { off, paidIn }: Given): Promise<string> {
  const { world, tell } = context;
  const id = await create(context, 'Tokyo by night', { by: 'sponsor', name: 'Tokyo Tourism Board' }, off);
  await world.bank.post('/_sandbox/deposits', {
    ...{ account: '000123456789', currency: TILL.currency, amount: String(paidIn), endToEndId: 'BOARD-1' },
    ...{ debtorName: 'TOKYO TOURISM BOARD', text: 'for the campaign Tokyo by night' },
  });
  await until(world, 0.5);
  const { data } = await world.operator.get<Page<LineView>>('/v1/reconciliation/lines?state=unexplained');
  const line = data.find(({ text }) => text.includes('Tokyo by night'));
  if (line === undefined) throw new Error('the deposit is not on the statement');
  const explained = { as: 'campaign_prefund', campaign: id, reason: 'paid in by the board' };
  await world.operator.post(`/v1/reconciliation/lines/${line.id}/explain`, explained);
  await world.operator.post(`/v1/campaigns/${id}/launch`, {});
  tell.step({
    who: 'Tokyo Tourism Board',
    what: `pays in for ${show(yen(off))} off, on top of others`,
    amount: yen(paidIn),
  });
  return id;
}

async function standing(
  { world }: StoryContext,
  { id }: Offered,
  { left, fund }: { readonly left: number; readonly fund: number },
): Promise<void> {
  const { name, money } = await world.operator.get<CampaignView>(`/v1/campaigns/${id}`);
  const [own] = money;
  expect([own?.left, own?.fund, own?.reserved], [yen(left), yen(fund), yen(0)], `what stands on ${name}`);
}

/** Both discounts on the page, in the person's currency, and what is left to pay. */
async function shownToPerson(
  { world, tell }: StoryContext,
  person: Traveller,
  hub: Offered,
  board: Offered,
): Promise<WalletPayment> {
  const payment = await lastPaymentOf(world, person);
  const page = await phoneShows(world, person, payment.paymentId);
  const discounts = [...page].filter(([name]) => /Welcome to Japan|Tokyo by night/.test(name));
  expect(discounts.length, 2, 'discounts on the page');
  const saved = discounts.reduce((sum, [, text]) => sum + BigInt(digitsOf(text)), 0n);
  const whole = BigInt(digitsOf(page.get('In your currency')));
  expect(String(whole - saved), payment.charge, 'price at home less discounts is what was taken');
  const funded = await eventsOf(world, 'hub.discount_funded');
  const given = new Map(funded.map(({ data }) => [data.campaign, [data.hubDiscount, data.sponsorDiscount]]));
  expect(given.get(hub.id), [yen(hub.off), yen(0)], 'ours pays its discount');
  expect(given.get(board.id), [yen(0), yen(board.off)], 'the board pays its discount');
  for (const [name, text] of discounts) tell.step({ who: person.walletName, what: `shows ${text} (${name})` });
  tell.step({ who: person.name, what: `pays ${page.get('You paid')} instead of ${page.get('In your currency')}` });
  return payment;
}

interface Part {
  readonly paid: ShopPayment;
  readonly person: Traveller;
  readonly part: bigint;
  readonly hub: Offered;
  readonly board: Offered;
}

/** How much of the refund is the board's again. */
async function refundPart({ world, tell }: StoryContext, { paid, person, part, hub, board }: Part): Promise<number> {
  const before = await lastPaymentOf(world, person);
  const done = await refund(world, TILL, paid, part);
  expect([done.state, done.settlementAmount], ['refunded', String(part)], 'the shop gives back what it refunds');
  const after = await lastPaymentOf(world, person);
  expect(BigInt(after.refundedFrom), (BigInt(before.payTo) * part) / cents(paid.amount), 'the person’s share');
  const back = await eventsOf(world, 'hub.discount_returned');
  const of = (campaign: string, field: string): bigint =>
    back
      .filter(({ data }) => data.campaign === campaign)
      .reduce((sum, { data }) => sum + cents(data[field] as Money), 0n);
  const [ours, theirs] = [of(hub.id, 'hubDiscount'), of(board.id, 'sponsorDiscount')];
  const share = (whole: number): bigint => (BigInt(whole) * part) / cents(paid.amount);
  expect([ours, theirs], [share(hub.off), share(board.off)], 'each funder’s share');
  tell.step({
    who: TILL.merchantId,
    what: `refunds; ${show(yen(ours))} are ours, ${show(yen(theirs))} the board’s`,
    amount: yen(part),
  });
  return Number(theirs);
}
