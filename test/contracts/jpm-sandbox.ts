/**
 * The sandbox's clock and acquirer as processes, and what a J.P. Morgan connector needs to talk to them. The card travels
 * through a stand-in of the vault (fetch-http.ts).
 */
import { generateKeyPairSync } from 'node:crypto';
import { startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import { addDays, type Day, dayOf, type Instant } from '../../src/base/clock.ts';
import type { JpmOnlinePaymentsDeps } from '../../src/connectors/jpm-online-payments/index.ts';
import { auditedHttp, type BodyAudit } from '../support/body-audit.ts';
import { fetchHttp, type StandInCard } from './fetch-http.ts';
import { newReference } from './merchant.ts';

const MERCHANT_ID = '998482157630';
const CLIENT_ID = 'contract-client';
const VAULT = 'http://vault.test/forward';
/** Shorter than ordered delays, longer than any honest answer. */
export const TIMEOUT_MS = 2_000;

export interface JpmSandbox {
  readonly deps: JpmOnlinePaymentsDeps;
  /** A fresh token of a card, by its public test number. Its verification value matches and it is good for decades, unless said otherwise. */
  tokenOf(number: string, changes?: Partial<StandInCard>): string;
  /** An admin verb, or any other POST to the acquirer; its JSON answer. */
  post(path: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  /** The books close at 22:00Z; returns when everybody has done what was due. */
  closeDay(): Promise<Day>;
  stop(): Promise<void>;
}

/** `settings`: of the acquirer's process, beside what it always needs. */
export async function startJpmSandbox(settings: Record<string, string>, audit: BodyAudit): Promise<JpmSandbox> {
  const folder = temporaryFolder();
  const clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  const network = await startNetwork('acquirer', folder.path, { CLOCK_URL: clock.url, MERCHANT_ID, ...settings });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = publicKey.export({ format: 'jwk' });
  await post(`${network.url}/_sandbox/clients`, { clientId: CLIENT_ID, publicJwk });
  const cards = new Map<string, StandInCard>();
  return {
    deps: {
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
    },
    tokenOf: (number, changes = {}) => {
      const token = newReference();
      cards.set(token, { number, cvv: '111', expiryYear: 2099, ...changes });
      return token;
    },
    post: (path, body) => post(network.url + path, body),
    closeDay: () => closeDay(clock.url),
    stop: async () => {
      await network.end('SIGTERM');
      await clock.end('SIGTERM');
      folder.remove();
    },
  };
}

async function closeDay(clockUrl: string): Promise<Day> {
  const { now } = (await (await fetch(`${clockUrl}/now`)).json()) as { readonly now: Instant };
  const today = `${dayOf(now)}T22:05:00.000Z` as Instant; // a day with a time is an instant
  const closing = now < today ? today : addDays(today, 1);
  await post(`${clockUrl}/advance`, { to: closing });
  return dayOf(closing);
}

async function post(url: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>); // the sandbox answers with objects
}
