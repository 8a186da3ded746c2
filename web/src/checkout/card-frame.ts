/**
 * The vault's card form in a frame of the vault's own origin. This page gets a token, never a number; a message counts only
 * if it comes from that frame and that origin. The frame is as high as its form says.
 */
import { h } from './element.ts';
import type { OpenState } from './state.ts';
import type { Texts } from './texts.ts';

export interface CardFrame {
  readonly element: HTMLElement;
  /** Asks the form for a token; it answers with `onToken` or `onRefused`. */
  submit(): void;
  focus(): void;
  close(): void;
}

export interface CardFrameEvents {
  /** The form is there. */
  readonly onReady: () => void;
  readonly onToken: (token: string) => void;
  /** The form did not go; it says why itself. */
  readonly onRefused: () => void;
}

const PATIENCE_MS = 12_000;

export function cardFrame(
  { vault, marketplace }: NonNullable<OpenState['fields']>,
  texts: Texts,
  { onReady, onToken, onRefused }: CardFrameEvents,
): CardFrame {
  const query = new URLSearchParams({ marketplace, parent: location.origin, button: 'parent' });
  const frame = h('iframe', { title: texts.cardFrame, src: `${vault}/fields?${query}`, class: 'loading' });
  const words = h('p', { class: 'loading-words', role: 'status' }, texts.loading);
  const origin = new URL(vault).origin;
  const closed = new AbortController();
  const timer = setTimeout(() => {
    words.textContent = texts.notLoading;
  }, PATIENCE_MS);
  const show = (height: number): void => {
    clearTimeout(timer);
    frame.style.height = `${Math.min(800, Math.max(120, height + 8))}px`;
    if (!frame.classList.contains('loading')) return;
    frame.classList.remove('loading');
    words.remove();
    onReady();
  };
  addEventListener(
    'message',
    ({ origin: from, source, data }: MessageEvent<unknown>) => {
      if (from !== origin || source !== frame.contentWindow || typeof data !== 'object' || data === null) return;
      const { type, token, height } = data as Readonly<Record<string, unknown>>;
      if (type === 'causeway.size' && typeof height === 'number') show(height);
      if (type === 'causeway.card-token' && typeof token === 'string') onToken(token);
      if (type === 'causeway.refused') onRefused();
    },
    { signal: closed.signal },
  );
  const say = (type: string): void => frame.contentWindow?.postMessage({ type }, origin);
  return {
    element: h('div', { class: 'card-frame' }, words, frame),
    submit: () => say('causeway.submit'),
    focus: () => {
      frame.focus();
      say('causeway.focus');
    },
    close: () => {
      clearTimeout(timer);
      closed.abort();
    },
  };
}
