/**
 * The page on which a person lets a shop's platform debit him without being asked: it leads back with `authCode` and `authState`, or with
 * `authState` alone when he says no. Which of the wallet's people he is, he chooses: the sandbox's phones have no lock.
 */
import type { Reply, Request, Route } from '../base/http-server.ts';
import { escaped, page, seeOther } from '../base/page-frame.ts';
import { DEMO, findAccount } from './accounts.ts';
import { nothingPage } from './phone-pages.ts';
import type { AccountRow } from './schema.ts';
import { makeAuthCode } from './tokens.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

interface Ask {
  readonly authClientId: string;
  readonly authRedirectUrl: URL;
  readonly authState: string;
}

export const authorizeRoutes = (wallets: Wallets): readonly Route[] => [
  { method: 'GET', pattern: PATTERN, handle: (request) => withAsk(wallets, request, request.query, show) },
  {
    method: 'POST',
    pattern: '/phone/:walletId/authorize',
    handle: (request) => withAsk(wallets, request, new URLSearchParams(request.body.toString('utf8')), answer),
  },
];

const PATTERN = '/alipayplus/mpp/:walletId/authorize';

type Act = (wallets: Wallets, wallet: Wallet, ask: Ask, said: URLSearchParams) => Reply;

function withAsk(wallets: Wallets, { params }: Request, said: URLSearchParams, act: Act): Reply {
  const wallet = wallets.list.find(params.walletId ?? '');
  if (wallet === null) return nothingPage('There is no such wallet.');
  if (!wallet.modes.includes('autoDebit')) return nothingPage(`${wallet.name} does not offer this.`);
  const authRedirectUrl = URL.parse(said.get('authRedirectUrl') ?? '');
  const [authClientId, authState] = [said.get('authClientId') ?? '', said.get('authState') ?? ''];
  if (authRedirectUrl === null || !/^https?:$/.test(authRedirectUrl.protocol) || authState === '')
    return nothingPage('The shop has not said where to go back to.');
  return act(wallets, wallet, { authClientId, authRedirectUrl, authState }, said);
}

function show(wallets: Wallets, wallet: Wallet, ask: Ask): Reply {
  findAccount(wallets, wallet, DEMO);
  const accounts = wallets.store.all<AccountRow>(
    'select * from account where wallet_id = ? order by account',
    wallet.walletId,
  );
  const hidden = Object.entries({ ...ask, authRedirectUrl: ask.authRedirectUrl.href })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('');
  const choices = accounts.map(
    ({ account, name }) =>
      `<button type="submit" name="account" value="${escaped(account)}">Allow as ${escaped(name)} (${escaped(account)})</button>`,
  );
  const body = `
    <p>${escaped(ask.authClientId)} wants to charge your ${escaped(wallet.name)} wallet without asking you each time.</p>
    <form method="post" action="/phone/${encodeURIComponent(wallet.walletId)}/authorize">
      ${hidden}${choices.join('')}
      <button type="submit" class="plain">Do not allow</button>
    </form>`;
  return page(wallet, { title: 'Allow a shop to charge you', body, leadsOut: true });
}

function answer(
  wallets: Wallets,
  wallet: Wallet,
  { authRedirectUrl: back, authState }: Ask,
  said: URLSearchParams,
): Reply {
  const named = said.get('account');
  const account = named === null ? null : findAccount(wallets, wallet, named);
  if (named !== null && account === null) return nothingPage(`${wallet.name} has no such account.`);
  const leads = new URL(back);
  leads.searchParams.set('authState', authState);
  if (account !== null) leads.searchParams.set('authCode', makeAuthCode(wallets, wallet, account.account));
  return seeOther(leads.href);
}
