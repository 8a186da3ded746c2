/**
 * POST /acs/challenge: the issuer's page for the cardholder, in his own browser and therefore without token. The one right
 * code authenticates; three wrong ones, a cancel, or ten minutes of wall time end it. Every try is on the disk before the
 * page answers. The browser is then sent back with nothing: what came of it, the merchant asks the network.
 */
import { wallNow } from '../../src/base/clock.ts';
import type { Reply, Request } from '../base/http-server.ts';
import type { Store } from '../base/store.ts';
import type { Acquirer } from './acquirer.ts';
import { newCryptogram } from './authentication-proof.ts';
import { challengePage, noChallengePage } from './challenge-page.ts';
import type { AuthenticationRow } from './rows.ts';

const RIGHT_CODE = '123456';
const MAX_WRONG_CODES = 3n;
const CHALLENGE_LIFE_MS = 10 * 60_000;

/** transStatusReason of EMV 3-D Secure 2. */
const FAILED = '01';
const TIMED_OUT = '14';
const TOO_MANY_TRIES = '19';

export function takeChallenge(acquirer: Acquirer, request: Request): Reply {
  const { store } = acquirer;
  const form = new URLSearchParams(request.body.toString('utf8'));
  const creq = form.get('creq') ?? '';
  return store.transaction(() => {
    const found = byChallenge(store, creq);
    if (found === null) return page(404, noChallengePage());
    const before = endLapsed(store, found);
    if (before.status !== 'C') return backTo(before);
    const code = form.get('code');
    if (form.get('action') === 'cancel') return backTo(end(store, before, { status: 'N', reason: FAILED }));
    const shown = { creq, merchantName: acquirer.settings.merchantName };
    if (code === null) return page(200, challengePage(before, shown), before);
    if (code.replaceAll(/\s/g, '') === RIGHT_CODE) return backTo(end(store, before, { status: 'Y', reason: null }));
    const wrong = before.wrong_codes + 1n;
    store.run('update authentication set wrong_codes = ? where id = ?', wrong, before.id);
    if (wrong >= MAX_WRONG_CODES) return backTo(end(store, before, { status: 'N', reason: TOO_MANY_TRIES }));
    const triesLeft = Number(MAX_WRONG_CODES - wrong);
    return page(200, challengePage(before, { ...shown, triesLeft }), before);
  });
}

/** A challenge whose time has passed has failed; any other row is given back as it is. */
export function endLapsed(store: Store, row: AuthenticationRow): AuthenticationRow {
  const over = row.status === 'C' && wallNow() >= Number(row.created_wall_ms) + CHALLENGE_LIFE_MS;
  return over ? end(store, row, { status: 'N', reason: TIMED_OUT }) : row;
}

interface End {
  readonly status: 'Y' | 'N';
  readonly reason: string | null;
}

function end(store: Store, row: AuthenticationRow, { status, reason }: End): AuthenticationRow {
  const cryptogram = status === 'Y' ? newCryptogram() : null;
  const update = `update authentication set status = ?, reason = ?, cryptogram = ? where id = ? and status = 'C'`;
  store.run(update, status, reason, cryptogram, row.id);
  return { ...row, status, reason, cryptogram };
}

/** The challenge that an encoded request names (base64url of JSON with acsTransID), or null. */
function byChallenge(store: Store, creq: string): AuthenticationRow | null {
  try {
    const { acsTransID } = JSON.parse(Buffer.from(creq, 'base64url').toString('utf8')) as { acsTransID?: unknown };
    if (typeof acsTransID !== 'string') return null;
    return store.first<AuthenticationRow>('select * from authentication where challenge = ?', acsTransID);
  } catch {
    return null;
  }
}

const backTo = ({ return_url: location }: AuthenticationRow): Reply => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
});

/**
 * The form goes to this page, and its redirect to the merchant's: browsers hold a redirect after a form to form-action too.
 */
function page(status: number, { html, styleHash }: ReturnType<typeof noChallengePage>, row?: AuthenticationRow): Reply {
  const target = row === undefined ? '' : ` ${new URL(row.return_url).origin}`;
  const policy = `default-src 'none'; style-src '${styleHash}'; form-action 'self'${target}; base-uri 'none'`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  return { status, headers, body: html };
}
