/**
 * A seller wants part of the balance in euros. The rate is locked, the market moves, and the conversion is at the locked rate all
 * the same. At the day's end our part comes home and the position is brought to mid; then a bank sells us the euros we
 * are short in, and what was not realised is.
 */
import { orderScene } from './card-scene.ts';
import { Refused } from './client.ts';
import { CARDS, cast, cents, expect, payInCapital, type Story, type StoryContext, show, usd } from './story.ts';
import type { AccountView, Money, Page } from './views.ts';

interface QuoteView {
  readonly id: string;
  readonly given: Money;
  readonly got: Money;
  readonly fee: Money;
  readonly mid: string;
  readonly rate: string;
}

interface PositionsView {
  readonly positions: readonly { readonly currency: string; readonly position: Money; readonly quoted: Money }[];
  readonly lastRevaluation: { readonly translated: number; readonly gain: Money; readonly loss: Money } | null;
}

export const balanceConverted: Story = {
  name: 'balance-converted',
  title: 'A seller converts dollars into euros at a locked rate; the day ends at mid, and a deal covers what is open',
  run: async (context) => {
    const { world, tell, random } = context;
    tell.chapter('An order is paid, received and released');
    await payInCapital(context, 50_000);
    const people = await cast(context, { feeBps: 300, account: '4401778812', schedule: 'manual' });
    const scene = await orderScene(context, people, usd(random.integer(40_000, 90_000)));
    await scene.pay(CARDS.visa);
    await scene.finish();
    const seller = await sellerOf(scene.api, scene.seller.id);
    const available = cents(seller.USD);
    tell.step({ who: 'marketplace', what: 'has released to the seller', amount: seller.USD });

    tell.chapter('Half of it becomes euros');
    const asked = { from: 'USD', to: 'EUR', amount: usd(available / 2n) };
    const quote = await scene.api.post<QuoteView>('/v1/fx/quotes', asked);
    expect(
      cents(quote.got) + cents(quote.fee),
      valueAt(quote.mid, cents(quote.given)),
      'got and fee are the value at mid',
    );
    expect(Number(quote.rate) < Number(quote.mid), true, 'the rate has our part in it');
    tell.step({ who: 'seller', what: `is offered ${quote.rate}, our part ${show(quote.fee)}`, amount: quote.got });
    await world.fx.post('/_sandbox/rates', { currency: 'EUR', rate: `0.${random.integer(85, 89)}` });
    await world.advance(0, 0.1);
    await scene.api.post(`/v1/sellers/${scene.seller.id}/conversions`, { quote: quote.id });
    const after = await sellerOf(scene.api, scene.seller.id);
    expect([after.USD, after.EUR], [usd(available - available / 2n), quote.got], 'the balances');
    const again = scene.api.post(`/v1/sellers/${scene.seller.id}/conversions`, { quote: quote.id });
    expect(await codeOf(again), 'quote_used', 'a quote is used once');
    tell.step({ who: 'Causeway', what: 'converts at the locked rate; the market is elsewhere', amount: quote.got });
    await silence(context, () => scene.api.post('/v1/fx/quotes', asked));

    await endOfDay(context, quote);
    await cover(context, quote);
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};

/** Nobody is quoted a rate that nobody stands for. */
async function silence({ world, tell }: StoryContext, ask: () => Promise<unknown>): Promise<void> {
  await world.fx.post('/_sandbox/mode', { mode: 'stale' });
  await world.advance(0, 1);
  expect(await codeOf(ask()), 'rate_unavailable', 'a source that repeats old rates');
  await world.fx.post('/_sandbox/mode', { mode: 'silent' });
  expect(await codeOf(ask()), 'rate_unavailable', 'a source that does not answer');
  await world.fx.post('/_sandbox/mode', { mode: 'normal' });
  tell.step({ who: 'rate source', what: 'repeats an old moment, then falls silent; nothing is quoted meanwhile' });
}

async function endOfDay({ world, tell }: StoryContext, quote: QuoteView): Promise<void> {
  tell.chapter('The day ends');
  const before = await positionsOf(world.operator);
  expect(before.EUR, String(-cents(quote.got) - cents(quote.fee)), 'short in what was got, and in our part');
  await world.advance(1);
  const after = await positionsOf(world.operator);
  expect(after.EUR, String(-cents(quote.got)), 'our part has come home');
  const { lastRevaluation } = await world.operator.get<PositionsView>('/v1/fx/positions');
  expect(lastRevaluation?.translated, 1, 'results that came home');
  const { gain, loss } = lastRevaluation as NonNullable<PositionsView['lastRevaluation']>;
  expect(cents(gain) > 0n || cents(loss) > 0n, true, 'the market has moved since the rate was locked');
  tell.step({ who: 'Causeway', what: `brings the position to mid: gain ${show(gain)}, loss ${show(loss)}` });
}

/** The bank sells us the euros; both of its lines carry the deal's name. */
async function cover({ world, tell, random }: StoryContext, { got }: QuoteView): Promise<void> {
  tell.chapter('A deal covers the position');
  const reference = `FX-${random.integer(1000, 9999)}`;
  const sold = usd((cents(got) * 118n) / 100n);
  const settlesOn = (await world.now()).slice(0, 10);
  const terms = { counterparty: 'Bank of Elsewhere', reference, sold, bought: got, settlesOn };
  const deal = await world.operator.post<{ id: string }>('/v1/fx/deals', terms);
  tell.step({ who: 'operator', what: `buys ${show(got)} from a bank`, amount: sold });
  const line = { account: '000123456789', endToEndId: reference, debtorName: 'BANK OF ELSEWHERE', text: reference };
  await world.bank.post('/_interbank/debits', { ...line, currency: 'USD', amount: sold.value });
  await world.bank.post('/_sandbox/deposits', { ...line, currency: 'EUR', amount: got.value });
  await world.advance(2);
  const { state } = await world.operator.get<{ state: string }>(`/v1/fx/deals/${deal.id}`);
  expect(state, 'settled', 'the deal');
  const { data } = await world.operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
  const standing = new Map(data.map(({ name, currency, balance }) => [`${name} ${currency}`, balance.value]));
  expect(standing.get('bank EUR'), got.value, 'the euros are at the bank, as many as the seller has');
  expect(
    ['fx_position EUR', 'fx_position USD', 'fx_unrealised USD', 'fx_deal EUR', 'fx_deal USD'].filter((name) =>
      standing.has(name),
    ),
    [],
    'nothing is left open, so nothing is unrealised',
  );
  expect(standing.has('fx_realised USD') && standing.has('fx_margin USD'), true, 'what it came to');
  tell.step({ who: 'bank', what: 'books both sides; what the market did is realised' });
}

async function sellerOf(api: StoryContext['world']['operator'], id: string) {
  type Balances = { readonly balances: readonly { readonly currency: string; readonly available: Money }[] };
  const { balances } = await api.get<Balances>(`/v1/sellers/${id}`);
  const of = (code: string): Money =>
    balances.find(({ currency }) => currency === code)?.available ?? { value: '0', currency: code };
  return { USD: of('USD'), EUR: of('EUR') };
}

async function positionsOf(operator: StoryContext['world']['operator']) {
  const { positions } = await operator.get<PositionsView>('/v1/fx/positions');
  return Object.fromEntries(positions.map(({ currency, position }) => [currency, position.value]));
}

/** Cents of the other currency at a decimal rate, half-even: worked out by hand, both have two decimals. */
function valueAt(rate: string, amount: bigint): bigint {
  const [whole = '0', part = ''] = rate.split('.');
  const [numerator, denominator] = [BigInt(whole + part) * amount, 10n ** BigInt(part.length)];
  const [down, rest] = [numerator / denominator, (numerator % denominator) * 2n];
  return rest > denominator || (rest === denominator && down % 2n === 1n) ? down + 1n : down;
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return 'done';
  } catch (error) {
    return error instanceof Refused ? String(error.problem.code) : String(error);
  }
}
