/**
 * The page from one state to the next. It shows what the server says and decides nothing itself; whatever opens it, a reload,
 * a second tab, the way back from the issuer, begins with the server's word. While something is under way it looks again.
 */
import { h, icon } from './element.ts';
import { cameBack, goToIssuer, goToWallet } from './issuer.ts';
import type { Locale } from './locale.ts';
import { challengePanel, checkingPanel, paidPanel, plainPanel } from './panels.ts';
import { payUntilKnown } from './pay.ts';
import { type PayPanel, payPanel } from './pay-panel.ts';
import { type Answer, type Attempt, browserFacts, type Server } from './server.ts';
import { isOpen, type OpenState, type State } from './state.ts';
import { terms, whatIsPaid } from './summary.ts';
import type { Texts } from './texts.ts';
import { walletPanel } from './wallets.ts';
import { pause, pauseBefore, watch } from './watch.ts';

export interface PageOptions {
  readonly root: HTMLElement;
  readonly texts: Texts;
  readonly locale: Locale;
  readonly server: Server;
  readonly token: string;
}

export function runPage(options: PageOptions, first: State): void {
  const { root, texts, server } = options;
  let state = first;
  let form: PayPanel | null = null;
  let stopWatching = (): void => undefined;

  const show = (next: State, how: Shown = {}): void => {
    state = next;
    form?.close();
    stopWatching();
    form = next.standing === 'ready' ? openForm(next, how.notice ?? null) : null;
    const panel = form?.element ?? panelOf(next, options, how.challenge ?? 'asked');
    root.replaceChildren(...frameOf(next, panel, options));
    document.title = titleOf(next, panel, texts);
    if (how.quiet !== true) panel.querySelector<HTMLElement>('.heading')?.focus();
    stopWatching = watchWhileUnderWay(next);
  };
  const openForm = (ready: OpenState, notice: string | null): PayPanel =>
    payPanel(ready, {
      ...options,
      notice,
      onToken: (card) => void pay(ready, { card }),
      onWallet: (wallet) => void pay(ready, { wallet }),
    });
  const pay = async (ready: OpenState, method: Pick<Attempt, 'card' | 'wallet'>): Promise<void> => {
    const attempt = { attempt: ready.attempt, ...method, browser: browserFacts() };
    const paid = await payUntilKnown(server, attempt, {
      pause: (turn) => pause(pauseBefore(turn)),
      onSilence: () => form?.tell(texts.silence),
    });
    if (paid.kind === 'card_unknown') return show(ready, { notice: texts.cardUnknown });
    if (paid.kind === 'wallet_refused') return show(ready, { notice: texts.walletRefused });
    const challenge = isOpen(paid.state) ? paid.state.challenge : null;
    show(paid.state, challenge === null ? {} : { challenge: 'leaving' });
    if (challenge !== null) goToIssuer(challenge, options.token);
    if (paid.state.standing === 'at_wallet' && paid.state.wallet?.payUrl)
      goToWallet(paid.state.wallet.payUrl, options.token);
  };
  const watchWhileUnderWay = ({ standing }: State): (() => void) => {
    if (standing === 'checking') return watch(server.look, take);
    if (standing === 'challenge' || standing === 'at_wallet') return watch(server.goOn, take);
    return () => undefined;
  };
  const take = (answer: Answer): void => {
    const offline = root.querySelector('.offline');
    if (offline !== null) offline.textContent = answer.kind === 'silence' ? texts.offline : '';
    if (answer.kind === 'state' && differs(answer.state, state)) show(answer.state);
  };
  /** Another tab may have gone on meanwhile. */
  const lookAgain = async (): Promise<void> => {
    if (form?.isPaying() !== true) take(await server.look());
  };

  const back = cameBack() && (first.standing === 'challenge' || first.standing === 'at_wallet');
  show(first, { quiet: true, ...(back ? { challenge: 'back' } : {}) });
  if (back) void server.goOn().then((answer) => (answer.kind === 'state' ? show(answer.state) : show(first)));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void lookAgain());
  addEventListener('pageshow', ({ persisted }) => persisted && void lookAgain());
}

interface Shown {
  /** Instead of what the last attempt came to. */
  readonly notice?: string;
  readonly challenge?: 'leaving' | 'back' | 'asked';
  /** The first sight of the page: the focus stays where the browser puts it. */
  readonly quiet?: true;
}

/** What stands has changed; amounts and words of the same state have not. */
const differs = (left: State, right: State): boolean =>
  left.standing !== right.standing || (isOpen(left) && isOpen(right) && left.attempt !== right.attempt);

function panelOf(state: State, { texts, locale, token }: PageOptions, how: NonNullable<Shown['challenge']>) {
  if (!isOpen(state)) return plainPanel(state, texts);
  const { challenge, wallet } = state;
  if (state.standing === 'at_wallet' && wallet?.payUrl) {
    const { payUrl } = wallet;
    return walletPanel(state, wallet, { texts, locale, onGo: () => goToWallet(payUrl, token) });
  }
  if (state.standing === 'challenge' && challenge !== null)
    return challengePanel(state, texts, { locale, how, onGo: () => goToIssuer(challenge, token) });
  if (state.standing === 'checking') return checkingPanel(texts);
  if (state.standing === 'paid' && state.receipt !== null) return paidPanel(state, state.receipt, texts, locale);
  return plainPanel(state, texts);
}

function frameOf(state: State, panel: HTMLElement, { texts, locale }: PageOptions): readonly HTMLElement[] {
  const name = 'marketplace' in state ? state.marketplace.name : '';
  const header = h(
    'header',
    { class: 'head' },
    h('p', { class: 'marketplace' }, name),
    h('p', { class: 'secure' }, icon('lock'), texts.secure),
  );
  const offline = h('p', { class: 'offline', role: 'status' });
  const whole = isOpen(state) && state.standing !== 'paid' && state.standing !== 'closed';
  const main = whole
    ? h(
        'main',
        { class: 'two' },
        whatIsPaid(state, texts, locale),
        h('div', { class: 'side' }, panel, offline),
        terms(state, texts, locale),
      )
    : h('main', { class: 'one' }, panel, offline);
  return [header, main];
}

function titleOf(state: State, panel: HTMLElement, texts: Texts): string {
  const heading = panel.querySelector('.heading')?.textContent ?? texts.secure;
  return 'marketplace' in state ? `${heading} · ${state.marketplace.name}` : heading;
}
