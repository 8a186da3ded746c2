/**
 * The sandbox's wallets as participants. All that are published are added at the first start, without keys: the sandbox makes a
 * wallet's key when it is first asked for it, and 38 of them would take seconds. So a wallet is asked for its key at the first
 * message from or to it. In production participants come from `causeway wallet add`, and nobody is asked for a key.
 */

import { must } from '../base/result.ts';
import type { WalletNetwork, WalletTarget } from '../connectors/ports/wallet.ts';
import { commandKey } from '../journal/index.ts';
import {
  activeKeys,
  addParticipant,
  addParticipantKey,
  changeParticipant,
  findParticipantByName,
  knownWallets,
  listWallets,
  type RegistryDeps,
} from '../parties/index.ts';

/** Adds what is missing, and says where the others are now: ports may change from start to start. */
export async function ensureSandboxWallets(deps: RegistryDeps, walletsUrl: string): Promise<void> {
  const present = new Map((await listWallets(deps.journal.db)).map((each) => [each.participantId, each]));
  await Promise.all(
    knownWallets().map(async ({ participantId, name, ...facts }) => {
      const endpoint = `${walletsUrl}/alipayplus/mpp/${facts.slug}`;
      const known = present.get(participantId);
      if (known === undefined) {
        const command = commandKey('system', `sandbox wallet ${facts.slug}`, 'add_participant', {});
        must(await addParticipant(deps, command, { participantId, name, wallet: { ...facts, endpoint } }));
      } else if (known.wallet.endpoint !== endpoint && isSandbox(known.wallet.endpoint, facts.slug)) {
        must(await changeParticipant(deps, undefined, { participant: known.id, wallet: { endpoint } }));
      }
    }),
  );
}

/** An operator may have pointed a wallet elsewhere: that stays. */
const isSandbox = (endpoint: string, slug: string): boolean =>
  /^http:\/\/127\.0\.0\.1:\d+\//.test(endpoint) && endpoint.endsWith(`/alipayplus/mpp/${slug}`);

/** Asks a participant without keys for its key, if it is a wallet of the sandbox; otherwise does nothing. */
export type Introduce = (participantId: string) => Promise<void>;

export function introduceFrom(deps: RegistryDeps, walletsUrl: string | null): Introduce {
  if (walletsUrl === null) return async () => undefined;
  const met = new Map<string, Promise<void>>();
  return (participantId) => {
    const meeting = met.get(participantId) ?? meet(deps, walletsUrl, participantId);
    met.set(participantId, meeting);
    // Who could not be met, or is not there yet, is asked again.
    meeting.catch(() => met.delete(participantId));
    return meeting.catch(() => undefined);
  };
}

async function meet(deps: RegistryDeps, walletsUrl: string, participantId: string): Promise<void> {
  const participant = await findParticipantByName(deps.journal.db, participantId);
  if (participant === null) throw new Error(`no participant ${participantId} yet`);
  const { wallet, id } = participant;
  if (wallet === null || participant.keys.length > 0 || !isSandbox(wallet.endpoint, wallet.slug)) return;
  const response = await fetch(`${walletsUrl}/_sandbox/wallets/${wallet.slug}`, { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`the sandbox does not know ${wallet.slug}: ${response.status}`);
  const { keyVersion, publicKey } = (await response.json()) as { keyVersion: string; publicKey: string };
  const added = await addParticipantKey(deps, undefined, { participant: id, version: keyVersion, publicKey });
  // Another process may have met it at the same moment.
  if (!added.ok && added.error.code !== 'key_version_taken') throw new Error(added.error.detail);
}

/** The network, with wallets met before they are first spoken to. */
export function introduced(network: WalletNetwork, deps: RegistryDeps, introduce: Introduce): WalletNetwork {
  const known = async (target: WalletTarget): Promise<WalletTarget> => {
    if (target.keys.length > 0) return target;
    await introduce(target.participantId);
    const participant = await findParticipantByName(deps.journal.db, target.participantId);
    return participant === null ? target : { ...target, keys: activeKeys(participant) };
  };
  return {
    pay: async (target, request) => network.pay(await known(target), request),
    inquire: async (target, ask) => network.inquire(await known(target), ask),
    cancel: async (target, ask) => network.cancel(await known(target), ask),
    refund: async (target, request) => network.refund(await known(target), request),
    applyToken: async (target, code) => network.applyToken(await known(target), code),
    refreshToken: async (target, token) => network.refreshToken(await known(target), token),
    cancelToken: async (target, token) => network.cancelToken(await known(target), token),
    notifyDispute: async (target, news) => network.notifyDispute(await known(target), news),
  };
}
