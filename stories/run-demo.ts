/**
 * `npm run demo`: the main story in a fresh world, told as to a person, then its ending seen from three sides: the accounts,
 * the way of one cent, and ledger = acquirer = bank. Exit 0 only when that is true.
 */
import { seededRandom } from '../src/base/random.ts';
import { demoStory } from './deposit-and-balance.ts';
import { payoutReturned } from './payout-returned.ts';
import type { Story } from './story.ts';
import { show } from './story.ts';
import { textTeller } from './tellers.ts';
import { readThreeSides, type ThreeSides } from './three-sides.ts';
import type { Page, TraceStepView } from './views.ts';
import { startWorld, type World } from './world.ts';

let good = true;
for (const story of [demoStory, payoutReturned]) good = (await play(story)) && good;
console.log(good ? '\nTrue: ledger = acquirer = bank.' : '\nNOT TRUE: see above.');
process.exitCode = good ? 0 : 1;

async function play(story: Story): Promise<boolean> {
  const tell = textTeller();
  console.log(`\n════ ${story.title}`);
  const world = await startWorld({ env: story.env ?? {} });
  const stop = (): void => void world.end().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const { expectedBreaks, trace } = await story.run({ world, random: seededRandom(1), tell });
    const sides = await readThreeSides(world, expectedBreaks);
    printAccounts(sides);
    if (trace !== undefined) await printTrace(world, trace, BigInt(sides.ledger.captured ?? '0') / 8n);
    printSides(sides);
    return sides.ok;
  } catch (error) {
    console.log(`! ${(error as Error).message}`);
    return false;
  } finally {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    await world.end();
  }
}

function printAccounts({ accounts }: ThreeSides): void {
  console.log('\nThe accounts that are not zero (each on its normal side)');
  for (const { name, owner, balance } of accounts)
    console.log(`  ${name.padEnd(18)} ${owner.slice(0, 12).padEnd(14)} ${show(balance).padStart(16)}`);
}

async function printTrace(world: World, id: string, cent: bigint): Promise<void> {
  const { data } = await world.operator.get<Page<TraceStepView>>(`/v1/ledger/trace/${id}?cent=${cent}`);
  console.log('\nThe way of one cent of each instalment, to both bank lines (first in, first out)');
  for (const { depth, event, debit, credit, direction, seq } of data) {
    const arrow = direction === 'back' ? '←' : '→';
    console.log(`  ${'  '.repeat(depth)}${arrow} ${event.padEnd(24)} ${debit.name} → ${credit.name}   (seq ${seq})`);
  }
}

function printSides({ ledger, acquirer, bank, disagreements }: ThreeSides): void {
  const usd = (value: string | undefined): string => show({ value: (value ?? '0').replace('-', ''), currency: 'USD' });
  console.log('\nThree sides, each read from its own');
  console.log(`  captured           ledger ${usd(ledger.captured)}   acquirer ${usd(acquirer.sales)}`);
  console.log(
    `  settled, net       ledger ${usd(ledger.settled)}   acquirer ${usd(acquirer.settledNet)}   acquirer paid ${usd(acquirer.paid)}`,
  );
  console.log(`  bank balance       ledger ${usd(ledger.bank)}   bank ${usd(bank.balance)}`);
  for (const line of disagreements) console.log(`  ! ${line}`);
}
