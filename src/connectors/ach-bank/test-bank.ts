/** Test support: settings of an originator, a credit file request, and a bank in memory that answers from a script. */
import type { Day, Instant } from '../../base/clock.ts';
import { money } from '../../base/money.ts';
import type { CreditEntry, CreditFileRequest } from '../ports/bank-rail.ts';
import type { NetworkHttp, NetworkRequest, NetworkResponse } from '../ports/network-http.ts';
import type { AchBankSettings } from './settings.ts';

export const SETTINGS: AchBankSettings = {
  baseUrl: 'http://bank.test',
  token: 'bank-token',
  account: { routing: '021000021', number: '000123456789' },
  originId: '1234567890',
  originName: 'Causeway Märkte',
  companyName: 'Causeway',
  companyId: '1234567890',
  odfi8: '02100002',
  bankName: 'Sandbox Bank',
  timeoutMs: 777,
};

export const entry = (sequence: number, changes: Partial<CreditEntry> = {}): CreditEntry => ({
  reference: `PAYOUT${sequence}`,
  amount: money(10_000n + BigInt(sequence), 'USD'),
  account: {
    country: 'US',
    routingNumber: '121042882',
    accountNumber: '744-5678-99',
    accountType: 'checking',
    holderName: 'Ming Trading Co',
  },
  sequence,
  ...changes,
});

export const request = (entries: readonly CreditEntry[], fileReference = '0000001A'): CreditFileRequest => ({
  fileReference,
  createdAt: '2026-11-22T09:05:00.000Z' as Instant,
  effectiveDay: '2026-11-23' as Day,
  entries,
});

export const answer = (status: number, body: unknown): NetworkResponse => ({
  status,
  headers: {},
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});

export interface TestBank extends NetworkHttp {
  readonly requests: NetworkRequest[];
}

/** Answers in order; an Error is thrown as the wire would. */
export function testBank(replies: readonly (NetworkResponse | Error)[]): TestBank {
  const requests: NetworkRequest[] = [];
  const queue = [...replies];
  return {
    requests,
    async send(sent) {
      requests.push(sent);
      const reply = queue.shift();
      if (reply === undefined || reply instanceof Error) throw reply ?? new Error('no reply scripted');
      return reply;
    },
  };
}
