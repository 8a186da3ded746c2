/**
 * The soak `card-scan`: thousands of cards are typed into the vault's hosted form and paid with, so that their numbers pass
 * through vault and forwarding for real, while the network answers wrongly, clients make mistakes, and the vault and the database
 * are killed. Afterwards no card number and no verification value is in any answer, output, log, file or table.
 */
import { readFileSync } from 'node:fs';
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { usd } from '../../stories/story.ts';
import { startWorld, type World } from '../../stories/world.ts';
import type { CardHit } from '../support/card-scan.ts';
import { buy, type Card, call, type Ending, type Shop } from './card-buyers.ts';
import { type Ears, openEars } from './card-ears.ts';
import { PLANTED, scanFiles, scanTables } from './card-places.ts';
import { CAN_LOOK_UP, killRoles } from './processes.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';

export const cardScan: Soak = {
  name: 'card-scan',
  title: 'Pays with thousands of cards through the vault; afterwards no number is anywhere it must not be',
  count: 3_000,
  run: runCardScan,
};

const LANES = 8;
/** A faulty answer is ordered before every so many buyers. */
const FAULT_EVERY = 12;
const FAULTS = ['malformed', 'unknown_code', 'http_500', 'drop_after', 'http_429', 'drop_before'] as const;
const BACK_LIMIT_MS = 60_000;

async function runCardScan(context: SoakContext): Promise<SoakResult> {
  const began = monotonicMs();
  const ears = openEars();
  // The sandbox greets with a payment to try, and its public test number; what is printed after that is heard.
  let greeted = false;
  const world = await startWorld({
    // Everything that can be logged is logged.
    env: { ACQUIRER_TIMEOUT_MS: '3000', LOG_LEVEL: 'trace', VAULT_BRANDS: BRANDS },
    verbose: context.verbose,
    onOutput: (printed) => {
      if (greeted) ears.listen(printed, 'the output of the program');
    },
  });
  greeted = true;
  context.onInterrupt(() => world.end());
  try {
    const endings = await payThousands(world, ears, context);
    await afterwards(world);
    const { currencies } = await world.acquirer.get<{ currencies: { salesCount: string }[] }>('/_sandbox/totals');
    await world.stop();
    greeted = false;
    const files = await scanFiles(
      world,
      publishedCards().map(({ number }) => number),
    );
    await world.restart();
    const tables = await scanTables(world);
    const hits = [...ears.hits, ...files.hits, ...tables.hits];
    const sales = currencies.reduce((sum, { salesCount }) => sum + Number(salesCount), 0);
    const counts = {
      buyers: context.count,
      endings,
      salesAtTheNetwork: sales,
      cardsInTheVault: tables.cards,
      answersScanned: ears.answers(),
      tablesScanned: tables.tables,
      filesScanned: files.files,
      found: hits.length,
      seconds: Math.round((monotonicMs() - began) / 100) / 10,
    };
    const failures = [
      ...hits.slice(0, 20).map(showHit),
      ...[...files.missed, ...tables.missed].map((missed) => `the scanner is blind: ${missed}`),
      ...tooFew(context.count, sales, tables.cards),
    ];
    return { failures, counts };
  } finally {
    await context.keep(world);
    await world.end();
  }
}

const showHit = ({ where, at, form, masked }: CardHit): string => `${masked} as ${form} in ${where}, at ${at}`;

/** A scan proves nothing unless the numbers were there: typed, kept sealed, and known to the network. */
function tooFew(count: number, sales: number, cards: number): readonly string[] {
  return sales >= count / 2 && cards >= count * 0.9
    ? []
    : [`of ${count} cards only ${cards} were kept and ${sales} charged`];
}

const BRANDS = 'visa,mastercard,american-express,discover,diners-club,jcb,unionpay,maestro';

/** The network's published test cards, with verification values that it knows. */
function publishedCards(): readonly Card[] {
  const file = new URL('../vectors/jpm/test-scenarios.json', import.meta.url);
  const scenarios = JSON.parse(readFileSync(file, 'utf8')) as { readonly cards_us_ca: Record<string, string[]> };
  const numbers = Object.values(scenarios.cards_us_ca).flat();
  if (numbers.includes(PLANTED)) throw new Error('the planted number is one of those that pay');
  return numbers.map((number, index) => {
    const values = /^3[47]/.test(number) ? ['1111', '3111', '3112'] : ['111', '611', '612'];
    return { number, cvv: values[index % 3] as string };
  });
}

async function payThousands(
  world: World,
  ears: Ears,
  { count, seed, say }: SoakContext,
): Promise<Readonly<Record<Ending, number>>> {
  const shop = await openShop(world, ears, seed);
  const cards = publishedCards();
  const endings: Record<Ending, number> = { captured: 0, authorized: 0, declined: 0, open: 0, refused: 0, lost: 0 };
  let next = 0;
  let kill: Promise<void> | undefined;
  const lane = async (): Promise<void> => {
    for (let nth = next++; nth < count; nth = next++) {
      if (nth % FAULT_EVERY === 5) await orderFault(world, nth);
      if (nth === Math.floor(count / 2)) kill = killAndWait(world);
      // Who is under way is hit; who comes later comes when everything is back.
      await kill;
      endings[await buy(shop, nth, cards[nth % cards.length] as Card)] += 1;
      if (nth % 500 === 499) say(`${nth + 1} buyers, ${ears.answers()} answers`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await disputeSome(shop);
  return endings;
}

async function openShop(world: World, ears: Ears, seed: number): Promise<Shop> {
  const plan = { name: 'Card Market', feePlan: { percentBps: 300 }, payoutSchedule: 'daily' };
  const made = await world.operator.post<{ id: string; apiKey: { secret: string } }>('/v1/marketplaces', plan);
  const { secret } = made.apiKey;
  const party = { name: 'Pearl River Lighting Ltd', country: 'CN', email: 'desk@party.example' };
  const account = { country: 'US', routingNumber: '121042882', accountNumber: '4401778812', accountType: 'checking' };
  const seller = { ...party, categoryCode: '5732', bankAccount: { ...account, holderName: party.name } };
  const { id } = await world.as(secret).post<{ id: string }>('/v1/sellers', seller);
  const buyer = await world.as(secret).post<{ id: string }>('/v1/buyers', party);
  return { world, ears, marketplace: made.id, secret, seller: id, buyer: buyer.id, random: seededRandom(seed) };
}

async function orderFault(world: World, nth: number): Promise<void> {
  const kind = FAULTS[Math.floor(nth / FAULT_EVERY) % FAULTS.length];
  const operation = nth % 2 === 0 ? 'captures' : 'payments';
  await world.acquirer.post('/_sandbox/faults', { kind, operation, count: 1 }).catch(() => undefined);
}

/** Vault and database die with cards in their memory, while others type. */
async function killAndWait(world: World): Promise<void> {
  if (!CAN_LOOK_UP) return;
  killRoles(world.dataDir, ['vault', 'postgres']);
  const began = monotonicMs();
  const isBack = async (url: string): Promise<boolean> =>
    (await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null))?.ok === true;
  while (!(await isBack(`${world.addresses.vault}/health`)) || !(await isBack(`${world.addresses.api}/openapi.json`))) {
    if (monotonicMs() - began > BACK_LIMIT_MS) throw new Error('vault or database did not come back');
    await sleep(100);
  }
}

/** Chargebacks carry the last four digits; some are fought with a document. */
async function disputeSome(shop: Shop): Promise<void> {
  const { data } = (await call(shop, 'GET', '/v1/payments?state=captured&limit=5')).body as unknown as {
    data: readonly { id: string; operations?: unknown }[];
  };
  for (const { id } of data) {
    const { operations } = (await call(shop, 'GET', `/v1/payments/${id}`)).body as unknown as {
      operations: readonly { networkId: string | null }[];
    };
    const transactionId = operations[0]?.networkId;
    await shop.world.acquirer.post('/_sandbox/disputes', { transactionId, reasonCode: '13.1' }).catch(() => undefined);
  }
  await shop.world.advance(0, 1);
  const { disputes = [] } = { disputes: (await call(shop, 'GET', '/v1/disputes')).body.data } as {
    disputes?: readonly { id: string }[];
  };
  for (const { id } of disputes) {
    const content = Buffer.from('Delivered, signed by the buyer').toString('base64');
    const documents = [{ name: 'delivery.txt', mediaType: 'text/plain', content }];
    await call(shop, 'POST', `/v1/disputes/${id}/evidence`, { documents });
    await call(shop, 'POST', `/v1/disputes/${id}/challenge`, {});
  }
}

/** Days pass: what is unknown is asked about, files and statements arrive, refunds settle. */
async function afterwards(world: World): Promise<void> {
  await world.bank.post('/_sandbox/deposits', {
    account: '000123456789',
    currency: 'USD',
    amount: usd(5_000_000).value,
    endToEndId: 'FLOAT-1',
    debtorName: 'OPERATOR TREASURY',
    text: 'own funds',
  });
  await world.advance(4);
}
