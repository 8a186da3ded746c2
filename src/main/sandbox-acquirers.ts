/**
 * The acquirers of the sandbox's shops, as participants that the hub can be given. It is what an acquirer would hand over when it signs:
 * who it is, where it is reached, with which key it signs, and what it serves.
 */
import { Fault } from '../base/fault.ts';

export interface SandboxAcquirer {
  readonly participantId: string;
  readonly name: string;
  /** Base64 of a SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly keyVersion: string;
  readonly acquirer: {
    readonly countries: readonly string[];
    readonly settlementCurrencies: readonly string[];
    readonly endpoint: string;
    readonly codePrefixes: readonly string[];
    readonly pushSchemes: readonly string[];
  };
}

interface Listed extends Pick<SandboxAcquirer, 'name' | 'publicKey' | 'keyVersion'> {
  readonly acquirerId: string;
  readonly countries: readonly string[];
  readonly settlementCurrencies: readonly string[];
  readonly endpoint: string;
  readonly codePrefixes: readonly string[];
  readonly pushSchemes: readonly string[];
}

/** Asks the network. Throws a fault that may be tried again where it does not answer. */
export async function sandboxAcquirers(shopsUrl: string): Promise<readonly SandboxAcquirer[]> {
  const response = await fetch(`${shopsUrl}/_sandbox/acquirers`);
  if (!response.ok)
    throw new Fault('sandbox', `the sandbox shops did not list their acquirers: ${response.status}`, {
      retryable: true,
    });
  const { acquirers } = (await response.json()) as { readonly acquirers: readonly Listed[] };
  return acquirers.map(({ acquirerId, name, publicKey, keyVersion, ...listed }) => {
    const { countries, settlementCurrencies, endpoint, codePrefixes, pushSchemes } = listed;
    const acquirer = { countries, settlementCurrencies, endpoint, codePrefixes, pushSchemes };
    return { participantId: acquirerId, name, publicKey, keyVersion, acquirer };
  });
}
