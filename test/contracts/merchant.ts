/**
 * How a contract test asks a network: every call under a reference of its own, and every answer final. Networks may answer at
 * once or let themselves be asked.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type Day, sleep } from '../../src/base/clock.ts';
import { uuidV7Hex } from '../../src/base/ids.ts';
import { type Money, money } from '../../src/base/money.ts';
import type {
  AcquirerAnswer,
  CardAcquirer,
  FollowUpRequest,
  InquiryAnswer,
  InquiryRequest,
  PayRequest,
} from '../../src/connectors/ports/card-acquirer.ts';

export type Ability =
  | 'verify'
  | 'partial_approval'
  | 'increment'
  | 'reverse'
  | 'reauthorize'
  | 'refund_of_one_capture'
  | 'all_reports';

/**
 * `lost_request`: nothing arrives. `lost_answer`: it acts, and the connection is cut. `late_answer`: it acts, and answers
 * after our deadline. `server_error`: 5xx, nothing was done. `malformed`: it acts, and what comes back cannot be read.
 */
export type Disturbance = 'lost_request' | 'lost_answer' | 'late_answer' | 'server_error' | 'malformed';

export interface AcquirerUnderTest {
  readonly acquirer: CardAcquirer;
  readonly lacks: Readonly<Partial<Record<Ability, string>>>;
  /** A fresh card and an amount for which the issuer will say so. Amounts are in USD and above 10.00. */
  payment(outcome: 'approved' | 'declined' | 'approved_in_part'): {
    readonly cardToken: string;
    readonly amount: Money;
  };
  /** Disturbs the next call of this kind. */
  disturb(disturbance: Disturbance, kind: 'authorize' | 'capture' | 'void' | 'refund'): Promise<void>;
  /** Ends the activity day and waits until its files are issued. */
  closeDay(): Promise<Day>;
  stop(): Promise<void>;
}

type Approved = Extract<AcquirerAnswer, { outcome: 'approved' }>;

export interface Merchant {
  readonly subject: AcquirerUnderTest;
  readonly acquirer: CardAcquirer;
  request(kind?: PayRequest['kind'], changes?: Partial<PayRequest>): PayRequest;
  follow(
    kind: FollowUpRequest['kind'],
    payment: string,
    amount: Money,
    changes?: Partial<FollowUpRequest>,
  ): FollowUpRequest;
  /** The final answer to a request that was answered so. */
  settled(asked: InquiryRequest, answer: InquiryAnswer): Promise<InquiryAnswer>;
  pay(request: PayRequest): Promise<InquiryAnswer>;
  act(request: FollowUpRequest): Promise<InquiryAnswer>;
  /** An approved authorization or sale. */
  approved(
    kind?: PayRequest['kind'],
    changes?: Partial<PayRequest>,
  ): Promise<Approved & { readonly reference: string }>;
}

export const newReference = (): string => uuidV7Hex().slice(-15).toUpperCase();
export const usd = (cents: bigint): Money => money(cents, 'USD');

/** Declares a case of the contract; it is shown as skipped, with the reason, where the network lacks what it needs. */
export type It = (title: string, run: (merchant: Merchant) => Promise<void>, needs?: Ability) => void;

const POLLS_MAX = 50;

export function merchantOf(subject: AcquirerUnderTest): Merchant {
  const { acquirer } = subject;
  const settled: Merchant['settled'] = async (asked, answer) => {
    let current = answer;
    for (
      let poll = 0;
      poll < POLLS_MAX && (current.outcome === 'pending' || current.outcome === 'unknown');
      poll += 1
    ) {
      await sleep(10);
      current = await acquirer.inquire(asked);
    }
    return current;
  };
  const request: Merchant['request'] = (kind = 'authorize', changes = {}) => ({
    kind,
    reference: newReference(),
    ...subject.payment('approved'),
    use: `use_${newReference()}`,
    softMerchant: { sellerId: 'sel_1', name: 'Contract seller', country: 'US', categoryCode: '5945' },
    orderNumber: 'CONTRACT-1',
    statementDescriptor: 'CONTRACT SELLER',
    ...changes,
  });
  const pay: Merchant['pay'] = async (asked) => settled(inquiry(asked), await acquirer.pay(asked));
  return {
    subject,
    acquirer,
    request,
    settled,
    pay,
    follow: (kind, networkPaymentId, amount, changes = {}) => ({
      kind,
      reference: newReference(),
      networkPaymentId,
      amount,
      ...changes,
    }),
    act: async (asked) => settled(inquiry(asked), await acquirer.followUp(asked)),
    approved: async (kind, changes) => {
      const asked = request(kind, changes);
      return { ...expectApproved(await pay(asked)), reference: asked.reference };
    },
  };
}

export const inquiry = (asked: PayRequest | FollowUpRequest): InquiryRequest => ({
  kind: asked.kind,
  reference: asked.reference,
  amount: asked.amount,
  ...('networkPaymentId' in asked ? { networkPaymentId: asked.networkPaymentId } : {}),
});

export function expectApproved(answer: InquiryAnswer): Approved {
  assert.ok(answer.outcome === 'approved', `approved expected: ${inspect(answer)}`);
  return answer;
}

export function expectDeclined(answer: InquiryAnswer): Extract<AcquirerAnswer, { outcome: 'declined' }> {
  assert.ok(answer.outcome === 'declined', `declined expected: ${inspect(answer)}`);
  assert.notEqual(answer.code, '');
  return answer;
}
