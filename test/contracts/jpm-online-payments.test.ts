/**
 * The J.P. Morgan connector against the sandbox acquirer in a process of its own. The card travels through a stand-in of the
 * vault; every body that goes out is validated against the published schema.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import type { Day, Instant } from '../../src/base/clock.ts';
import { createJpmOnlinePayments } from '../../src/connectors/jpm-online-payments/index.ts';
import type { CardAcquirer } from '../../src/connectors/ports/card-acquirer.ts';
import { auditedHttp, createBodyAudit } from '../support/body-audit.ts';
import { type AcquirerUnderTest, cardAcquirerContract, type Disturbance, newReference, usd } from './card-acquirer.ts';
import { fetchHttp } from './fetch-http.ts';

const MERCHANT_ID = '998482157630';
const CLIENT_ID = 'contract-client';
/** Shorter than the ordered delay, longer than any honest answer here. */
const TIMEOUT_MS = 2_000;
const VAULT = 'http://vault.test/forward';
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
  const folder = temporaryFolder();
  const clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  const network = await startNetwork('acquirer', folder.path, { CLOCK_URL: clock.url, MERCHANT_ID });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await post(`${network.url}/_sandbox/clients`, {
    clientId: CLIENT_ID,
    publicJwk: publicKey.export({ format: 'jwk' }),
  });
  const cards = new Map<string, string>();
  const acquirer = createJpmOnlinePayments({
    http: auditedHttp(fetchHttp({ vaultUrl: VAULT, cards }), audit),
    settings: {
      baseUrl: `${network.url}/api/v2`,
      tokenUrl: `${network.url}/oauth2/token`,
      reportsUrl: `${network.url}/reports`,
      merchantId: MERCHANT_ID,
      clientId: CLIENT_ID,
      privateKey,
      vaultForwardUrl: VAULT,
      vaultSecret: 'contract',
      timeoutMs: TIMEOUT_MS,
      softwareCompany: 'Causeway',
      softwareName: 'Contract',
    },
  });
  return {
    acquirer,
    lacks: await probe(acquirer, network.url),
    payment: (outcome) => {
      const cardToken = newReference();
      cards.set(cardToken, CARDS[outcome]);
      return { cardToken, amount: usd(outcome === 'declined' ? 52_100n : 1_500n) };
    },
    disturb: (disturbance, kind) =>
      post(`${network.url}/_sandbox/faults`, { ...FAULTS[disturbance], operation: OPERATIONS[kind], count: 1 }),
    closeDay: () => closeDay(clock.url),
    stop: async () => {
      await network.end('SIGTERM');
      await clock.end('SIGTERM');
      folder.remove();
    },
  };
}

/** What this sandbox cannot do: told by its routes, and by how it refuses a change of a payment that is not there. */
async function probe(acquirer: CardAcquirer, url: string): Promise<AcquirerUnderTest['lacks']> {
  const hasRoute = async (method: string, path: string): Promise<boolean> =>
    (await fetch(url + path, { method })).status !== 404;
  const nowhere = { reference: newReference(), networkPaymentId: 'nowhere', amount: usd(100n) };
  const change = await acquirer.followUp({ kind: 'increment', ...nowhere });
  const changes = change.outcome === 'declined' && change.code === 'NOT_FOUND';
  const missing = 'this sandbox has none yet';
  return {
    ...((await hasRoute('POST', '/api/v2/verifications')) ? {} : { verify: missing }),
    ...(changes ? {} : { increment: missing, reverse: missing, reauthorize: missing, partial_approval: missing }),
    ...(changes ? {} : { refund_of_one_capture: missing }),
    ...((await hasRoute('GET', '/reports/deposit-details')) ? {} : { all_reports: missing }),
  };
}

/** The books close at 22:00Z; the clock answers when everybody has done what was due. */
async function closeDay(clockUrl: string): Promise<Day> {
  const { now } = (await (await fetch(`${clockUrl}/now`)).json()) as { readonly now: Instant };
  const today = now.slice(0, 10);
  const close = `${today}T22:05:00.000Z`;
  const closing = now < close ? close : nextDay(close);
  await post(`${clockUrl}/advance`, { to: closing });
  return closing.slice(0, 10) as Day; // an instant begins with its day
}

function nextDay(at: string): string {
  return new Date(Date.parse(at) + 86_400_000).toISOString();
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}
