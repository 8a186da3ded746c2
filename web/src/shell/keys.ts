/**
 * Keyboard: `/` search, `g` and a place's letter, `?` help, `j`/`k` along the rows. Rows move real focus, so the ring
 * shows where one is and Enter opens the link by itself. Keys are left alone while typing or while a dialog is open.
 */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Place } from './places.ts';

/** How long after `g` the second key counts, in milliseconds. */
const SEQUENCE_MS_MAX = 1500;

export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'Search'],
  ['j or k', 'Next or previous row'],
  ['Enter', 'Open the row'],
  ['?', 'This help'],
  ['Esc', 'Close a dialog'],
];

/** Listens on the window for as long as the shell is shown. */
export function useKeys(places: readonly Place[], showHelp: () => void): void {
  const navigate = useNavigate();
  const pressedG = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || isBusy(event.target)) return;
      const afterG = event.timeStamp - pressedG.current < SEQUENCE_MS_MAX;
      pressedG.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const place = afterG ? places.find(({ key }) => key === event.key) : undefined;
      if (place !== undefined) void navigate({ to: place.to, search: {} });
      else if (event.key === '/') focusSearch(() => navigate({ to: '/orders', search: {} }));
      else if (event.key === '?') showHelp();
      else if (event.key === 'j') moveRow(1);
      else if (event.key === 'k') moveRow(-1);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, places, showHelp]);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return (
    target instanceof Element && target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]')
  );
}

/** The page's search field; a page without one gives way to the orders list. */
function focusSearch(goToOrders: () => Promise<void>): void {
  const field = () => document.querySelector<HTMLInputElement>('input[data-search]');
  if (field() !== null) field()?.select();
  else void goToOrders().then(() => requestAnimationFrame(() => field()?.select()));
}

function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.matches(':focus'));
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: 'nearest' });
}
