/** Wallets and acquirers of a world's hub, for simulations and soak runs: which wallets can be used where, and fees that they agree to. */
import { randomUUID } from 'node:crypto';
import type { Client } from './client.ts';

export interface Wallet {
  readonly id: string;
  readonly participantId: string;
  readonly slug: string;
  readonly brandCode: string;
  readonly currency: string;
  readonly modes: readonly string[];
  readonly markets: Readonly<Record<string, string>>;
  /** Of what it owes us. */
  readonly account: string;
}

interface Listed {
  readonly id: string;
  readonly participantId: string;
  readonly wallet: Omit<Wallet, 'id' | 'participantId'> | null;
}

/** More than anybody spends, in any currency. */
export const RICH = '99999999999999';

/** Hundredths of a percent. */
const ACQUIRERS_PAY = { interchangeBps: 80, serviceBps: 15 };
const WALLETS_PAY = { interchangeBps: 0, serviceBps: 20 };

/** Those that pay in all these ways in all these countries, in the order of their names. */
export async function walletsThatPay(
  operator: Client,
  modes: readonly string[],
  countries: readonly string[],
): Promise<readonly Wallet[]> {
  const { data } = await operator.get<{ data: readonly Listed[] }>('/v1/wallets');
  return data
    .flatMap(({ id, participantId, wallet }) => (wallet === null ? [] : [{ ...wallet, id, participantId }]))
    .filter(
      (wallet) =>
        modes.every((mode) => wallet.modes.includes(mode)) &&
        countries.every((country) => wallet.markets[country] === 'live'),
    )
    .sort((left, right) => (left.participantId < right.participantId ? -1 : 1));
}

/** The sandbox's participants pay no fees; these wallets and all acquirers do, and interchange crosses between their currencies. */
export async function agreeOnFees(operator: Client, wallets: readonly Wallet[]): Promise<void> {
  const { data } = await operator.get<{ data: readonly { id: string; acquirer: object | null }[] }>('/v1/participants');
  const agree = async (id: string, body: object): Promise<void> => {
    const { status } = await operator.send('PATCH', `/v1/participants/${id}`, { body, key: randomUUID() });
    if (status !== 200) throw new Error(`the fees of ${id}: ${status}`);
  };
  for (const { id, acquirer } of data) if (acquirer !== null) await agree(id, { acquirer: { fees: ACQUIRERS_PAY } });
  for (const { id } of wallets) await agree(id, { wallet: { fees: WALLETS_PAY } });
}
