/**
 * The connector of the other network (other-network.ts). Its network calls a payment by the merchant's reference, so that
 * reference is what it gives the platform as `networkId` of an authorization. It has no fee and dispute reports, and no way to
 * authorize again: it says so.
 */
import type { Day } from '../../src/base/clock.ts';
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { fromDecimal, type Money, money, toDecimal } from '../../src/base/money.ts';
import {
  type AcquirerAnswer,
  type CardAcquirer,
  type FollowUpRequest,
  type InquiryAnswer,
  MalformedFile,
  type NetworkFile,
  type OperationKind,
} from '../../src/connectors/ports/card-acquirer.ts';
import { NetworkFault, type NetworkHttp, type NetworkResponse } from '../../src/connectors/ports/network-http.ts';
import { readBatchFile } from './other-batch-file.ts';

interface Asked {
  readonly kind: OperationKind;
  readonly reference: string;
  readonly currency: Currency;
}

const PATHS = {
  capture: '/clearings',
  void: '/cancellations',
  refund: '/credits',
  increment: '/adjustments',
  reverse: '/adjustments',
} as const;

export function createOtherAcquirer(http: NetworkHttp): CardAcquirer {
  return {
    pay: ({ kind, reference, amount, cardToken }) =>
      tell(
        http,
        '/authorizations',
        { kind, reference, currency: amount.currency },
        {
          amount: toDecimal(amount),
          currency: amount.currency,
          card: cardToken,
          clearOnGrant: kind === 'sale',
        },
      ),
    verify: ({ kind, reference, currency, cardToken }) =>
      tell(http, '/card-checks', { kind, reference, currency }, { card: cardToken }),
    followUp: (request) => followUp(http, request),
    inquire: ({ kind, reference, amount }) => ask(http, { kind, reference, currency: amount.currency }),
    reports: ['settlement'],
    fetchReport: (report, day) => (report === 'settlement' ? fetchBatch(http, day) : Promise.resolve(null)),
    fetchSettlement: (day) => fetchBatch(http, day),
    parseSettlement: (bytes) => [readBatchFile(bytes)],
    parseFees: () => refuseFile('fee'),
    parseDisputeMovements: () => refuseFile('dispute'),
    checkReports: ({ settlement }) => void readBatchFile(settlement.bytes), // its trailer is its only identity
    health: () => health(http),
    parseNotification: () => refuseFile('notification'),
  };
}

function followUp(http: NetworkHttp, request: FollowUpRequest): Promise<AcquirerAnswer> {
  const { kind, reference, networkPaymentId: original, amount, part } = request;
  if (kind === 'reauthorize') {
    const message = 'this network does not authorize again';
    return Promise.resolve({ outcome: 'declined', code: 'not_offered', message, class: 'refused' });
  }
  const asked = { kind, reference, currency: amount.currency };
  return tell(http, PATHS[kind], asked, { original, amount: toDecimal(amount), last: part?.final ?? true });
}

async function tell(http: NetworkHttp, path: string, asked: Asked, message: object): Promise<AcquirerAnswer> {
  const answer = await exchange(http, asked, {
    method: 'POST',
    path,
    body: JSON.stringify({ merchantReference: asked.reference, ...message }),
  });
  return answer.outcome === 'not_found' ? { outcome: 'unknown', cause: 'NEVER_SEEN' } : answer;
}

const ask = (http: NetworkHttp, asked: Asked): Promise<InquiryAnswer> =>
  exchange(http, asked, { method: 'GET', path: `/records/${asked.reference}` });

async function exchange(
  http: NetworkHttp,
  asked: Asked,
  { path, ...request }: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string },
): Promise<InquiryAnswer> {
  try {
    return read(
      asked,
      await http.send({ ...request, url: `http://other.test${path}`, timeoutMs: 500, purpose: asked.kind }),
    );
  } catch (fault) {
    if (fault instanceof NetworkFault) return { outcome: 'unknown', cause: fault.message };
    throw fault;
  }
}

function read(asked: Asked, { status, body }: NetworkResponse): InquiryAnswer {
  const record = status === 200 ? objectIn(body) : undefined;
  if (record === undefined) return { outcome: 'unknown', cause: `http_${status}` };
  switch (record.state) {
    case 'NEVER_SEEN':
      return { outcome: 'not_found' };
    case 'RECEIVED':
      return { outcome: 'pending' };
    case 'REFUSED':
      return declined(String(record.reason));
    case 'GRANTED':
      return granted(asked, record);
    default:
      return { outcome: 'unknown', cause: String(record.state) };
  }
}

/** What the cardholder's bank refuses may go another time; what breaks the network's rules is not taken. */
const declined = (code: string): AcquirerAnswer => ({
  outcome: 'declined',
  code,
  message: code,
  class: code === 'FUNDS' ? 'soft' : code === 'NO_SUCH_CARD' ? 'hard' : 'refused',
});

function granted({ kind, reference, currency }: Asked, record: Readonly<Record<string, unknown>>): AcquirerAnswer {
  const amount = kind === 'verify' ? money(0n, currency) : amountOf(record, currency);
  if (amount === null) return { outcome: 'unknown', cause: 'amount' };
  const isPayment = kind === 'authorize' || kind === 'sale';
  return { outcome: 'approved', networkId: isPayment ? reference : String(record.id), amount, details: {} };
}

function amountOf(record: Readonly<Record<string, unknown>>, currency: Currency): Money | null {
  const same = isCurrency(record.currency) && record.currency === currency;
  return same && typeof record.amount === 'string' ? fromDecimal(record.amount, currency) : null;
}

async function fetchBatch(http: NetworkHttp, day: Day): Promise<NetworkFile | null> {
  const url = `http://other.test/batches/${day}`;
  const { status, body } = await http.send({ method: 'GET', url, timeoutMs: 500, purpose: 'fetch_batch' });
  return status === 200 ? { name: `batch-${day}.txt`, bytes: body } : null;
}

async function health(http: NetworkHttp): Promise<'up' | 'down'> {
  const request = { method: 'GET', url: 'http://other.test/pulse', timeoutMs: 500, purpose: 'health' } as const;
  return http.send(request).then(
    ({ status }) => (status === 200 ? 'up' : 'down'),
    () => 'down',
  );
}

function refuseFile(what: string): never {
  throw new MalformedFile(`this network issues no ${what}s`);
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
