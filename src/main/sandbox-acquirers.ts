/**
 * The acquirers of the sandbox's shops take part in the hub: each is added when the program first meets it, with what it would hand over
 * when it signs: who it is, where it is reached, with which key it signs, what it serves. An acquirer that is known keeps its terms
 * and its keys; where it is reached may change, because ports of a sandbox do.
 */
import { Fault } from '../base/fault.ts';
import { must } from '../base/result.ts';
import { commandKey } from '../journal/index.ts';
import {
  type AddParticipant,
  addParticipant,
  changeParticipant,
  findParticipantByName,
  type RegistryDeps,
} from '../parties/index.ts';

/** What of `GET /_sandbox/acquirers` is asked for. */
interface Listed {
  readonly acquirerId: string;
  readonly name: string;
  readonly publicKey: string;
  readonly keyVersion: string;
  readonly countries: readonly string[];
  readonly settlementCurrencies: readonly string[];
  readonly endpoint: string;
  readonly codePrefixes: readonly string[];
  readonly pushSchemes: readonly string[];
}

/** @param shopsUrl the sandbox shops; throws a fault that may be tried again where they do not answer. */
export async function ensureSandboxAcquirers(deps: RegistryDeps, shopsUrl: string): Promise<void> {
  for (const listed of await acquirersOf(shopsUrl)) {
    const known = await findParticipantByName(deps.journal.db, listed.acquirerId);
    const { endpoint } = listed;
    if (known === null) {
      const command = commandKey('system', `sandbox acquirer ${listed.acquirerId}`, 'add_participant', {});
      must(await addParticipant(deps, command, participantOf(listed)));
    } else if (known.acquirer !== null && known.acquirer.endpoint !== endpoint)
      must(await changeParticipant(deps, undefined, { participant: known.id, acquirer: { endpoint } }));
  }
}

async function acquirersOf(shopsUrl: string): Promise<readonly Listed[]> {
  const response = await fetch(`${shopsUrl}/_sandbox/acquirers`);
  if (!response.ok)
    throw new Fault('sandbox', `the sandbox shops did not list their acquirers: ${response.status}`, {
      retryable: true,
    });
  return ((await response.json()) as { readonly acquirers: readonly Listed[] }).acquirers;
}

function participantOf({ acquirerId, name, publicKey, keyVersion, ...listed }: Listed): AddParticipant {
  const { countries, settlementCurrencies, endpoint, codePrefixes, pushSchemes } = listed;
  const acquirer = { countries, settlementCurrencies, endpoint, codePrefixes, pushSchemes };
  return { participantId: acquirerId, name, publicKey, keyVersion, acquirer };
}
