/**
 * Money from and to other banks, booked at once. A transfer is known by its end-to-end id: asked again it answers what it
 * answered first; with other facts under the same id it is refused.
 */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { bodyObject, json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Bank } from './bank.ts';
import { bookLine } from './lines.ts';

type Direction = 'credit' | 'debit';

interface Transfer {
  readonly account: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly endToEndId: string;
  readonly counterparty: string;
  readonly text: string;
}

/** POST /_interbank/credits and /_interbank/debits */
export function takeTransfer(bank: Bank, direction: Direction, request: Request): Reply {
  const transfer = parse(bank, request);
  if (typeof transfer === 'string') return problem(422, 'invalid_transfer', transfer);
  const { store, time } = bank;
  const { account, currency, amount, endToEndId } = transfer;
  return store.transaction(() => {
    const insert = 'insert into interbank values (?, ?, ?, ?, ?) on conflict (end_to_end_id) do nothing';
    if (store.run(insert, endToEndId, direction, account, currency, amount) === 1) {
      bookLine(store, time.nowMs(), { ...transfer, direction, kind: 'transfer' });
      return json(201, { endToEndId, booked: true });
    }
    const same =
      'select 1 from interbank where end_to_end_id = ? and direction = ? and account = ? and currency = ? and amount = ?';
    return store.first(same, endToEndId, direction, account, currency, amount) === null
      ? problem(409, 'id_taken', `another transfer was booked as ${endToEndId}`)
      : json(200, { endToEndId, booked: true });
  });
}

/** POST /_sandbox/deposits: a stranger's credit. Not idempotent: the same one twice is two lines, as it would be in life. */
export function deposit(bank: Bank, request: Request): Reply {
  const transfer = parse(bank, request);
  if (typeof transfer === 'string') return problem(422, 'invalid_deposit', transfer);
  const { store, time } = bank;
  const line = { ...transfer, direction: 'credit', kind: 'deposit' } as const;
  const bankReference = store.transaction(() => bookLine(store, time.nowMs(), line));
  return json(201, { bankReference });
}

/** The transfer, or what is wrong with it. */
function parse({ settings }: Bank, request: Request): Transfer | string {
  const body = bodyObject(request) ?? {};
  const amount = String(body.amount ?? '');
  const currency = body.currency;
  const text = (name: string, max: number): string => plainText(body[name]).slice(0, max);
  if (text('account', 35) !== settings.operatorAccount) return 'account is not held here';
  if (!/^[1-9]\d{0,14}$/.test(amount)) return 'amount must be a positive whole number of minor units, as text';
  if (!isCurrency(currency)) return 'currency must be an ISO 4217 code';
  if (text('endToEndId', 35) === '') return 'endToEndId is missing';
  return {
    account: settings.operatorAccount,
    currency,
    amount: BigInt(amount),
    endToEndId: text('endToEndId', 35),
    counterparty: text('debtorName', 140) || 'UNKNOWN',
    text: text('text', 140) || text('endToEndId', 35),
  };
}

/** Text as a statement can carry it: no control characters, which XML 1.0 does not know. */
const plainText = (value: unknown): string => (typeof value === 'string' ? value.replace(/\p{Cc}/gu, ' ').trim() : '');
