/** The sandbox's wallets in a process of their own, with a clock, and one of them joined to the parties of a test. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import { type Instant, msOf } from '../../src/base/clock.ts';
import { must } from '../../src/base/result.ts';
import { createApsWallet } from '../../src/connectors/aps-wallet/index.ts';
import { addParticipantKey } from '../../src/parties/index.ts';
import { aWallet } from '../support/fake-wallet.ts';
import type { Modules } from '../support/modules.ts';
import { fetchHttp } from './fetch-http.ts';

type Json = Record<string, unknown>;

/** Joins `tng`, which charges in MYR at 4.2 a dollar; the time of `m` becomes that of the sandbox's clock, a Monday morning. */
export async function joinSandboxWallet(m: Modules) {
  const folder = temporaryFolder();
  const clock = await startNetwork('clock', folder.path, {});
  await startWeek(clock);
  const wallets = await startNetwork('wallets', folder.path, { CLOCK_URL: clock.url });
  const admin = async (method: 'GET' | 'POST', verb: string, body?: object): Promise<Json> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${wallets.url}/_sandbox/${verb}`, init);
    assert.ok(answer.ok, `${verb}: ${answer.status}`);
    const text = await answer.text();
    return text === '' ? {} : (JSON.parse(text) as Json);
  };
  const { now } = (await (await fetch(`${clock.url}/now`)).json()) as { now: Instant };
  m.pass(msOf(now) - msOf(m.now()));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const own = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await admin('POST', 'hub', { url: 'http://127.0.0.1:1', publicKey: own });
  const shown = await admin('GET', 'wallets/tng');
  const role = { slug: 'tng', currency: 'MYR', endpoint: `${wallets.url}/alipayplus/mpp/tng` } as const;
  const tng = await aWallet(m.parties, role, String(shown.pspId));
  const key = { publicKey: String(shown.publicKey), version: String(shown.keyVersion) };
  must(await addParticipantKey(m.parties, undefined, { participant: tng.id, ...key }));
  m.rates.perBase.MYR = '4.2';
  const line = fetchHttp({ vaultUrl: 'http://vault.invalid', cards: new Map() });
  const network = createApsWallet({ http: () => line, own: { privateKey, version: '1' }, timeoutMs: 2_000 });
  return {
    tng,
    /** `verb` without `/_sandbox/`; fails the test when it is refused. */
    admin,
    /** The hub's key, which the wallets know. */
    privateKey,
    /** Payments that reach the wallets over the real connector. */
    payments: { ...m.payments, wallets: { ...m.payments.wallets, network } },
    stop: async (): Promise<void> => {
      await wallets.end('SIGTERM');
      await clock.end('SIGTERM');
      folder.remove();
    },
  };
}

export type SandboxWallet = Awaited<ReturnType<typeof joinSandboxWallet>>;
