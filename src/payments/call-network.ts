/**
 * The call between decide and settle. It is made only while it is fresh: the resume job starts after the network's own
 * deadline plus a margin, and takes "not found" for a no. A process that was held up between its commit and its call
 * (paused, starved, reconnecting) must not call so late that the network could act after that inquiry. Wall-clock time.
 */
import { wallNow } from '../base/clock.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import { MARGIN_MS } from './start-operation.ts';

const LATEST_MS = MARGIN_MS - 2000;

/** `began`: wall-clock milliseconds before the decision was committed. */
export async function callNetwork(began: number, call: () => Promise<AcquirerAnswer>): Promise<AcquirerAnswer> {
  if (wallNow() - began > LATEST_MS) return { outcome: 'unknown', cause: 'not sent: it had become too late' };
  return call();
}
