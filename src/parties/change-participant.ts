/**
 * What changes about a participant: its terms, where it is, where its wallet can be used, its keys, whether it takes part at
 * all; and a role it did not have. What is under way keeps the terms it began with: payments carry their own price.
 *
 * Slug and currency of a wallet never change: its account is in that currency and named by it. Checks in this order: the
 * participant, the fields, the names.
 */
import { addKey, withdrawKey } from '../ams-protocol/index.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { absent, type CommandKey, type Decision, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  openWallet,
  type ParticipantDone,
  type ParticipantRefusal,
  type RegistryDeps,
  walletNamesAreFree,
} from './add-participant.ts';
import { type AcquirerInput, checkAcquirer, checkNames, checkWallet, type WalletInput } from './check-participant.ts';
import { type CoverageState, type Participant, participants, type WalletRole } from './participant.ts';
import { findParticipant } from './store.ts';

export interface ChangeParticipant {
  readonly participant: Id<'ptc'>;
  readonly name?: string;
  /** What changes about its wallet; all of it for one that had none. `markets` as a whole. */
  readonly wallet?: Partial<WalletInput>;
  readonly acquirer?: Partial<AcquirerInput>;
}

export function changeParticipant(
  deps: RegistryDeps,
  command: CommandKey | undefined,
  { participant, ...input }: ChangeParticipant,
): ParticipantDone {
  return change(deps, command, participant, async (before) => {
    const name = input.name ?? before.name;
    const names = checkNames({ participantId: before.participantId, name });
    if (!names.ok) return names;
    const wallet = input.wallet === undefined ? ok(before.wallet) : changedWallet(before, input.wallet);
    if (!wallet.ok) return wallet;
    const acquirer = input.acquirer === undefined ? ok(before.acquirer) : changedAcquirer(before, input.acquirer);
    if (!acquirer.ok) return acquirer;
    const free = wallet.value === null ? ok(null) : await walletNamesAreFree(deps.journal.db, wallet.value, before.id);
    if (!free.ok) return free;
    const changes = { name, wallet: wallet.value, acquirer: acquirer.value };
    return ok({ what: 'terms', changes, beside: besidesOf(before, wallet.value) });
  });
}

function changedWallet(
  { wallet: before, participantId }: Participant,
  input: Partial<WalletInput>,
): Result<WalletRole, ParticipantRefusal> {
  if (before === null)
    return checkWallet(
      { slug: '', brandCode: '', country: '', currency: '', modes: [], endpoint: '', ...input },
      newId('net'),
      participantId,
    );
  for (const field of ['slug', 'currency'] as const)
    if (input[field] !== undefined && input[field] !== before[field])
      return refuse('invalid_participant', 'does not change: its account is named by it', {
        pointer: `/wallet/${field}`,
      });
  const settlement = { ...before.settlement, ...input.settlement };
  const fees = { ...before.fees, ...input.fees };
  return checkWallet({ ...before, ...input, settlement, fees }, before.account, participantId);
}

function changedAcquirer({ acquirer: before, participantId }: Participant, input: Partial<AcquirerInput>) {
  const settlement = { ...before?.settlement, ...input.settlement };
  const fees = { ...before?.fees, ...input.fees };
  const whole = { countries: [], settlementCurrencies: [], ...before, ...input, settlement, fees };
  return checkAcquirer(whole, participantId);
}

/** A wallet that is new opens its account; a new brand code must still be free when the unit commits. */
function besidesOf({ wallet: before, participantId }: Participant, after: WalletRole | null): UnitPart {
  if (after === null || after.brandCode === before?.brandCode) return part({});
  return before === null
    ? openWallet(participantId, after)
    : part({ guards: [absent(participants, 'brand', after.brandCode)] });
}

/** Where a wallet can be used: only the markets that are named change; null takes one off. */
export function changeMarkets(
  deps: RegistryDeps,
  command: CommandKey | undefined,
  input: { readonly participant: Id<'ptc'>; readonly markets: Readonly<Record<string, CoverageState | null>> },
): ParticipantDone {
  return change(deps, command, input.participant, async (before) => {
    if (before.wallet === null) return refuse('not_found', 'it has no wallet');
    const all = Object.entries({ ...before.wallet.markets, ...input.markets });
    const markets = Object.fromEntries(all.filter((each): each is [string, CoverageState] => each[1] !== null));
    const wallet = changedWallet(before, { markets });
    return wallet.ok ? ok({ what: 'markets', changes: { wallet: wallet.value } }) : wallet;
  });
}

/** It takes part in nothing new; what it has been given goes on. */
export const suspendParticipant = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  participant: Id<'ptc'>,
): ParticipantDone => turn(deps, command, participant, 'suspended');

export const resumeParticipant = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  participant: Id<'ptc'>,
): ParticipantDone => turn(deps, command, participant, 'active');

const turn = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  participant: Id<'ptc'>,
  state: Participant['state'],
): ParticipantDone =>
  change(deps, command, participant, async (before) =>
    before.state === state
      ? refuse('illegal_move', `it is ${state} already`)
      : ok({ what: state === 'active' ? 'resumed' : 'suspended', changes: { state } }),
  );

export interface KeyOfParticipant {
  readonly participant: Id<'ptc'>;
  readonly version: string;
}

/** Both keys are good until one is withdrawn. */
export const addParticipantKey = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  { participant, version, publicKey }: KeyOfParticipant & { readonly publicKey: string },
): ParticipantDone =>
  change(deps, command, participant, async ({ keys: before }) => {
    const keys = addKey(before, { version, publicKey, at: deps.clock.now() });
    return keys.ok ? ok({ what: 'key_added', keyVersion: version, changes: { keys: keys.value } }) : keys;
  });

/** What is signed with it is refused from then on. */
export const withdrawParticipantKey = (
  deps: RegistryDeps,
  command: CommandKey | undefined,
  { participant, version }: KeyOfParticipant,
): ParticipantDone =>
  change(deps, command, participant, async ({ keys: before }) => {
    const keys = withdrawKey(before, version);
    return keys.ok ? ok({ what: 'key_withdrawn', keyVersion: version, changes: { keys: keys.value } }) : keys;
  });

interface Change {
  readonly what: string;
  readonly keyVersion?: string;
  readonly changes: Partial<Pick<Participant, 'name' | 'state' | 'keys' | 'wallet' | 'acquirer'>>;
  readonly beside?: UnitPart;
}

function change(
  deps: RegistryDeps,
  command: CommandKey | undefined,
  id: Id<'ptc'>,
  decide: (before: Participant) => Promise<Result<Change, ParticipantRefusal>>,
): ParticipantDone {
  return deps.journal.run(command, async (): Promise<Result<Decision<Participant>, ParticipantRefusal>> => {
    const before = await findParticipant(deps.journal.db, id);
    if (before === null) return refuse('not_found', 'no such participant');
    const decided = await decide(before);
    if (!decided.ok) return decided;
    const { what, keyVersion, changes, beside = part({}) } = decided.value;
    const told = { what, ...(keyVersion === undefined ? {} : { keyVersion }) };
    const own = part({
      events: [event('participant.changed', id, told)],
      writes: [update(participants, before, changes)],
    });
    const value = { ...before, ...changes, version: before.version + 1 };
    return ok({ unit: { at: deps.clock.now(), ...merge(own, beside), answer: value }, value });
  });
}
