/**
 * Orders paid by home wallets over the real connector and the sandbox's wallets in a process of their own: what the ledger says
 * the wallet owes is what the wallet says, after payments, lost answers, refunds, cancels and payments under an agreement.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { must } from '../../src/base/result.ts';
import { account, balanceOf } from '../../src/ledger/index.ts';
import {
  cancelPayment,
  continuePayment,
  endWalletAgreement,
  makeWalletAgreement,
  operationsOf,
  type Payment,
  type PaymentDeps,
  payByWallet,
  refundPayment,
  type WalletChoice,
  type WalletPayment,
} from '../../src/payments/index.ts';
import { receiveOrder, releaseOrder, shipOrder } from '../../src/protection/index.ts';
import { NO_DATABASE } from '../support/database.ts';
import { committed, createModules, type Modules, usd } from '../support/modules.ts';
import { joinSandboxWallet, type SandboxWallet } from './sandbox-wallets.ts';

const PIN = '246810';
/** An account that the sandbox opens in every wallet. */
const ACCOUNT = 'demo';

describe('orders paid by the sandbox’s wallets', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let deps: PaymentDeps;
  let wallet: SandboxWallet;
  /** What the wallet owes for what stays paid. */
  let owed = '0';
  before(async () => {
    m = await createModules();
    wallet = await joinSandboxWallet(m);
    deps = wallet.payments;
  });
  after(async () => {
    await wallet?.stop();
    await m?.end();
  });

  const pay = async (cents: number, payer: WalletChoice = { kind: 'cashier' }): Promise<WalletPayment> => {
    const order = await m.order([cents]);
    const input = { marketplace: m.marketplace.id, order: order.id, instalment: 1, wallet: 'tng', payer };
    return committed(must(await payByWallet(deps, m.key(), input))) as WalletPayment;
  };
  const target = ({ id }: Payment) => ({ marketplace: m.marketplace.id, payment: id });
  const look = async (payment: Payment) => must(await continuePayment(deps, target(payment)));
  const confirm = async (payment: WalletPayment): Promise<void> => {
    const paymentId = new URL(payment.wallet.payUrl as string).pathname.split('/').at(-1);
    await wallet.admin('POST', 'confirmations', { walletId: 'tng', account: ACCOUNT, paymentId, pin: PIN });
  };
  const paid = async (cents: number): Promise<WalletPayment> => {
    const payment = await pay(cents);
    await confirm(payment);
    return (await look(payment)) as WalletPayment;
  };
  const agreed = async () => {
    const { authCode } = await wallet.admin('POST', 'auth-codes', { walletId: 'tng', account: ACCOUNT });
    const made = { marketplace: m.marketplace.id, buyer: m.buyer.id, wallet: 'tng', authCode: String(authCode) };
    return committed(must(await makeWalletAgreement(deps, m.key(), made)));
  };
  const owedHere = async (): Promise<string> =>
    (await balanceOf(m.db, account('receivable', wallet.tng.wallet?.account as string), 'MYR')).amount.toString();
  const owedThere = async (): Promise<string> => {
    const { wallets } = (await wallet.admin('GET', 'totals')) as { wallets: { walletId: string; owedToHub: string }[] };
    return wallets.find(({ walletId }) => walletId === 'tng')?.owedToHub as string;
  };
  const agree = async () => assert.equal(await owedHere(), await owedThere());

  test('paid on the wallet’s page with the PIN; refunded in two parts; both sides say the same', async () => {
    const payment = await paid(2_500);
    assert.deepEqual([payment.state, payment.wallet.payTo.currency], ['captured', 'MYR']);
    await agree();
    for (const cents of [999, 1_501]) {
      const input = { ...target(payment), amount: usd(cents), reason: 'returned' };
      assert.equal(committed(must(await refundPayment(deps, m.key(), input))).state, 'confirmed');
    }
    await agree();
    assert.equal(await owedHere(), '0');
  });

  test('an order paid by wallet is shipped, received, released; the seller has its net, in dollars', async () => {
    const payment = await paid(4_000);
    const order = { marketplace: m.marketplace.id, order: payment.order };
    committed(must(await shipOrder(m.orders, m.key(), { ...order, carrier: 'DHL', trackingNumber: '1' })));
    const late = await cancelPayment(deps, m.key(), target(payment));
    assert.equal(late.ok ? 'done' : late.error.code, 'illegal_move', 'what has shipped is refunded, not canceled');
    committed(must(await receiveOrder(m.orders, m.key(), { ...order, by: 'buyer' })));
    committed(must(await releaseOrder(m.orders, m.key(), { ...order, by: 'marketplace' })));
    const balance = await balanceOf(m.db, account('seller', payment.seller), 'USD');
    assert.equal(balance.amount, 3_880n, 'less three percent');
    await agree();
    owed = await owedHere();
  });

  test('canceled on its day; given up while its user thinks: nothing is owed', async () => {
    const payment = await paid(1_000);
    assert.equal(committed(must(await cancelPayment(deps, m.key(), target(payment)))).state, 'canceled');
    const waiting = await pay(1_100);
    assert.equal(committed(must(await cancelPayment(deps, m.key(), target(waiting)))).state, 'canceled');
    await agree();
    assert.equal(await owedHere(), owed);
  });

  test('under an agreement nobody is asked; the answer after the debit is lost, and found by inquiry', async () => {
    const agreement = await agreed();
    assert.equal(agreement.state, 'active');
    const payer = { kind: 'agreement', agreement: agreement.id } as const;
    assert.equal((await pay(700, payer)).state, 'captured');
    await wallet.admin('POST', 'faults', { kind: 'drop_after', operation: 'pay', count: 1 });
    const lost = await pay(800, payer);
    const [sale] = await operationsOf(m.db, lost.id);
    assert.deepEqual([lost.state, sale?.state], ['pending', 'unknown']);
    assert.equal((await look(lost)).state, 'captured');
    await agree();
    const ended = await endWalletAgreement(deps, m.key(), { ...target(lost), agreement: agreement.id, by: 'buyer' });
    assert.equal(committed(must(ended)).state, 'ended');
  });

  test('a wallet that says no says why, and leaves nothing behind', async () => {
    await wallet.admin('POST', 'declines', { resultCode: 'USER_BALANCE_NOT_ENOUGH', walletId: 'tng' });
    const payment = await pay(600, { kind: 'agreement', agreement: (await agreed()).id });
    assert.deepEqual([payment.state, payment.decline?.code], ['declined', 'USER_BALANCE_NOT_ENOUGH']);
    await agree();
  });
});
