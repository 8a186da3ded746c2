/**
 * The hosted card form: number, expiry, security code and, when the checkout names buyer and agreement, the buyer's word
 * whether the card may be kept. While the buyer types, the functions of card-checks.ts say what is wrong beside the field;
 * the vault's own answer decides.
 *
 * A checkout with a button of its own leaves ours out (`button=parent`); Enter in a field does what the button does.
 *
 * Tells the parent: `causeway.card-state` {complete, brand, fields} at every change, `causeway.card-token` {token, brand,
 * stored} once. Hears from it: `causeway.submit`, `causeway.focus`.
 */
import type { BrandRule } from './card-checks.ts';
import { PAGE_CHECKS } from './card-checks.ts';
import { field, type HostedPage, hostedPage, type PageFrame } from './hosted-page.ts';

export interface FieldsPageOptions extends PageFrame {
  /** `mkt_…`, already checked. */
  readonly marketplace: string;
  /** For whom a card can be kept, and under what; null: it is not offered. Checked ids. */
  readonly storing: { readonly buyer: string; readonly agreement: string } | null;
  readonly brands: readonly BrandRule[];
  /** Whose button sends the form. */
  readonly button: 'own' | 'parent';
}

/** The page and the headers it must be sent with. */
export function fieldsPage({ marketplace, storing, brands, button, ...frame }: FieldsPageOptions): HostedPage {
  const submit = button === 'own' ? SUBMIT : HIDDEN_SUBMIT;
  return hostedPage(frame, {
    title: 'Card details',
    form: storing === null ? FIELDS + submit : FIELDS + KEEP + submit,
    script: `${PAGE_CHECKS.map(String).join('\n')}\n${SCRIPT}`,
    settings: {
      marketplace,
      storing,
      brands,
      stateType: 'causeway.card-state',
      busy: 'Saving the card…',
      failed: 'The card could not be saved. Please try again.',
    },
  });
}

const FIELDS = [
  field('number', { label: 'Card number', attributes: 'autocomplete="cc-number" maxlength="30"', wide: true }),
  field('expiry', { label: 'Expiry (MM / YY)', attributes: 'autocomplete="cc-exp" maxlength="9"' }),
  field('cvv', { label: 'Security code', attributes: 'type="password" autocomplete="cc-csc" maxlength="4"' }),
].join('');

const KEEP = `
  <label class="wide keep"><input type="checkbox" id="keep"> Keep this card for my next purchases</label>`;

const SUBMIT = `
  <div class="wide"><button type="submit">Use this card</button></div>`;

/** Not shown, but there: without one, Enter in a field would do nothing. */
const HIDDEN_SUBMIT = `
  <button type="submit" hidden>Use this card</button>`;

// Runs in the buyer's browser, after SHARED_SCRIPT.
const SCRIPT = `
  const FIELD_OF = {
    '/card/number': 'number', '/card/expiryMonth': 'expiry', '/card/expiryYear': 'expiry', '/card/cvv': 'cvv',
  };
  const digitsOf = (name) => input(name).value.replace(/\\D/g, '');
  const brand = () => brandOf(digitsOf('number'), settings.brands);
  checks.number = () => checkNumber(input('number').value, settings.brands);
  checks.expiry = () => checkExpiry(input('expiry').value, today);
  checks.cvv = () => checkCode(input('cvv').value, brand()?.codeSize);
  extra = () => ({ brand: brand()?.type ?? null });

  input('number').addEventListener('input', () => {
    const known = brand();
    document.getElementById('number-hint').textContent = known?.taken ? known.name : '';
    document.getElementById('cvv-hint').textContent =
      known === null ? '' : known.codeSize === 4 ? '4 digits on the front of the card' : '3 digits on the back of the card';
    // Regrouping while the caret is inside the number would move it.
    if (input('number').selectionStart !== input('number').value.length) return;
    if (/^[\\d -]*$/.test(input('number').value))
      input('number').value = grouped(digitsOf('number'), known?.gaps ?? [4, 8, 12]);
  });
  input('expiry').addEventListener('input', (event) => {
    if (/^\\d\\d$/.test(input('expiry').value) && event.inputType === 'insertText') input('expiry').value += ' / ';
  });
  for (const name of Object.keys(checks)) watch(name);

  onSubmit(async () => {
    const { month, year } = readExpiry(input('expiry').value);
    const card = { number: digitsOf('number'), expiryMonth: month, expiryYear: year, cvv: input('cvv').value.trim() };
    const keep = document.getElementById('keep')?.checked === true;
    const storing = keep ? { store: true, ...settings.storing } : {};
    const { ok, answer } = await post('/v1/tokens', { marketplace: settings.marketplace, card, ...storing });
    if (!ok) return showRefusal(answer, FIELD_OF);
    const { token, brand, last4 } = answer;
    finish('Card ending in ' + last4 + ' is ready.', { type: 'causeway.card-token', token, brand, stored: keep });
  });
  tellState();`;
