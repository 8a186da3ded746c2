/**
 * The card form with the button that pays, and the wallets of the buyer's country above it. The button asks the vault's form for a token; with the token the attempt is sent,
 * and until it is answered the button stays pressed. After a decline the form is a fresh one.
 */
import { cardFrame } from './card-frame.ts';
import { h, icon } from './element.ts';
import type { Locale } from './locale.ts';
import type { OpenState } from './state.ts';
import type { Texts } from './texts.ts';
import { walletChoices } from './wallets.ts';

export interface PayPanel {
  readonly element: HTMLElement;
  /** Words beside the button while the attempt is under way. */
  tell(words: string): void;
  /** True once a token is there: from then on the attempt is being sent. */
  isPaying(): boolean;
  close(): void;
}

export interface PayPanelOptions {
  readonly texts: Texts;
  readonly locale: Locale;
  /** Instead of what the last attempt came to. */
  readonly notice: string | null;
  readonly onToken: (token: string) => void;
  readonly onWallet: (wallet: string) => void;
}

export function payPanel(state: OpenState, options: PayPanelOptions): PayPanel {
  const { texts, locale, onToken } = options;
  const label = texts.pay(locale.money(state.amount));
  const words = h('p', { class: 'progress', role: 'status' });
  const button = h('button', { type: 'button', class: 'pay', disabled: '', click: () => press() }, label);
  let paying = false;
  const setBusy = (text: string): void => {
    button.textContent = text;
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
  };
  const release = (): void => {
    button.textContent = label;
    button.removeAttribute('aria-busy');
    button.disabled = false;
  };
  const frame = cardFrame(state.fields as NonNullable<OpenState['fields']>, texts, {
    onReady: release,
    onRefused: () => paying || release(),
    onToken: (token) => {
      if (paying) return;
      paying = true;
      setBusy(texts.paying);
      words.textContent = texts.stay;
      onToken(token);
    },
  });
  const choose = (wallet: string): void => {
    if (paying) return;
    paying = true;
    setBusy(texts.paying);
    words.textContent = texts.stay;
    options.onWallet(wallet);
  };
  const press = (): void => {
    setBusy(texts.readingCard);
    frame.submit();
  };
  const element = h(
    'section',
    { class: 'panel pay-panel', 'aria-labelledby': 'panel' },
    h(
      'h2',
      { id: 'panel', class: 'heading', tabindex: '-1' },
      state.wallets.length === 0 ? texts.payByCard : texts.payByEither,
    ),
    noticeOf(state, options),
    walletChoices(state, { texts, locale, onChoose: choose }),
    frame.element,
    h('p', { class: 'small' }, icon('shield'), h('span', {}, texts.heldShort)),
    button,
    words,
    h('p', { class: 'small' }, icon('lock'), h('span', {}, texts.vault(state.marketplace.name))),
    h('p', { class: 'small' }, icon('bank'), h('span', {}, texts.mayConfirm)),
  );
  return {
    element,
    tell: (text) => {
      words.textContent = text;
    },
    isPaying: () => paying,
    close: frame.close,
  };
}

/** What the last attempt came to, and what to do now. */
function noticeOf({ declined, card, wallet }: OpenState, { texts, notice }: PayPanelOptions): HTMLElement | null {
  if (notice !== null) return h('div', { class: 'notice', role: 'alert' }, h('p', {}, notice));
  if (declined === null) return null;
  return h(
    'div',
    { class: 'notice', role: 'alert' },
    h('p', { class: 'notice-title' }, wallet === null ? texts.declined(card) : texts.walletDeclined(wallet.name)),
    h('p', {}, texts.advice[declined]),
  );
}
