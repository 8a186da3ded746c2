import { depositAndBalance } from './deposit-and-balance.ts';
import { lostAnswer } from './lost-answer.ts';
import { payoutReturned } from './payout-returned.ts';
import { refundBeforeRelease } from './refund-before-release.ts';
import { shortSettlement } from './short-settlement.ts';
import type { Story } from './story.ts';

/** All stories, in the order of their telling. */
export const STORIES: readonly Story[] = [
  depositAndBalance,
  payoutReturned,
  refundBeforeRelease,
  shortSettlement,
  lostAnswer,
];
