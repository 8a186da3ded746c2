/** Starts the buyer's checkout page: language, the state that came with it, and the token in its address. */
import './checkout.css';
import { goBackToCheckout } from './issuer.ts';
import { chooseTag, localeOf } from './locale.ts';
import { runPage } from './page.ts';
import { serverOf } from './server.ts';
import { stateInPage } from './state.ts';
import { TEXTS } from './texts.ts';

const root = document.getElementById('checkout');
if (root === null) throw new Error('the page has no #checkout');

const tag = chooseTag(navigator.languages, Object.keys(TEXTS));
const language = tag.split('-')[0]?.toLowerCase() ?? 'en';
document.documentElement.lang = tag;

const token = location.pathname.split('/')[2] ?? '';
const state = stateInPage();
if (state.standing !== 'returned' || !goBackToCheckout()) {
  const texts = TEXTS[language] ?? TEXTS.en;
  runPage({ root, texts, locale: localeOf(tag), server: serverOf(token), token }, state);
}
