import { balanceConverted } from './balance-converted.ts';
import { afterCutoffBecomesRefund, cancelBeforeCutoff } from './cancel-or-refund.ts';
import { card3dsChallenge } from './card-3ds-challenge.ts';
import { cardAuthExpires } from './card-auth-expires.ts';
import { cardDeclinedThenOtherCard } from './card-declined-then-other-card.ts';
import { cardIncrement } from './card-increment.ts';
import { cardMultiCapture } from './card-multi-capture.ts';
import { cardPartialCapture } from './card-partial-capture.ts';
import { cardRefundPartialTwice } from './card-refund-partial-twice.ts';
import { cardSecondRoute } from './card-second-route.ts';
import { cardTimeoutActed, cardTimeoutNotActed } from './card-timeout.ts';
import { chargebackAnsweredByProof, chargebackLost, chargebackWon } from './chargeback.ts';
import { clearingDay } from './clearing-day.ts';
import { depositAndBalance } from './deposit-and-balance.ts';
import { discountTwoFunders } from './discount-two-funders.ts';
import { grossFundedAccount } from './gross-funded-account.ts';
import { lostAnswer } from './lost-answer.ts';
import { newWalletByData } from './new-wallet-by-data.ts';
import { payoutReturned } from './payout-returned.ts';
import { refundAtOldRate } from './refund-at-old-rate.ts';
import { refundBeforeRelease } from './refund-before-release.ts';
import { settledInAnotherCurrency } from './settled-in-another-currency.ts';
import { shopScansPaymentCode } from './shop-scans-payment-code.ts';
import { shortSettlement } from './short-settlement.ts';
import { storedCardBalanceCharge } from './stored-card-balance-charge.ts';
import type { Story } from './story.ts';
import { travellerInTokyo } from './traveller-in-tokyo.ts';
import { walletEscalation } from './wallet-escalation.ts';
import { walletPaysMarketplaceOrder } from './wallet-pays-marketplace-order.ts';

/** All stories, in the order of their telling. */
export const STORIES: readonly Story[] = [
  depositAndBalance,
  payoutReturned,
  refundBeforeRelease,
  shortSettlement,
  grossFundedAccount,
  settledInAnotherCurrency,
  balanceConverted,
  lostAnswer,
  cardPartialCapture,
  cardMultiCapture,
  cardRefundPartialTwice,
  cardIncrement,
  cardAuthExpires,
  cardDeclinedThenOtherCard,
  cardSecondRoute,
  cardTimeoutActed,
  cardTimeoutNotActed,
  card3dsChallenge,
  storedCardBalanceCharge,
  walletPaysMarketplaceOrder,
  newWalletByData,
  walletEscalation,
  chargebackLost,
  chargebackWon,
  chargebackAnsweredByProof,
  travellerInTokyo,
  shopScansPaymentCode,
  cancelBeforeCutoff,
  afterCutoffBecomesRefund,
  refundAtOldRate,
  discountTwoFunders,
  clearingDay,
];
