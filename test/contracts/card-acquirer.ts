/**
 * What every card acquirer keeps, whatever its network is like: one suite for all connectors. A connector's test file calls
 * `cardAcquirerContract(name, setUp)` with a network that can be disturbed and whose day can be closed.
 *
 * Networks may answer at once or let themselves be asked; so the suite asks until the answer is final. A network that cannot do
 * something says so in `lacks`, with the reason, and the case is shown as skipped with it.
 */
import { after, before, describe, type TestContext, test } from 'node:test';
import { filesContract } from './acquirer-files.ts';
import { captureCases, changeCases, refundCases } from './acquirer-follow-ups.ts';
import { disturbedCases, paymentCases } from './acquirer-payments.ts';
import { type AcquirerUnderTest, type It, type Merchant, merchantOf } from './merchant.ts';

export type { AcquirerUnderTest } from './merchant.ts';

export function cardAcquirerContract(name: string, setUp: () => Promise<AcquirerUnderTest>): void {
  describe(`card acquirer: ${name}`, () => {
    let subject: AcquirerUnderTest;
    let merchant: Merchant;
    before(async () => {
      subject = await setUp();
      merchant = merchantOf(subject);
    });
    after(() => subject?.stop());
    const it: It = (title, run, needs) => {
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
