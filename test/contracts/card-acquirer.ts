/**
 * What every card acquirer keeps, whatever its network is like: one suite for all connectors. A connector's test file calls
 * `cardAcquirerContract(name, setUp)` with a network that can be disturbed and whose day can be closed.
 *
 * Networks may answer at once or let themselves be asked; so the suite asks until the answer is final. A network that cannot do
 * something says so in `lacks`, with the reason, and the case is shown as skipped with it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
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
import { filesContract } from './acquirer-files.ts';

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
const WITHOUT_EFFECT: readonly Disturbance[] = ['lost_request', 'server_error'];
const WITH_EFFECT: readonly Disturbance[] = ['lost_answer', 'late_answer', 'malformed'];

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

/** How a test asks: every call under a reference of its own, every answer final. */
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

export function cardAcquirerContract(name: string, setUp: () => Promise<AcquirerUnderTest>): void {
  describe(`card acquirer: ${name}`, () => {
    let subject: AcquirerUnderTest;
    let merchant: Merchant;
    before(async () => {
      subject = await setUp();
      merchant = merchantOf(subject);
    });
    after(() => subject?.stop());
    const it = (title: string, run: (merchant: Merchant) => Promise<void>, needs?: Ability): void => {
      test(title, (t: TestContext) => {
        const missing = needs === undefined ? undefined : subject.lacks[needs];
        return missing === undefined ? run(merchant) : t.skip(missing);
      });
    };
    paymentCases(it);
    disturbedCases(it);
    captureCases(it);
    changeCases(it);
    refundCases(it);
    filesContract(it);
  });
}

export type It = (title: string, run: (merchant: Merchant) => Promise<void>, needs?: Ability) => void;

function paymentCases(it: It): void {
  for (const kind of ['authorize', 'sale'] as const) {
    it(`${kind}: approved whole, and found again as it was`, async (merchant) => {
      const request = merchant.request(kind);
      const answer = expectApproved(await merchant.pay(request));
      assert.deepEqual(answer.amount, request.amount);
      assert.notEqual(answer.networkId, '');
      const found = expectApproved(await merchant.acquirer.inquire(inquiry(request)));
      assert.deepEqual([found.networkId, found.amount], [answer.networkId, answer.amount]);
    });
  }

  it('declined: with a code and a class, and still so when asked', async (merchant) => {
    const request = merchant.request('authorize', merchant.subject.payment('declined'));
    const answer = expectDeclined(await merchant.pay(request));
    assert.ok(answer.class === 'soft' || answer.class === 'hard', `class ${answer.class}`);
    expectDeclined(await merchant.acquirer.inquire(inquiry(request)));
  });

  it(
    'verify: approved without money',
    async ({ acquirer, subject, request, settled }) => {
      const { reference, softMerchant } = request();
      const { cardToken } = subject.payment('approved');
      const answer = await acquirer.verify({ kind: 'verify', reference, currency: 'USD', cardToken, softMerchant });
      const final = expectApproved(await settled({ kind: 'verify', reference, amount: usd(0n) }, answer));
      assert.equal(final.amount.amount, 0n);
    },
    'verify',
  );

  it(
    'partial approval: only for who allows it',
    async (merchant) => {
      const allowed = merchant.request('authorize', {
        ...merchant.subject.payment('approved_in_part'),
        partialApproval: true,
      });
      const part = expectApproved(await merchant.pay(allowed));
      assert.ok(part.amount.amount > 0n && part.amount.amount < allowed.amount.amount);
      expectDeclined(await merchant.pay(merchant.request('authorize', merchant.subject.payment('approved_in_part'))));
    },
    'partial_approval',
  );

  it('never asked: not found, for every kind', async (merchant) => {
    const { networkId } = await merchant.approved();
    for (const kind of ['authorize', 'sale', 'capture', 'refund', 'void'] as const) {
      const asked = { kind, reference: newReference(), amount: usd(1_500n), networkPaymentId: networkId };
      assert.deepEqual(await merchant.acquirer.inquire(asked), { outcome: 'not_found' }, kind);
    }
  });

  it('a repeated reference acts once', async (merchant) => {
    const request = merchant.request('sale');
    const first = expectApproved(await merchant.pay(request));
    const again = expectApproved(await merchant.pay(request));
    assert.equal(again.networkId, first.networkId);
    const refund = merchant.follow('refund', first.networkId, first.amount);
    const once = expectApproved(await merchant.act(refund));
    assert.equal(expectApproved(await merchant.act(refund)).networkId, once.networkId);
    expectDeclined(await merchant.act(merchant.follow('refund', first.networkId, first.amount)));
  });

  it('takes payments now', async ({ acquirer }) => {
    assert.notEqual(await acquirer.health(), 'down');
  });
}

/** Timeout with and without effect, a cut connection, 5xx, nonsense: unknown, and asking tells which it was. */
function disturbedCases(it: It): void {
  const kinds = ['authorize', 'capture', 'void', 'refund'] as const;
  for (const disturbance of [...WITHOUT_EFFECT, ...WITH_EFFECT]) {
    for (const kind of kinds) {
      it(`${disturbance} of ${kind}: unknown, then what is true, then done once`, async (merchant) => {
        const { send, asked } = await prepared(merchant, kind);
        await merchant.subject.disturb(disturbance, kind);
        const first = await send();
        assert.equal(first.outcome, 'unknown', inspect(first));
        const found = await merchant.acquirer.inquire(asked);
        if (WITHOUT_EFFECT.includes(disturbance)) {
          assert.deepEqual(found, { outcome: 'not_found' });
          expectApproved(await merchant.settled(asked, await send()));
        } else {
          const { networkId } = expectApproved(await merchant.settled(asked, found));
          const again = expectApproved(await merchant.settled(asked, await send()));
          assert.equal(again.networkId, networkId);
        }
      });
    }
  }
}

interface Prepared {
  readonly asked: InquiryRequest;
  send(): Promise<AcquirerAnswer>;
}

/** An operation that would be approved, and the question about it. */
async function prepared(merchant: Merchant, kind: 'authorize' | 'capture' | 'void' | 'refund'): Promise<Prepared> {
  if (kind === 'authorize') {
    const request = merchant.request('authorize');
    return { asked: inquiry(request), send: () => merchant.acquirer.pay(request) };
  }
  const { networkId, amount } = await merchant.approved(kind === 'refund' ? 'sale' : 'authorize');
  const request = merchant.follow(kind, networkId, amount);
  return { asked: inquiry(request), send: () => merchant.acquirer.followUp(request) };
}

function captureCases(it: It): void {
  it('capture: in full, once, and found again', async (merchant) => {
    const { networkId, amount } = await merchant.approved();
    const capture = merchant.follow('capture', networkId, amount);
    const answer = expectApproved(await merchant.act(capture));
    assert.deepEqual(answer.amount, amount);
    assert.deepEqual(expectApproved(await merchant.acquirer.inquire(inquiry(capture))).amount, amount);
    expectDeclined(await merchant.act(merchant.follow('capture', networkId, amount)));
  });

  it('capture: in part gives the rest back; more than authorized is refused', async (merchant) => {
    const { networkId, amount } = await merchant.approved();
    expectDeclined(await merchant.act(merchant.follow('capture', networkId, usd(amount.amount + 1n))));
    expectApproved(await merchant.act(merchant.follow('capture', networkId, usd(600n))));
    expectDeclined(await merchant.act(merchant.follow('capture', networkId, usd(100n))));
  });

  it('capture: in several parts, never more than is left, until the final one', async (merchant) => {
    const { networkId, amount } = await merchant.approved();
    const part = (sequence: number, final: boolean, cents: bigint) =>
      merchant.act(merchant.follow('capture', networkId, usd(cents), { part: { sequence, final } }));
    const first = expectApproved(await part(1, false, 300n));
    const second = expectApproved(await part(2, false, 400n));
    assert.notEqual(first.networkId, second.networkId);
    expectDeclined(await part(3, false, amount.amount - 699n));
    expectApproved(await part(3, true, 200n));
    expectDeclined(await part(4, true, 100n));
  });

  it('void: before capture only, and nothing can be captured after it', async (merchant) => {
    const open = await merchant.approved();
    expectApproved(await merchant.act(merchant.follow('void', open.networkId, open.amount)));
    expectDeclined(await merchant.act(merchant.follow('capture', open.networkId, open.amount)));
    const sold = await merchant.approved('sale');
    expectDeclined(await merchant.act(merchant.follow('void', sold.networkId, sold.amount)));
  });
}

function changeCases(it: It): void {
  const estimate = { amountIsFinal: false } as const;

  it(
    'increment: the amount is the new total',
    async (merchant) => {
      const { networkId, amount } = await merchant.approved('authorize', estimate);
      const total = usd(amount.amount + 500n);
      const increment = merchant.follow('increment', networkId, total);
      assert.deepEqual(expectApproved(await merchant.act(increment)).amount, total);
      expectApproved(await merchant.settled(inquiry(increment), await merchant.acquirer.inquire(inquiry(increment))));
      expectApproved(await merchant.act(merchant.follow('capture', networkId, total)));
    },
    'increment',
  );

  it(
    'reverse: the amount is the new total',
    async (merchant) => {
      const { networkId, amount } = await merchant.approved('authorize', estimate);
      const total = usd(amount.amount - 500n);
      assert.deepEqual(expectApproved(await merchant.act(merchant.follow('reverse', networkId, total))).amount, total);
      expectDeclined(await merchant.act(merchant.follow('capture', networkId, amount)));
      expectApproved(await merchant.act(merchant.follow('capture', networkId, total)));
    },
    'reverse',
  );

  it(
    'reauthorize: the payment goes on under the name it is given',
    async (merchant) => {
      const { networkId, amount } = await merchant.approved();
      const answer = expectApproved(await merchant.act(merchant.follow('reauthorize', networkId, amount)));
      assert.deepEqual(answer.amount, amount);
      const current = answer.networkPaymentId ?? networkId;
      expectApproved(await merchant.act(merchant.follow('capture', current, amount)));
    },
    'reauthorize',
  );

  it('what a network does not offer it refuses, without doing anything', async (merchant) => {
    for (const kind of ['increment', 'reverse', 'reauthorize'] as const) {
      if (merchant.subject.lacks[kind] === undefined) continue;
      const { networkId, amount } = await merchant.approved();
      const answer = expectDeclined(await merchant.act(merchant.follow(kind, networkId, amount)));
      assert.equal(answer.class, 'refused');
      expectApproved(await merchant.act(merchant.follow('capture', networkId, amount)));
    }
  });
}

function refundCases(it: It): void {
  it('refund: in parts up to the whole, and found again', async (merchant) => {
    const { networkId, amount } = await merchant.approved('sale');
    const half = merchant.follow('refund', networkId, usd(600n));
    assert.deepEqual(expectApproved(await merchant.act(half)).amount, half.amount);
    assert.deepEqual(expectApproved(await merchant.acquirer.inquire(inquiry(half))).amount, half.amount);
    const rest = usd(amount.amount - 600n);
    expectDeclined(await merchant.act(merchant.follow('refund', networkId, usd(rest.amount + 1n))));
    expectApproved(await merchant.act(merchant.follow('refund', networkId, rest)));
    expectDeclined(await merchant.act(merchant.follow('refund', networkId, usd(1n))));
  });

  it('refund: nothing of what was only authorized', async (merchant) => {
    const { networkId, amount } = await merchant.approved();
    expectDeclined(await merchant.act(merchant.follow('refund', networkId, amount)));
  });

  it('refund: of one of several captures', async (merchant) => {
    const { captures, networkId } = await twoCaptures(merchant);
    for (const [networkCaptureId, cents] of captures) {
      expectApproved(await merchant.act(merchant.follow('refund', networkId, usd(cents), { networkCaptureId })));
    }
    expectDeclined(await merchant.act(merchant.follow('refund', networkId, usd(1n))));
  });

  it(
    'refund: not more of one capture than it took',
    async (merchant) => {
      const { captures, networkId } = await twoCaptures(merchant);
      const [[networkCaptureId, cents] = ['', 0n]] = captures;
      const tooMuch = merchant.follow('refund', networkId, usd(cents + 1n), { networkCaptureId });
      expectDeclined(await merchant.act(tooMuch));
    },
    'refund_of_one_capture',
  );
}

/** A payment captured twice: the network's ids of the captures with what they took. */
async function twoCaptures(merchant: Merchant) {
  const { networkId } = await merchant.approved();
  const captures: (readonly [string, bigint])[] = [];
  for (const [sequence, cents] of [
    [1, 300n],
    [2, 500n],
  ] as const) {
    const part = { sequence, final: sequence === 2 };
    const answer = expectApproved(await merchant.act(merchant.follow('capture', networkId, usd(cents), { part })));
    captures.push([answer.networkId, cents]);
  }
  return { networkId, captures };
}

const POLLS_MAX = 50;

function merchantOf(subject: AcquirerUnderTest): Merchant {
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
