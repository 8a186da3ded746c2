/** The part of the acquirer's contract that is about what follows a payment: captures, voids, changes of the total, refunds. */
import assert from 'node:assert/strict';
import { expectApproved, expectDeclined, type It, inquiry, type Merchant, usd } from './merchant.ts';

export function captureCases(it: It): void {
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

export function changeCases(it: It): void {
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
      const renewal = merchant.follow('reauthorize', networkId, amount);
      const answer = expectApproved(await merchant.act(renewal));
      assert.deepEqual(answer.amount, amount);
      const current = answer.networkPaymentId ?? networkId;
      const found = expectApproved(await merchant.acquirer.inquire(inquiry(renewal)));
      assert.equal(found.networkPaymentId, answer.networkPaymentId);
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

export function refundCases(it: It): void {
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
