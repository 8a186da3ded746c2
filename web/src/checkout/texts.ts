/**
 * Every word of the checkout page, by language. Another language is another entry: the type says what it needs. Calm and
 * plain: what is so, and what the buyer can do. A payment without the bank's word is never called failed.
 */
import type { Advice, Instalment } from './state.ts';

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  'american-express': 'American Express',
  discover: 'Discover',
  'diners-club': 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  maestro: 'Maestro',
};

interface Card {
  readonly brand: string;
  readonly last4: string;
}

const cardName = ({ brand, last4 }: Card): string => `${BRANDS[brand] ?? 'Card'} ending in ${last4}`;

const en = {
  secure: 'Secure payment',
  cardName,

  // What is paid.
  part: (number: number, of: number) => (of === 1 ? 'Payment' : number === 1 ? 'Deposit' : 'Balance'),
  forOrder: (part: string, reference: string) => `${part} for order ${reference}`,
  to: (seller: string, country: string) => `to ${seller}, ${country}`,
  total: 'Whole order',
  plan: 'How this order is paid',
  due: ({ due, state }: Instalment) =>
    state === 'paid' ? 'paid' : state === 'processing' ? 'being checked' : due === 'now' ? 'now' : 'before shipment',
  protected: 'Your money is protected',
  held: (seller: string) => `Your money is held under order protection: ${seller} does not get it when you pay.`,
  released: (afterReceipt: number, autoReceipt: number) =>
    `It is released ${afterReceipt === 0 ? 'when' : `${days(afterReceipt)} after`} you confirm that the goods have arrived; if you say nothing, they count as arrived ${days(autoReceipt)} after shipment.`,

  // Paying.
  payByCard: 'Pay by card',
  payByEither: 'How would you like to pay?',
  payByWallet: 'Pay with your wallet',
  walletRate: ({ one, rate, currency, fee }: { one: string; rate: string; currency: string; fee: string }) =>
    `1 ${one} = ${rate} ${currency}, everything included; ${fee} of it is fee`,
  walletAtPar: 'No exchange, no fee',
  atWallet: (wallet: string) => `Continue in ${wallet}`,
  atWalletText: (amount: string, wallet: string) =>
    `${wallet} asks you to confirm ${amount} on its own page. You come back here afterwards.`,
  toWallet: (wallet: string) => `Open ${wallet}`,
  atWalletWait: 'Done already? This page looks for the answer of your wallet by itself.',
  walletDeclined: (wallet: string) => `${wallet} was not charged`,
  walletRefused: 'This wallet does not take the payment at the moment. Nothing was charged. Please choose another way.',
  heldShort: 'Held under order protection until your goods have arrived.',
  cardFrame: 'Card details',
  loading: 'Loading the card form…',
  notLoading: 'The card form does not load. Check your connection, then reload this page.',
  pay: (amount: string) => `Pay ${amount}`,
  readingCard: 'Checking the card…',
  paying: 'Paying…',
  stay: 'Please keep this page open. This takes a few seconds.',
  silence: 'The connection is gone. We keep trying, and you will not be charged twice.',
  vault: (marketplace: string) =>
    `Your card number goes straight to a separate card vault. Neither ${marketplace} nor the seller sees it.`,
  mayConfirm: 'Your bank may ask you to confirm the payment.',
  cardUnknown: 'The card details are no longer there. Please enter them again. Nothing was charged.',

  declined: (card: Card | null) => `${card === null ? 'The card' : cardName(card)} was not charged`,
  advice: {
    other_card: 'The bank did not accept this card. Please use another card.',
    other_card_or_bank:
      'The bank did not approve this payment. Use another card, or call the number on the back of your card and then try again.',
    confirm_with_bank:
      'The bank wants to know that it is you. Enter the same card again: we then take you to your bank to confirm.',
    not_confirmed: 'The payment was not confirmed with your bank. Try again and confirm it there, or use another card.',
    check_code: 'The security code was not right. Check it and try again; whatever was set aside is given back.',
    part_approved: 'The bank would approve a part of the amount only. It was given back. Please use another card.',
    try_again: 'The payment did not reach the bank. Please try again.',
    other_wallet: 'The wallet did not approve this payment. Use another wallet or a card.',
    wallet_ended: 'The payment was not confirmed in time, or was given up. Please try again.',
  } satisfies Record<Advice, string>,

  // At the issuer.
  challenge: 'Your bank asks you to confirm',
  challengeText: (amount: string, card: Card | null) =>
    `Confirm the payment of ${amount}${card === null ? '' : ` with ${cardName(card)}`} on your bank’s page. You come back here afterwards.`,
  toBank: 'Continue to your bank',
  goingToBank: 'Taking you to your bank…',
  challengeWait: 'Done already? This page looks for your bank’s answer by itself.',
  back: 'Asking your bank…',

  // Without an answer.
  checking: 'We are checking with the bank',
  checkingText:
    'The bank has not given its final answer yet. You have not been charged twice, and you need not do anything.',
  checkingMore:
    'This page looks again by itself. You can also close it: the link shows the result whenever you open it.',
  offline: 'There is no connection at the moment. We look again as soon as there is.',

  // Paid.
  paid: (amount: string) => `${amount} paid`,
  paidHeld: (seller: string) => `Thank you. The money is held under order protection for your order from ${seller}.`,
  paidReleased: (seller: string) => `Thank you. The order is complete, and the money has been released to ${seller}.`,
  paidBack: 'The money of this order went back to your card. Banks show that within a few days.',
  paidBackToWallet: (wallet: string) => `The money of this order went back to your ${wallet} wallet.`,
  paidNext: (amount: string, marketplace: string) =>
    `The balance of ${amount} is due before shipment. ${marketplace} will ask you for it.`,
  paidLast: (seller: string) => `The order is paid in full. ${seller} can ship now.`,
  facts: {
    amount: 'Amount',
    refunded: 'Refunded',
    order: 'Order',
    goods: 'For',
    seller: 'Seller',
    card: 'Card',
    wallet: 'Wallet',
    walletAmount: 'Paid at home',
    walletRate: 'Rate',
    paidAt: 'Paid',
    reference: 'Payment reference',
    statement: 'On your statement',
  },
  backTo: (marketplace: string) => `Back to ${marketplace}`,

  // Nothing to pay here.
  alreadyPaid: 'This is already paid',
  alreadyPaidText: 'Nothing more is to be paid with this link.',
  canceled: 'This order was canceled',
  closed: 'This order is closed',
  closedText: 'Nothing is to be paid for it, and nothing was charged through this link.',
  notDue: 'The deposit comes first',
  notDueText: 'This link is for the balance. It can be paid once the deposit is paid.',
  exhausted: 'This link has been tried too often',
  exhaustedText: (marketplace: string) =>
    `Nothing was charged. Please call your bank, and ask ${marketplace} for a new link.`,
  expired: 'This link has expired',
  revoked: 'This link is no longer valid',
  endedText: (marketplace: string) =>
    `Nothing was charged through it. If you still have to pay, ask ${marketplace} for a new link.`,
  unknown: 'We do not know this link',
  unknownText: 'Check that the whole address was copied, or ask whoever sent it to you for a new one.',
  busy: 'One moment, please',
  busyText: 'This link was opened very often just now. Wait a minute, then reload this page.',
  returned: 'Open your payment link again',
  returnedText: 'It shows what came of your payment. Nothing is lost, and you will not be charged twice.',
};

export type Texts = typeof en;

export const TEXTS: Readonly<Record<string, Texts>> & { readonly en: Texts } = { en };
