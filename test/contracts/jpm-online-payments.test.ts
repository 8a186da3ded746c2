/**
 * The J.P. Morgan connector against the sandbox acquirer in a process of its own. Every body that goes out is validated
 * against the published schema.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJpmOnlinePayments } from '../../src/connectors/jpm-online-payments/index.ts';
import { createBodyAudit } from '../support/body-audit.ts';
import { type AcquirerUnderTest, cardAcquirerContract } from './card-acquirer.ts';
import { startJpmSandbox, TIMEOUT_MS } from './jpm-sandbox.ts';
import { type Disturbance, usd } from './merchant.ts';

const CARDS = { approved: '4110144110144115', declined: '4112344112344113', approved_in_part: '4444444444444455' };
const FAULTS: Readonly<Record<Disturbance, object>> = {
  lost_request: { kind: 'drop_before' },
  lost_answer: { kind: 'drop_after' },
  late_answer: { kind: 'delay', delayMs: TIMEOUT_MS + 500 },
  server_error: { kind: 'http_503' },
  malformed: { kind: 'malformed' },
};
const OPERATIONS = { authorize: 'payments', capture: 'captures', void: 'void', refund: 'refunds' } as const;

const audit = createBodyAudit();
cardAcquirerContract('J.P. Morgan Online Payments', setUp);
test('every body that went out is valid by the published schema', () => {
  assert.deepEqual(audit.faults(), []);
  const { payment, capture, change, refund } = audit.counts();
  for (const count of [payment, capture, change, refund])
    assert.ok(count > 10, 'the contract sent bodies of each kind');
});

async function setUp(): Promise<AcquirerUnderTest> {
  const sandbox = await startJpmSandbox({}, audit);
  return {
    acquirer: createJpmOnlinePayments(sandbox.deps),
    lacks: {}, // of what the contract knows, this network offers everything; a lost route is a failure
    payment: (outcome) => ({
      cardToken: sandbox.tokenOf(CARDS[outcome]),
      amount: usd(outcome === 'declined' ? 52_100n : 1_500n),
    }),
    disturb: async (disturbance, kind) => {
      await sandbox.post('/_sandbox/faults', { ...FAULTS[disturbance], operation: OPERATIONS[kind], count: 1 });
    },
    closeDay: sandbox.closeDay,
    stop: sandbox.stop,
  };
}
