/**
 * A checkout link: whoever holds its token may pay one instalment of one order, until it ends, and see of the order what a
 * buyer may see. Nothing else names the buyer, so the token is the capability: 256 bits, kept as a hash only.
 *
 * Invariants: a link pays its own instalment and no other; each attempt to pay through it has a number and is begun once
 * (attempts.ts); a link that has ended or was revoked begins no attempt, and still tells what became of those it began.
 * It ends by business time, as the order's own deadlines do.
 */
import { createHmac } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface CheckoutLink extends StateRow {
  readonly id: Id<'lnk'>;
  readonly state: keyof typeof LINK_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  /** Where the buyer goes back to, as the marketplace says. */
  readonly returnUrl: string | null;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
  readonly createdAt: Instant;
}

export const LINK_MOVES = { active: ['revoked'], revoked: [] } as const;

export const checkoutLinks = stateTable<CheckoutLink>('checkout_links', 'lnk');

/** Seconds. A week, unless the marketplace says otherwise; ninety days at most. */
export const LINK_LIFE_S = { least: 60, usual: 7 * 86_400, most: 90 * 86_400 } as const;

/** Whoever has to try a card more often than this is not a buyer, but somebody testing cards. */
export const MOST_ATTEMPTS = 10;

/**
 * The token of a link: made of the installation's secret and the link's id, so that a repeat of the command that made the
 * link gives the same address, and the database alone gives none.
 */
export const tokenOf = (secret: Uint8Array, link: Id<'lnk'>): string =>
  createHmac('sha256', secret).update(link).digest('base64url');

export const TOKEN_PATTERN = '^[A-Za-z0-9_-]{43}$';
