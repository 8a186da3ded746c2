/** The panel of every state but the card form: what is so, in one heading and a few sentences, and what can be done. */
import { type Child, h, type Icon, icon } from './element.ts';
import type { Locale } from './locale.ts';
import type { BareState, EndedState, OpenState, Receipt } from './state.ts';
import type { Texts } from './texts.ts';
import { priceWords } from './wallets.ts';

interface Panel {
  readonly mark: Icon;
  readonly tone: 'calm' | 'good' | 'plain';
  readonly heading: string;
  readonly body: readonly Child[];
}

const panel = ({ mark, tone, heading, body }: Panel): HTMLElement =>
  h(
    'section',
    { class: `panel ${tone}`, 'aria-labelledby': 'panel' },
    h('div', { class: 'mark' }, icon(mark)),
    h('h2', { id: 'panel', class: 'heading', tabindex: '-1' }, heading),
    ...body,
  );

const text = (words: string): HTMLElement => h('p', { class: 'words' }, words);

/** `leaving`: the browser is on its way to the issuer; `back`: it has just come from there. */
export function challengePanel(
  state: OpenState,
  texts: Texts,
  {
    locale,
    how,
    onGo,
  }: { readonly locale: Locale; readonly how: 'leaving' | 'back' | 'asked'; readonly onGo: () => void },
): HTMLElement {
  if (how !== 'asked') {
    const heading = how === 'leaving' ? texts.goingToBank : texts.back;
    return panel({ mark: 'bank', tone: 'calm', heading, body: [bar()] });
  }
  return panel({
    mark: 'bank',
    tone: 'calm',
    heading: texts.challenge,
    body: [
      text(texts.challengeText(locale.money(state.amount), state.card)),
      h('button', { type: 'button', class: 'pay', click: onGo }, texts.toBank),
      h('p', { class: 'small' }, texts.challengeWait),
    ],
  });
}

export function checkingPanel(texts: Texts): HTMLElement {
  return panel({
    mark: 'clock',
    tone: 'calm',
    heading: texts.checking,
    body: [text(texts.checkingText), bar(), h('p', { class: 'small' }, texts.checkingMore)],
  });
}

const bar = (): HTMLElement => h('div', { class: 'bar', 'aria-hidden': 'true' }, h('div', {}));

export function paidPanel(state: OpenState, receipt: Receipt, texts: Texts, locale: Locale): HTMLElement {
  const next = whatIsNext(state, texts, locale);
  return panel({
    mark: 'check',
    tone: 'good',
    heading: texts.paid(locale.money(receipt.amount)),
    body: [
      text(whereTheMoneyIs(state, texts)),
      next === null ? null : text(next),
      facts(state, receipt, texts, locale),
      wayBack(state, texts),
    ],
  });
}

function whereTheMoneyIs({ order, seller, wallet }: OpenState, texts: Texts): string {
  if (order.state === 'released') return texts.paidReleased(seller.name);
  if (order.state !== 'refunded') return texts.paidHeld(seller.name);
  return wallet === null ? texts.paidBack : texts.paidBackToWallet(wallet.name);
}

/** For whoever has just paid; later on the order speaks for itself. */
function whatIsNext({ order, plan, seller, marketplace }: OpenState, texts: Texts, locale: Locale): string | null {
  if (order.state === 'paid') return texts.paidLast(seller.name);
  const due = plan.find(({ state }) => state === 'due');
  if (order.state !== 'part_paid' || due === undefined) return null;
  return texts.paidNext(locale.money(due.amount), marketplace.name);
}

function facts(state: OpenState, receipt: Receipt, texts: Texts, locale: Locale): HTMLElement {
  const names = texts.facts;
  const rows: readonly (readonly [string, string])[] = [
    [names.amount, `${locale.money(receipt.amount)} ${receipt.amount.currency}`],
    ...(/^0+$/.test(receipt.refunded.value) ? [] : ([[names.refunded, locale.money(receipt.refunded)]] as const)),
    [names.order, state.order.reference],
    [names.goods, state.order.description],
    [names.seller, state.seller.name],
    ...(state.card === null ? [] : ([[names.card, texts.cardName(state.card)]] as const)),
    ...walletFacts(state, texts, locale),
    [names.paidAt, locale.instant(receipt.paidAt)],
    [names.reference, receipt.reference],
    [names.statement, receipt.statement],
  ];
  return h(
    'dl',
    { class: 'facts' },
    ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

function walletFacts({ wallet, amount }: OpenState, texts: Texts, locale: Locale): (readonly [string, string])[] {
  if (wallet === null) return [];
  const { facts: names } = texts;
  return [
    [names.wallet, wallet.name],
    [names.walletAmount, locale.money(wallet.payTo)],
    [names.walletRate, priceWords(wallet, amount.currency, texts, locale)],
  ];
}

/** Nothing can be paid, and why. */
export function plainPanel(state: OpenState | EndedState | BareState, texts: Texts): HTMLElement {
  const { heading, words } = wordsOf(state, texts);
  const named = 'marketplace' in state ? state : null;
  const mark = state.standing === 'already_paid' ? 'check' : 'info';
  return panel({ mark, tone: 'plain', heading, body: [text(words), named === null ? null : wayBack(named, texts)] });
}

function wordsOf(state: OpenState | EndedState | BareState, texts: Texts): { heading: string; words: string } {
  switch (state.standing) {
    case 'already_paid':
      return { heading: texts.alreadyPaid, words: texts.alreadyPaidText };
    case 'closed':
      return { heading: state.order.state === 'canceled' ? texts.canceled : texts.closed, words: texts.closedText };
    case 'not_due':
      return { heading: texts.notDue, words: texts.notDueText };
    case 'exhausted':
      return { heading: texts.exhausted, words: texts.exhaustedText(state.marketplace.name) };
    case 'expired':
      return { heading: texts.expired, words: texts.endedText(state.marketplace.name) };
    case 'revoked':
      return { heading: texts.revoked, words: texts.endedText(state.marketplace.name) };
    case 'busy':
      return { heading: texts.busy, words: texts.busyText };
    case 'returned':
      return { heading: texts.returned, words: texts.returnedText };
    default:
      return { heading: texts.unknown, words: texts.unknownText };
  }
}

/** Where the marketplace wants the buyer to go on, if it said so. */
function wayBack({ returnUrl, marketplace }: OpenState | EndedState, texts: Texts): HTMLElement | null {
  if (returnUrl === null || !/^https?:/.test(returnUrl)) return null;
  return h('a', { class: 'way-back', href: returnUrl, rel: 'noreferrer' }, texts.backTo(marketplace.name));
}
