/**
 * What is paid and to whom; in which parts, and how the money is protected. The same in every state. On a phone the terms
 * stand below the panel, so that amount, card form and button are seen together.
 */
import { h, icon } from './element.ts';
import type { Locale } from './locale.ts';
import type { OpenState } from './state.ts';
import type { Texts } from './texts.ts';

export function whatIsPaid(state: OpenState, texts: Texts, locale: Locale): HTMLElement {
  const { seller, order, amount, instalment, plan } = state;
  return h(
    'section',
    { class: 'summary', 'aria-labelledby': 'what' },
    h('h1', { id: 'what', class: 'what' }, texts.forOrder(texts.part(instalment, plan.length), order.reference)),
    h(
      'p',
      { class: 'amount' },
      h('span', { class: 'figure' }, locale.money(amount)),
      ' ',
      h('abbr', { class: 'currency' }, amount.currency),
    ),
    h('p', { class: 'seller' }, texts.to(seller.name, locale.country(seller.country))),
    h('p', { class: 'goods' }, order.description),
  );
}

/** The parts of the price, and what happens to the money. */
export const terms = (state: OpenState, texts: Texts, locale: Locale): HTMLElement =>
  h('div', { class: 'terms' }, state.plan.length > 1 ? planOf(state, texts, locale) : null, protection(state, texts));

function planOf({ plan, instalment, order }: OpenState, texts: Texts, locale: Locale): HTMLElement {
  const rows = plan.map((each) =>
    h(
      'li',
      each.number === instalment ? { class: 'row this', 'aria-current': 'step' } : { class: 'row' },
      h('span', { class: 'name' }, texts.part(each.number, plan.length)),
      h('span', { class: each.state === 'paid' ? 'due done' : 'due' }, texts.due(each)),
      h('span', { class: 'sum' }, locale.money(each.amount)),
    ),
  );
  const total = h(
    'li',
    { class: 'row whole' },
    h('span', { class: 'name' }, texts.total),
    h('span', { class: 'sum' }, locale.money(order.total)),
  );
  return h(
    'section',
    { class: 'plan', 'aria-labelledby': 'plan' },
    h('h2', { id: 'plan' }, texts.plan),
    h('ol', {}, ...rows, total),
  );
}

function protection({ seller, protection: { releaseAfterReceiptDays, autoReceiptDays } }: OpenState, texts: Texts) {
  return h(
    'section',
    { class: 'protection', 'aria-labelledby': 'protection' },
    icon('shield'),
    h(
      'div',
      {},
      h('h2', { id: 'protection' }, texts.protected),
      h('p', {}, `${texts.held(seller.name)} ${texts.released(releaseAfterReceiptDays, autoReceiptDays)}`),
    ),
  );
}
