/** A hub for tests: real commands on a test database; wallets and acquirers say what the test tells them to. */
import type { Modules } from '../../test/support/modules.ts';
import type { DecodedCode, PushAnswer } from '../connectors/ports/shop-acquirer.ts';
import type { WalletNetwork } from '../connectors/ports/wallet.ts';
import { type HubDeps, NO_DISCOUNTS, NO_ORDER_CODES } from './deps.ts';

export interface TestHub {
  readonly deps: HubDeps;
  /** Of the next questions about acquirers' own codes, and about money that was pushed on; silent without one. */
  readonly decodes: DecodedCode[];
  readonly pushes: PushAnswer[];
  /** What acquirers were asked. */
  readonly asked: string[];
}

const notAsked = async (): Promise<never> => {
  throw new Error('no wallet is asked here');
};

const NO_WALLETS: WalletNetwork = {
  ...{ pay: notAsked, inquire: notAsked, cancel: notAsked, refund: notAsked },
  ...{ applyToken: notAsked, refreshToken: notAsked, cancelToken: notAsked, notifyDispute: notAsked },
};

export function testHub(m: Modules): TestHub {
  const [decodes, pushes, asked]: [DecodedCode[], PushAnswer[], string[]] = [[], [], []];
  const deps: HubDeps = {
    journal: m.journal,
    clock: { now: m.now },
    fx: m.fx,
    wallets: NO_WALLETS,
    acquirers: {
      notify: async () => 'acknowledged',
      openDispute: async () => 'acknowledged',
      decode: async (_target, { value }) => {
        asked.push(value);
        return decodes.shift() ?? { outcome: 'unknown', cause: 'silent' };
      },
      inquirePush: async (_target, { requestId }) => {
        asked.push(requestId);
        return pushes.shift() ?? { outcome: 'unknown', cause: 'silent' };
      },
    },
    discounts: NO_DISCOUNTS,
    orderCodes: NO_ORDER_CODES,
    codeDomain: 'qr.causeway.example',
    notificationBody: () => '{}',
    walletNotifyUrl: 'https://hub.example/aps/api/v1/payments/notifyPayment',
    calling: new Set(),
  };
  return { deps, decodes, pushes, asked };
}
