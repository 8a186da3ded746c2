/**
 * A wallet asks about a payment of its user, or wants the money of it back. Checked (may-open.ts), kept with the clock of its
 * answer, and handed on to whoever was paid by a job of the same unit: the acquirer, or the case of the order.
 *
 * The wallet's own id of the dispute stands for it for ever: the same again finds what it has become.
 */
import { addDays } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { absent, commandKey, type Decision, deadline, insert, part } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import type { HubDeps } from '../deps.ts';
import { type DisputedPayment, findDisputedPayment } from './disputed-payment.ts';
import type { WalletDisputeRefusal } from './errors.ts';
import { mayOpen } from './may-open.ts';
import { type WalletDisputeKind, walletDisputePolicy } from './policies.ts';
import { handingOn, RESPOND_JOB } from './steps.ts';
import { findByWalletClaim, walletDisputesOf } from './store.ts';
import { type WalletDispute, walletDisputes } from './wallet-dispute.ts';

export interface OpenWalletDispute {
  readonly wallet: Participant;
  readonly kind: WalletDisputeKind;
  /** The wallet's own id of it. */
  readonly claim: string;
  /** Ours, under which the wallet knows the payment. */
  readonly reference: string;
  /** In the currency of the shop; null: all that can be disputed. */
  readonly amount: Money | null;
  readonly reason: { readonly code: string; readonly text: string };
}

export async function openWalletDispute(
  deps: HubDeps,
  input: OpenWalletDispute,
): Promise<Result<WalletDispute, WalletDisputeRefusal>> {
  const { wallet, kind, claim, reference, amount, reason } = input;
  const facts = { kind, reference, amount, reason: reason.code };
  const command = commandKey(wallet.id, `dispute ${claim}`, 'wallet_dispute', facts);
  const opened = await deps.journal.run(command, () => decide(deps, input));
  if (!opened.ok) return opened;
  return ok((await findByWalletClaim(deps.journal.db, { wallet: wallet.id, claim })) as WalletDispute);
}

async function decide(deps: HubDeps, input: OpenWalletDispute): Promise<Result<Decision<null>, WalletDisputeRefusal>> {
  const { db } = deps.journal;
  const paid = await findDisputedPayment(db, input.wallet.id, input.reference);
  if (paid === null) return refuse('unknown_payment', 'no payment of this wallet has that reference');
  const { kind } = input;
  const earlier = await walletDisputesOf(db, paid.home.payment);
  const at = deps.clock.now();
  const amount = mayOpen(paid, { kind, amount: input.amount, earlier, at });
  if (!amount.ok) return amount;
  const row = newDispute(input, paid, { amount: amount.value, number: earlier.length + 1, at });
  const waits = deadline(RESPOND_JOB, row.id, row.respondBy);
  const { payment } = row.home;
  const { wallet, claim, respondBy } = row;
  const facts = { kind, payment, wallet, claim, amount: row.amount, reason: row.reason.code, respondBy };
  const own = part({
    events: [event('wallet_dispute.opened', row.id, facts)],
    writes: [insert(walletDisputes, { ...row, deadline: waits.id })],
    guards: [absent(walletDisputes, 'number_key', `${payment}:${row.number}`)],
    jobs: [waits, handingOn(row, at)],
  });
  return ok({ unit: { at, ...own, answer: { id: row.id } }, value: null });
}

function newDispute(
  { wallet, kind, claim, reference, reason }: OpenWalletDispute,
  { home }: DisputedPayment,
  facts: Pick<WalletDispute, 'amount' | 'number'> & { readonly at: WalletDispute['openedAt'] },
): WalletDispute {
  const { version: policy, answerDays } = walletDisputePolicy(kind);
  const { amount, number, at } = facts;
  return {
    ...{ id: newId('esc'), version: 0, state: 'open', kind, policy, home, wallet: wallet.id, claim, reference },
    ...{ number, amount, reason, respondBy: addDays(at, answerDays), deadline: null, answer: null },
    ...{ refundBy: null, failure: null, openedAt: at, endedAt: null },
  };
}
