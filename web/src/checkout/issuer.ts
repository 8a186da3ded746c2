/**
 * The way to the issuer's or the wallet's page and back. To the issuer the browser goes by POST of the issuer's own request. The address to come back
 * to names no link, so that nobody on the way learns the token: this tab remembers it, and nothing else does.
 */
import { h } from './element.ts';
import type { Challenge } from './state.ts';

const MEMORY = 'causeway.checkout';
const BACK = '#back';

export function goToIssuer({ url, creq }: Challenge, token: string): void {
  remember(token);
  const field = h('input', { type: 'hidden', name: 'creq', value: creq });
  const form = h('form', { method: 'post', action: url, hidden: '' }, field);
  document.body.append(form);
  form.submit();
}

/** The wallet's page is opened in this tab, as its address says. */
export function goToWallet(url: string, token: string): void {
  if (!/^https?:/.test(url)) return;
  remember(token);
  location.assign(url);
}

function remember(token: string): void {
  try {
    sessionStorage.setItem(MEMORY, token);
  } catch {
    // Without storage the buyer opens the link again; the page for the return says so.
  }
}

/** On the page that the issuer or the wallet sends to: on to the checkout this tab came from. False when it is not known. */
export function goBackToCheckout(): boolean {
  let token: string | null = null;
  try {
    token = sessionStorage.getItem(MEMORY);
  } catch {
    return false;
  }
  if (token === null || !/^[A-Za-z0-9_-]{43}$/.test(token)) return false;
  location.replace(`/checkout/${token}${BACK}`);
  return true;
}

/** True once, when the buyer has just come back. */
export function cameBack(): boolean {
  if (location.hash !== BACK) return false;
  history.replaceState(null, '', location.pathname);
  return true;
}
