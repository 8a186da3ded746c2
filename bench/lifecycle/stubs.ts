/**
 * The networks of this benchmark, inside the platform's own process: an acquirer that approves at once, a vault that knows
 * every token, and the real ACH rail (it builds the real files) in front of a bank that takes every file. So the figures
 * are the platform's own, and no network's.
 */
import type { Day } from '../../src/base/clock.ts';
import { money } from '../../src/base/money.ts';
import { createAchBank } from '../../src/connectors/ach-bank/index.ts';
import type { BankRail, BankStatement } from '../../src/connectors/ports/bank-rail.ts';
import type { AcquirerAnswer, CardAcquirer } from '../../src/connectors/ports/card-acquirer.ts';
import type { CardAuthentication } from '../../src/connectors/ports/card-authentication.ts';
import type { CardDisputes } from '../../src/connectors/ports/card-disputes.ts';
import type { CardVault } from '../../src/connectors/ports/card-vault.ts';

export const BANK_ACCOUNT = { account: '000123456789', routingNumber: '021000021', currency: 'USD' } as const;
/** Enough for every payout of every round, in cents. */
const CAPITAL_CENTS = 1_000_000_000_000n;

export function approvingAcquirer(): CardAcquirer {
  const approve = async ({ reference, amount }: Approved): Promise<AcquirerAnswer> => ({
    outcome: 'approved',
    networkId: `net-${reference}`,
    amount,
    details: {},
  });
  return {
    pay: approve,
    verify: async ({ reference, currency }) => approve({ reference, amount: money(0n, currency) }),
    followUp: approve,
    reports: ['settlement'],
    fetchReport: async () => null,
    parseFees: () => [],
    parseDisputeMovements: () => [],
    checkReports: () => undefined,
    health: async () => 'up',
    inquire: async () => ({ outcome: 'not_found' }),
    fetchSettlement: async () => null,
    parseSettlement: () => [],
    parseNotification: () => ({ notificationId: 'none', type: 'none' }),
  };
}

type Approved = Pick<Parameters<CardAcquirer['pay']>[0], 'reference' | 'amount'>;

/** Nobody is asked: the rules of this marketplace do not want it. */
export const noAuthentication: CardAuthentication = {
  authenticate: async () => ({ outcome: 'unavailable', reason: 'none in this benchmark' }),
  find: async () => ({ outcome: 'not_found' }),
};

/** Nobody disputes anything here. */
export const NO_DISPUTES: CardDisputes = {
  list: async () => [],
  get: async () => null,
  accept: async () => ({ outcome: 'unknown', cause: 'no network' }),
  challenge: async () => ({ outcome: 'unknown', cause: 'no network' }),
  fulfill: async () => ({ outcome: 'unknown', cause: 'no network' }),
};

/** Every token is a card of this marketplace; nobody keeps one. */
export const knowingVault = (marketplace: string): CardVault => ({
  describe: async (token) => ({ token, marketplace, brand: 'visa', last4: '1111' }),
  store: async () => ({ outcome: 'refused', code: 'not_storable' }),
  list: async () => [],
  remove: async () => false,
});

/** `capitalOn`: the day whose statement shows the operator's own money coming in. */
export function acceptingBank(capitalOn: Day): BankRail {
  const rail = createAchBank({
    http: { send: async ({ purpose }) => Promise.reject(new Error(`no network here: ${purpose}`)) },
    settings: {
      baseUrl: 'http://bank.invalid',
      token: 'none',
      account: { routing: BANK_ACCOUNT.routingNumber, number: BANK_ACCOUNT.account },
      originId: BANK_ACCOUNT.routingNumber,
      originName: 'CAUSEWAY',
      companyName: 'CAUSEWAY',
      companyId: '1223344556',
      odfi8: BANK_ACCOUNT.routingNumber.slice(0, 8),
      bankName: 'BENCH BANK',
      timeoutMs: 1000,
    },
  });
  return {
    ...rail,
    submitFile: async ({ name }) => ({ outcome: 'accepted', receipt: `receipt-${name}` }),
    inquireFile: async () => ({ outcome: 'not_found' }),
    fetchReturns: async () => null,
    fetchStatement: async (day) => (day === capitalOn ? { name: `statement-${day}`, bytes: new Uint8Array(1) } : null),
    parseStatement: () => capitalStatement(capitalOn),
  };
}

function capitalStatement(day: Day): BankStatement {
  const amount = money(CAPITAL_CENTS, 'USD');
  return {
    statementId: 'capital',
    account: BANK_ACCOUNT.account,
    currency: 'USD',
    day,
    opening: money(0n, 'USD'),
    closing: amount,
    lines: [{ bankReference: 'C1', direction: 'credit', amount, bookedOn: day, valueOn: day, text: 'own funds' }],
  };
}
