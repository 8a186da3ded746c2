/**
 * Whether the network takes payments now, by its own health checks (PASS, WARN, FAIL). Payments decide; refunds and
 * verifications that do not pass make it degraded. Only what it says counts: no answer is `down`, odd answers are `degraded`.
 */
import { NetworkFault } from '../ports/network-http.ts';
import { parseObject, text } from './lenient-json.ts';
import type { Line } from './line.ts';

export type Health = 'up' | 'degraded' | 'down';

export async function health(line: Line): Promise<Health> {
  const [payments, ...others] = await Promise.all([
    check(line, 'payments'),
    check(line, 'refunds'),
    check(line, 'verifications'),
  ]);
  if (payments !== 'up') return payments;
  return others.every((other) => other === 'up') ? 'up' : 'degraded';
}

async function check({ transport, settings }: Line, what: string): Promise<Health> {
  try {
    const { status, body } = await transport.fetch({
      method: 'GET',
      url: `${settings.baseUrl}/healthcheck/${what}`,
      purpose: `health_${what}`,
    });
    const says = text(parseObject(body)?.status);
    if (status >= 500 || says === 'FAIL') return 'down';
    return status === 200 && says === 'PASS' ? 'up' : 'degraded';
  } catch (fault) {
    if (fault instanceof NetworkFault) return 'down';
    throw fault;
  }
}
