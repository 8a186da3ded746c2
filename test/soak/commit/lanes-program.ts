/**
 * The child of the soak `node-kill`: lanes over one committer. Each acknowledgment is written to standard output in one
 * blocking write before the lane goes on, so that what the parent has read was acknowledged. A failure is a line that begins
 * with `!`. Ends with its parent.
 */
import { writeSync } from 'node:fs';
import { createPool } from '../../../src/db/pool.ts';
import { createCommitter } from '../../../src/journal/index.ts';
import { formatAcknowledgment, type LanesOrder } from './acknowledgment-line.ts';
import { type Lanes, startLanes } from './lanes.ts';

const STDOUT = 1;

process.on('disconnect', () => process.exit(1));
process.once('message', (order: LanesOrder) => {
  const { url, seed, from, wereInFlight } = order;
  const pool = createPool({ url, applicationName: 'soak' });
  const committer = createCommitter({ url, pool });
  const acknowledge = (acknowledgment: Parameters<typeof formatAcknowledgment>[0]): void =>
    say(formatAcknowledgment(acknowledgment));
  const lanes = startLanes({ seed, from, wereInFlight, committers: [committer], acknowledge });
  process.once('message', () => void end(lanes));
});

async function end(lanes: Lanes): Promise<void> {
  await lanes.stop();
  for (const failure of lanes.failures) say(`! ${failure.replaceAll('\n', ' ')}\n`);
  process.exit(0);
}

function say(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0; ) rest = rest.subarray(writeSync(STDOUT, rest));
}
