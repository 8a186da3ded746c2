/** Wallets of the sandbox as participants: added once and without keys, met at the first message, moved when the ports move. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type StartedNetwork, startNetwork, startWeek, temporaryFolder } from '../../sandbox/base/start-network.ts';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import type { WalletNetwork, WalletTarget } from '../connectors/ports/wallet.ts';
import { changeParticipant, findParticipantByName, type Participant } from '../parties/index.ts';
import { ensureSandboxWallets, introduced, introduceFrom } from './sandbox-wallets.ts';

const TNG = '1022171000000000001';
const GCASH = '1022170000000000000';

describe('wallets of the sandbox', { skip: NO_DATABASE }, () => {
  const folder = temporaryFolder();
  let m: Modules;
  let clock: StartedNetwork;
  let wallets: StartedNetwork;
  before(async () => {
    m = await createModules();
    clock = await startNetwork('clock', folder.path, {});
    await startWeek(clock);
    wallets = await startNetwork('wallets', folder.path, { CLOCK_URL: clock.url });
    await ensureSandboxWallets(deps(), wallets.url);
  });
  after(async () => {
    await wallets?.end('SIGTERM');
    await clock?.end('SIGTERM');
    folder.remove();
    await m?.end();
  });
  const deps = () => ({ journal: m.journal, clock: m.orders.clock });
  const find = async (name: string): Promise<Participant> => (await findParticipantByName(m.db, name)) as Participant;

  test('a wallet has no key until it is met, and then the one it signs with', async () => {
    assert.deepEqual((await find(TNG)).keys, []);
    const introduce = introduceFrom(deps(), wallets.url);
    await Promise.all([introduce(TNG), introduce(TNG), introduceFrom(deps(), wallets.url)(TNG)]);
    const shown = await fetch(`${wallets.url}/_sandbox/wallets/tng`);
    const { keyVersion, publicKey } = (await shown.json()) as Record<string, string>;
    const keys = (await find(TNG)).keys.map(({ version, publicKey: key }) => [version, key]);
    assert.deepEqual(keys, [[keyVersion, publicKey]]);
  });

  test('a wallet that is spoken to first is met first; a stranger is asked for nothing', async () => {
    const heard: WalletTarget[] = [];
    const inquire: WalletNetwork['inquire'] = async (target) => {
      heard.push(target);
      return { outcome: 'not_found' };
    };
    // Only what is asked here: the others are passed on alike.
    const network = { inquire } as WalletNetwork;
    const met = introduced(network, deps(), introduceFrom(deps(), wallets.url));
    const { wallet } = await find(GCASH);
    const ask = { reference: 'R1', acquirer: 'A1' };
    const target = { participantId: GCASH, endpoint: wallet?.endpoint as string, keys: [] };
    await met.inquire(target, ask);
    assert.equal(heard[0]?.keys.length, 1);
    await met.inquire({ ...target, participantId: 'NOBODY00000001' }, ask);
    assert.deepEqual(heard[1]?.keys, []);
  });

  test('where wallets are now is said at every start; one that was pointed elsewhere stays there', async () => {
    const elsewhere = 'https://gcash.example/mpp';
    const { id } = await find(GCASH);
    must(await changeParticipant(deps(), undefined, { participant: id, wallet: { endpoint: elsewhere } }));
    await ensureSandboxWallets(deps(), 'http://127.0.0.1:4999');
    assert.equal((await find(TNG)).wallet?.endpoint, 'http://127.0.0.1:4999/alipayplus/mpp/tng');
    assert.equal((await find(GCASH)).wallet?.endpoint, elsewhere);
    const before = (await find(TNG)).version;
    await ensureSandboxWallets(deps(), 'http://127.0.0.1:4999');
    assert.equal((await find(TNG)).version, before);
  });
});
