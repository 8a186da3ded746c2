/**
 * The issuer's page as HTML: merchant, amount, masked card, one field for the code, a way out. Plain HTML and CSS without
 * script or anything from outside; one column that fits a phone; the error stands before the field, is announced and is
 * tied to it. Pure.
 */
import { createHash } from 'node:crypto';
import { formatMoney, money } from '../../src/base/money.ts';
import { escaped } from '../base/page-frame.ts';
import type { AuthenticationRow } from './rows.ts';

export interface Page {
  readonly html: string;
  /** Of the only style, for the content security policy. */
  readonly styleHash: string;
}

export interface Shown {
  readonly creq: string;
  readonly merchantName: string;
  /** Set after a wrong code. */
  readonly triesLeft?: number;
}

export function challengePage({ amount, currency, masked }: AuthenticationRow, shown: Shown): Page {
  const { creq, merchantName, triesLeft } = shown;
  const tries = triesLeft === 1 ? 'one try is' : `${triesLeft} tries are`;
  const error =
    triesLeft === undefined
      ? ''
      : `<p id="error" class="error" role="alert">This code is not right; ${tries} left. Look at the message again.</p>`;
  const tied =
    triesLeft === undefined ? 'aria-describedby="hint"' : 'aria-invalid="true" aria-describedby="error hint"';
  return document(
    `${triesLeft === undefined ? '' : 'Error: '}Confirm your payment`,
    `<p class="bank">Sandbox Bank · card security</p>
    <h1>Confirm your payment</h1>
    <dl>
      <div><dt>Merchant</dt><dd>${escaped(merchantName)}</dd></div>
      <div><dt>Amount</dt><dd class="amount">${escaped(formatMoney(money(amount, currency)))}</dd></div>
      <div><dt>Card</dt><dd>•••• ${escaped(masked.slice(-4))}</dd></div>
    </dl>
    <form method="post" action="/api/v2/acs/challenge">
      <input type="hidden" name="creq" value="${escaped(creq)}">
      ${error}
      <label for="code">One-time code</label>
      <p id="hint" class="hint">Six digits, sent to your phone. In the sandbox it is always 123456.</p>
      <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12"
        required autofocus ${tied}>
      <button type="submit" class="confirm">Confirm payment</button>
    </form>
    <form method="post" action="/api/v2/acs/challenge">
      <input type="hidden" name="creq" value="${escaped(creq)}">
      <button type="submit" name="action" value="cancel" class="cancel">Cancel and go back to the merchant</button>
    </form>`,
  );
}

/** For a browser that comes with nothing we know. */
export const noChallengePage = (): Page =>
  document(
    'Nothing to confirm',
    `<p class="bank">Sandbox Bank · card security</p>
    <h1>Nothing to confirm</h1>
    <p>This confirmation is not known here. Go back to the merchant and start the payment again.</p>`,
  );

const STYLE = `
  :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #16202c; background: #eef1f5; }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 1rem; }
  main { max-width: 26rem; margin: 1rem auto; padding: 1.5rem; background: #fff; border: 1px solid #c9d1db; border-radius: 12px; }
  .bank { margin: 0; color: #46566a; font-size: .875rem; }
  h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.2; }
  dl { margin: 0 0 1.5rem; }
  dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid #e2e7ee; }
  dt { color: #46566a; }
  dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
  .amount { font-weight: 700; font-variant-numeric: tabular-nums; }
  label { display: block; font-weight: 600; }
  .hint { margin: 0 0 .5rem; color: #46566a; font-size: .875rem; }
  .error { margin: 0 0 1rem; padding: .75rem; color: #8c1313; background: #fdeeee; border-left: 4px solid #b42318; }
  input[type=text] { width: 100%; min-height: 3rem; padding: .5rem .75rem; font: inherit; font-size: 1.5rem;
    letter-spacing: .25em; font-variant-numeric: tabular-nums; border: 1px solid #64748b; border-radius: 8px; }
  button { width: 100%; min-height: 3rem; margin-top: 1rem; font: inherit; font-weight: 600; border-radius: 8px; cursor: pointer; }
  .confirm { color: #fff; background: #14508c; border: 1px solid #14508c; }
  .cancel { color: #14508c; background: #fff; border: 1px solid #64748b; }
  :focus-visible { outline: 3px solid #e08a00; outline-offset: 2px; }`;

const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

const document = (title: string, body: string): Page => ({
  styleHash: STYLE_HASH,
  html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
    ${body}
    </main>
  </body>
</html>
`,
});
