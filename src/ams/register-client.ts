/**
 * Clients of the gateway, by the operator: a name to sign with, a marketplace to act for, public keys by version. A client
 * goes over to a new key by having both for a while; the last active key cannot be withdrawn. Checks in this order: the
 * client or its name, the marketplace, the key, the policy, the sellers.
 */

import { addKey, withdrawKey } from '../ams-protocol/index.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { absent, type CommandKey, type Decision, insert, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findMarketplace, findSeller } from '../parties/index.ts';
import { POLICY_NAMES } from '../protection/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsClientRefusal } from './errors.ts';
import { type AmsClient, amsClients, type ClientDefaults } from './rows.ts';
import { findClient, loadClient } from './store.ts';

type Registrar = Pick<AmsDeps, 'journal' | 'clock'>;
type Done = Promise<Result<Outcome<AmsClient>, AmsClientRefusal>>;

export interface RegisterClient {
  readonly clientId: string;
  readonly marketplace: Id<'mkt'>;
  /** Becomes version 1. */
  readonly publicKey: string;
  readonly defaults?: Partial<ClientDefaults>;
  readonly sellers?: AmsClient['sellers'];
  readonly notifyUrl?: string;
}

/** A client that says nothing: parcels, two weeks to pay an order, 14 minutes on the hosted page as documented for AMS. */
export const CLIENT_DEFAULTS: ClientDefaults = {
  policy: 'standard',
  shipWithinDays: 30,
  buyerCountry: 'US',
  seller: null,
  payWithinS: 14 * 60,
};

export function registerClient(deps: Registrar, command: CommandKey | undefined, input: RegisterClient): Done {
  return deps.journal.run(command, async (): Promise<Result<Decision<AmsClient>, AmsClientRefusal>> => {
    const { db } = deps.journal;
    if ((await findClient(db, input.clientId)) !== null)
      return refuse('client_id_taken', 'another client has this name', { pointer: '/clientId' });
    if ((await findMarketplace(db, input.marketplace)) === null)
      return refuse('not_found', 'no such marketplace', { pointer: '/marketplace' });
    const at = deps.clock.now();
    const keys = addKey([], { version: '1', publicKey: input.publicKey, at });
    if (!keys.ok) return keys;
    const defaults = { ...CLIENT_DEFAULTS, ...input.defaults };
    const terms = await checkTerms(deps, input.marketplace, defaults, input.sellers ?? {});
    if (!terms.ok) return terms;
    const client: AmsClient = {
      id: newId('amc'),
      version: 0,
      state: 'active',
      clientId: input.clientId,
      marketplace: input.marketplace,
      keys: keys.value,
      defaults,
      sellers: input.sellers ?? {},
      notifyUrl: input.notifyUrl ?? null,
      createdAt: at,
    };
    const { marketplace, clientId } = client;
    const value = { ...client, version: 1 };
    const unit = {
      at,
      ...part({
        events: [event('ams_client.registered', client.id, { marketplace, clientId })],
        writes: [insert(amsClients, client)],
        guards: [absent(amsClients, 'client_id', clientId)],
      }),
      answer: value,
    };
    return ok({ unit, value });
  });
}

export interface KeyOfClient {
  readonly client: Id<'amc'>;
  readonly version: string;
}

export function addClientKey(
  deps: Registrar,
  command: CommandKey | undefined,
  { client, version, publicKey }: KeyOfClient & { readonly publicKey: string },
): Done {
  return change(deps, command, client, (before) => {
    const keys = addKey(before.keys, { version, publicKey, at: deps.clock.now() });
    return keys.ok ? ok({ what: 'key_added', keyVersion: version, changes: { keys: keys.value } }) : keys;
  });
}

/** What is signed with it is refused from then on. */
export function withdrawClientKey(
  deps: Registrar,
  command: CommandKey | undefined,
  { client, version }: KeyOfClient,
): Done {
  return change(deps, command, client, (before) => {
    const keys = withdrawKey(before.keys, version);
    return keys.ok ? ok({ what: 'key_withdrawn', keyVersion: version, changes: { keys: keys.value } }) : keys;
  });
}

interface Change {
  readonly what: string;
  readonly keyVersion: string;
  readonly changes: Partial<Pick<AmsClient, 'keys'>>;
}

function change(
  deps: Registrar,
  command: CommandKey | undefined,
  id: Id<'amc'>,
  decide: (before: AmsClient) => Result<Change, AmsClientRefusal>,
): Done {
  return deps.journal.run(command, async (): Promise<Result<Decision<AmsClient>, AmsClientRefusal>> => {
    const before = await loadClient(deps.journal.db, id);
    if (before === null) return refuse('not_found', 'no such client');
    const decided = decide(before);
    if (!decided.ok) return decided;
    const { what, keyVersion, changes } = decided.value;
    const value = { ...before, ...changes, version: before.version + 1 };
    const changed = event('ams_client.changed', id, { what, keyVersion });
    const writes = [update(amsClients, before, changes)];
    return ok({ unit: { at: deps.clock.now(), ...part({ events: [changed], writes }), answer: value }, value });
  });
}

async function checkTerms(
  { journal }: Registrar,
  marketplace: Id<'mkt'>,
  { policy, seller }: ClientDefaults,
  sellers: AmsClient['sellers'],
): Promise<Result<null, AmsClientRefusal>> {
  if (!POLICY_NAMES.includes(policy))
    return refuse('unknown_policy', `must be one of ${POLICY_NAMES.join(', ')}`, { pointer: '/defaults/policy' });
  for (const id of [...(seller === null ? [] : [seller]), ...Object.values(sellers)]) {
    const found = await findSeller(journal.db, id);
    if (found === null || found.marketplace !== marketplace)
      return refuse('unknown_party', 'no such seller', { pointer: '/sellers', facts: { seller: id } });
  }
  return ok(null);
}
