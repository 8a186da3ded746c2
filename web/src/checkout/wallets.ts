/**
 * Wallets beside the card form: each with what is paid at home, at one rate with everything in it, and what part of that is
 * fee. Choosing one begins the attempt; its own page does the rest.
 */
import { h, icon } from './element.ts';
import type { Locale } from './locale.ts';
import type { ChosenWallet, OpenState, WalletOffer, WalletPrice } from './state.ts';
import type { Texts } from './texts.ts';

interface ChoiceOptions {
  readonly texts: Texts;
  readonly locale: Locale;
  readonly onChoose: (wallet: string) => void;
}

export function walletChoices(
  { wallets, amount }: OpenState,
  { texts, locale, onChoose }: ChoiceOptions,
): HTMLElement | null {
  if (wallets.length === 0) return null;
  const choice = (offer: WalletOffer): HTMLElement =>
    h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'wallet', 'data-wallet': offer.wallet, click: () => onChoose(offer.wallet) },
        h('span', { class: 'wallet-name' }, offer.name),
        h('span', { class: 'wallet-amount' }, locale.money(offer.payTo)),
      ),
      h('p', { class: 'small' }, h('span', {}, priceWords(offer, amount.currency, texts, locale))),
    );
  return h(
    'div',
    { class: 'wallets' },
    h('h3', {}, texts.payByWallet),
    h('ul', {}, ...wallets.map(choice)),
    h('h3', {}, texts.payByCard),
  );
}

/** One rate with everything in it, and what part of the sum is fee. */
export const priceWords = (
  { payTo, rate, fee }: WalletPrice,
  currency: string,
  texts: Texts,
  locale: Locale,
): string =>
  rate === null || fee === null
    ? texts.walletAtPar
    : texts.walletRate({ one: currency, rate, currency: payTo.currency, fee: locale.money(fee) });

export function walletPanel(
  state: OpenState,
  wallet: ChosenWallet,
  { texts, locale, onGo }: { readonly texts: Texts; readonly locale: Locale; readonly onGo: () => void },
): HTMLElement {
  return h(
    'section',
    { class: 'panel calm', 'aria-labelledby': 'panel' },
    h('div', { class: 'mark' }, icon('bank')),
    h('h2', { id: 'panel', class: 'heading', tabindex: '-1' }, texts.atWallet(wallet.name)),
    h('p', { class: 'words' }, texts.atWalletText(locale.money(wallet.payTo), wallet.name)),
    h('p', { class: 'small' }, h('span', {}, priceWords(wallet, state.amount.currency, texts, locale))),
    h('button', { type: 'button', class: 'pay', click: onGo }, texts.toWallet(wallet.name)),
    h('p', { class: 'small' }, texts.atWalletWait),
  );
}
