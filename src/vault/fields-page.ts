/**
 * The hosted card form: a page of the vault's own origin that a checkout shows in a frame, so that the number goes from the
 * buyer's keyboard to the vault and the checkout sees a token only (PCI DSS SAQ A pattern; standards.md §7).
 *
 * Invariants: nothing on this page comes from another origin (CSP with one nonce, default-src 'none'); it can be framed by
 * the listed parents only; the token is told to the one parent the frame was opened for, never to '*'.
 */

export interface FieldsPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface FieldsPageOptions {
  /** `mkt_…`, already checked. */
  readonly marketplace: string;
  /** The origin of the page around the frame, one of `frameAncestors`. */
  readonly parent: string;
  readonly frameAncestors: readonly string[];
  /** Fresh for every answer. */
  readonly nonce: string;
}

/** The page and the headers it must be sent with. */
export function fieldsPage({ marketplace, parent, frameAncestors, nonce }: FieldsPageOptions): FieldsPage {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ];
  // Both values are checked ids and origins; the escape keeps a later change from closing the script element.
  const settings = JSON.stringify({ marketplace, parent }).replaceAll('<', '\\u003c');
  return {
    html: HTML.replaceAll('NONCE', nonce).replace('SETTINGS', () => settings),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    },
  };
}

const STYLE = `
  :root { color-scheme: light; font: 14px/1.4 system-ui, sans-serif; color: #1b2330; }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 4px; }
  form { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 12px; max-width: 420px; }
  .wide { grid-column: 1 / -1; }
  label { display: block; font-size: 12px; color: #4b5563; margin-bottom: 4px; }
  input { width: 100%; padding: 7px 10px; font: inherit; border: 1px solid #c3ccd8; border-radius: 4px; background: #fff; }
  input:focus-visible, button:focus-visible { outline: 3px solid #5482ba; outline-offset: 1px; }
  input:disabled { background: #eef0f4; border-color: #c3c9d4; }
  input[aria-invalid=true] { border-color: #b3261e; }
  .error { min-height: 1.3em; margin: 3px 0 0; font-size: 12px; color: #b3261e; }
  button { width: 100%; padding: 8px; font: inherit; font-weight: 600; color: #fff; background: #305a8f; border: 0;
           border-radius: 4px; cursor: pointer; }
  button:disabled { background: #6b7688; cursor: default; }
  #status { margin: 0; font-size: 14px; min-height: 1.4em; }`;

// Runs in the buyer's browser. The error of a field comes from the vault's answer, matched by its JSON Pointer.
const SCRIPT = `
  const settings = SETTINGS;
  const form = document.querySelector('form');
  const button = document.querySelector('button');
  const status = document.getElementById('status');
  const input = { number: form.number, expiry: form.expiry, cvv: form.cvv };
  const FIELD_OF = { '/card/number': 'number', '/card/expiryMonth': 'expiry', '/card/expiryYear': 'expiry', '/card/cvv': 'cvv' };

  input.number.addEventListener('input', () => {
    if (input.number.selectionStart !== input.number.value.length) return;
    const digits = input.number.value.replace(/\\D/g, '').slice(0, 19);
    const groups = /^3[47]/.test(digits) ? /^(\\d{4})(\\d{1,6})?(\\d{1,5})?/ : /(\\d{4})(?=\\d)/g;
    input.number.value = /^3[47]/.test(digits)
      ? (digits.match(groups)?.slice(1).filter(Boolean).join(' ') ?? digits)
      : digits.replace(groups, '$1 ');
  });
  input.expiry.addEventListener('input', (event) => {
    if (/^\\d\\d$/.test(input.expiry.value) && event.inputType === 'insertText') input.expiry.value += ' / ';
  });

  function show(errors) {
    for (const name of Object.keys(input)) {
      const text = errors[name] ?? '';
      document.getElementById(name + '-error').textContent = text;
      input[name].setAttribute('aria-invalid', String(text !== ''));
    }
    const first = Object.keys(input).find((name) => errors[name]);
    if (first) input[first].focus();
  }

  function readCard() {
    const errors = {};
    const number = input.number.value.replace(/[ -]/g, '');
    const date = /^(\\d{1,2})\\s*\\/\\s*(\\d{4}|\\d{2})$/.exec(input.expiry.value.trim());
    if (number === '') errors.number = 'Enter the card number.';
    if (!date) errors.expiry = 'Enter month and year, such as 08 / 30.';
    if (input.cvv.value.trim() === '') errors.cvv = 'Enter the security code.';
    show(errors);
    if (Object.keys(errors).length > 0) return null;
    const year = Number(date[2]);
    return { number, expiryMonth: Number(date[1]), expiryYear: year < 100 ? 2000 + year : year, cvv: input.cvv.value.trim() };
  }

  async function submit(card) {
    const response = await fetch('/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ marketplace: settings.marketplace, card }),
    });
    const answer = await response.json();
    if (response.ok) return done(answer);
    const errors = {};
    for (const { pointer, detail } of answer.errors ?? []) errors[FIELD_OF[pointer] ?? 'number'] ??= detail;
    show(errors);
    status.textContent = answer.errors ? '' : 'The card could not be saved. Please try again.';
  }

  function done({ token, brand, last4 }) {
    form.reset();
    for (const name of Object.keys(input)) input[name].disabled = true;
    button.hidden = true;
    status.textContent = 'Card ending in ' + last4 + ' is ready.';
    window.parent.postMessage({ type: 'causeway.card-token', token, brand, last4 }, settings.parent);
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const card = readCard();
    if (card === null) return;
    button.disabled = true;
    status.textContent = 'Saving the card…';
    await submit(card).catch(() => { status.textContent = 'No connection. Please try again.'; });
    button.disabled = false;
  });`;

const field = (name: string, options: { label: string; attributes: string; wide?: boolean }): string => `
  <div${options.wide === true ? ' class="wide"' : ''}>
    <label for="${name}">${options.label}</label>
    <input id="${name}" name="${name}" ${options.attributes} inputmode="numeric" required aria-invalid="false"
      aria-describedby="${name}-error" spellcheck="false" autocapitalize="off">
    <p class="error" id="${name}-error" role="alert"></p>
  </div>`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Card details</title>
<style nonce="NONCE">${STYLE}
</style>
</head>
<body>
<form novalidate aria-label="Card details">${field('number', {
  label: 'Card number',
  attributes: 'autocomplete="cc-number" maxlength="23"',
  wide: true,
})}${field('expiry', { label: 'Expiry (MM / YY)', attributes: 'autocomplete="cc-exp" maxlength="9"' })}${field('cvv', {
  label: 'Security code',
  attributes: 'type="password" autocomplete="cc-csc" maxlength="4"',
})}
  <div class="wide"><button type="submit">Use this card</button></div>
  <p class="wide" id="status" role="status"></p>
</form>
<script nonce="NONCE">${SCRIPT}
</script>
</body>
</html>
`;
