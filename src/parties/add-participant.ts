/**
 * A participant of the hub is added: wallet, acquirer or both, as data, while everything runs. A wallet's account with us is
 * opened in the same unit, so that there is never one whose debt has no place.
 *
 * Checks in this order: names, roles and their fields (check-participant.ts), the key, then that id, slug and brand code are
 * free. Without a key a participant is known and not believed; one comes with addParticipantKey.
 */
import { addKey, type KeyRefusal } from '../ams-protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import {
  absent,
  type CommandKey,
  type Decision,
  type Guard,
  insert,
  type Journal,
  type JournalRefusal,
  merge,
  type Outcome,
  part,
  type UnitPart,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  type AcquirerInput,
  checkAcquirer,
  checkNames,
  checkWallet,
  type FieldRefusal,
  type WalletInput,
} from './check-participant.ts';
import { type Participant, participants, type WalletRole } from './participant.ts';
import { type NetworkAccount, networkAccounts } from './rows.ts';
import { accountKey, findParticipantByName, findWallet, findWalletByBrand, WALLET_NETWORK } from './store.ts';

export interface RegistryDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}

export type ParticipantRefusal =
  | FieldRefusal
  | KeyRefusal
  | Refusal<'participant_taken' | 'not_found' | 'illegal_move'>
  | JournalRefusal;

export type ParticipantDone = Promise<Result<Outcome<Participant>, ParticipantRefusal>>;

export interface AddParticipant {
  readonly participantId: string;
  readonly name: string;
  readonly publicKey?: string;
  /** Of the key; 1 unless said. */
  readonly keyVersion?: string;
  readonly wallet?: WalletInput;
  readonly acquirer?: AcquirerInput;
}

export function addParticipant(
  deps: RegistryDeps,
  command: CommandKey | undefined,
  input: AddParticipant,
): ParticipantDone {
  return deps.journal.run(command, async (): Promise<Result<Decision<Participant>, ParticipantRefusal>> => {
    const made = makeParticipant(input, deps.clock);
    if (!made.ok) return made;
    const participant = made.value;
    const { participantId, name, wallet } = participant;
    const free = await namesAreFree(deps.journal.db, participantId, wallet);
    if (!free.ok) return free;
    const added = event('participant.added', participant.id, {
      ...{ participantId, name, acquirer: participant.acquirer !== null },
      ...(wallet === null ? {} : { wallet: wallet.slug }),
    });
    const guards = [absent(participants, 'participant_id', participantId)];
    const own = part({ events: [added], writes: [insert(participants, participant)], guards });
    const opened = wallet === null ? [] : [openWallet(participantId, wallet)];
    const value = { ...participant, version: 1 };
    return ok({ unit: { at: participant.createdAt, ...merge(own, ...opened), answer: value }, value });
  });
}

function makeParticipant(input: AddParticipant, clock: Clock): Result<Participant, ParticipantRefusal> {
  const { participantId, name } = input;
  const names = checkNames(input);
  if (!names.ok) return names;
  if (input.wallet === undefined && input.acquirer === undefined)
    return refuse('invalid_participant', 'a participant is a wallet, an acquirer or both', { pointer: '/wallet' });
  const wallet = input.wallet === undefined ? ok(null) : checkWallet(input.wallet, newId('net'), participantId);
  if (!wallet.ok) return wallet;
  const acquirer = input.acquirer === undefined ? ok(null) : checkAcquirer(input.acquirer, participantId);
  if (!acquirer.ok) return acquirer;
  const { publicKey, keyVersion: version = '1' } = input;
  const at = clock.now();
  const keys = publicKey === undefined ? ok([]) : addKey([], { version, publicKey, at });
  if (!keys.ok) return keys;
  return ok({
    ...{ id: newId('ptc'), version: 0, state: 'active', participantId, name, keys: keys.value },
    ...{ wallet: wallet.value, acquirer: acquirer.value, createdAt: at },
  });
}

/** Refused unless nobody else has these names. */
async function namesAreFree(
  db: Queryable,
  participantId: string,
  wallet: WalletRole | null,
): Promise<Result<null, ParticipantRefusal>> {
  if ((await findParticipantByName(db, participantId)) !== null) return taken('/participantId');
  return wallet === null ? ok(null) : walletNamesAreFree(db, wallet);
}

export async function walletNamesAreFree(
  db: Queryable,
  { slug, brandCode }: WalletRole,
  except?: Id<'ptc'>,
): Promise<Result<null, ParticipantRefusal>> {
  const [bySlug, byBrand] = await Promise.all([findWallet(db, slug), findWalletByBrand(db, brandCode)]);
  if (bySlug !== null && bySlug.id !== except) return taken('/wallet/slug');
  return byBrand !== null && byBrand.id !== except ? taken('/wallet/brandCode') : ok(null);
}

const taken = (pointer: string) => refuse('participant_taken', 'another participant has this name', { pointer });

/** The account that a wallet owes us on. Settlements of a wallet are net of fees. */
export function openWallet(participantId: string, wallet: WalletRole): UnitPart {
  const account: NetworkAccount = {
    id: wallet.account,
    version: 0,
    state: 'active',
    network: `${WALLET_NETWORK}${wallet.slug}`,
    funding: 'net',
    merchantId: participantId,
  };
  const { network, funding } = account;
  return part({
    events: [event('network_account.opened', account.id, { network, funding })],
    writes: [insert(networkAccounts, account)],
    guards: [...walletNames(wallet), absent(networkAccounts, 'account_key', accountKey(account))],
  });
}

const walletNames = ({ slug, brandCode }: WalletRole): readonly Guard[] => [
  absent(participants, 'wallet', slug),
  absent(participants, 'brand', brandCode),
];
