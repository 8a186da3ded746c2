/** The part of the acquirer's contract that is about payments, questions, and answers that do not come. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { AcquirerAnswer, InquiryRequest } from '../../src/connectors/ports/card-acquirer.ts';
import {
  type Disturbance,
  expectApproved,
  expectDeclined,
  type It,
  inquiry,
  type Merchant,
  newReference,
  usd,
} from './merchant.ts';

const WITHOUT_EFFECT: readonly Disturbance[] = ['lost_request', 'server_error'];
const WITH_EFFECT: readonly Disturbance[] = ['lost_answer', 'late_answer', 'malformed'];

export function paymentCases(it: It): void {
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
export function disturbedCases(it: It): void {
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
