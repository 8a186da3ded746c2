/**
 * The hosted field that asks for the security code of a stored card again: it was never kept (PCI DSS 3.3.1.2), and an
 * issuer may want it when the buyer is there. The value stays in the vault's memory for the next use of the card.
 *
 * Tells the parent: `causeway.cvv-state` {complete, fields} at every change, `causeway.cvv-ready` {token} once. Hears from
 * it: `causeway.submit`, `causeway.focus`.
 */
import { checkCode } from './card-checks.ts';
import { field, type HostedPage, hostedPage, type PageFrame } from './hosted-page.ts';

export interface CvvPageOptions extends PageFrame {
  /** Of a stored card; already checked. */
  readonly token: string;
  /** Digits of the brand's code. */
  readonly codeSize: number;
}

/** The page and the headers it must be sent with. */
export function cvvPage({ token, codeSize, ...frame }: CvvPageOptions): HostedPage {
  return hostedPage(frame, {
    title: 'Confirm your card',
    form: FORM,
    script: `${checkCode}\n${SCRIPT}`,
    settings: {
      token,
      codeSize,
      stateType: 'causeway.cvv-state',
      busy: 'One moment…',
      failed: 'This card cannot be used. Please choose another one.',
    },
  });
}

const FORM = `${field('cvv', {
  label: 'Security code',
  attributes: 'type="password" autocomplete="cc-csc" maxlength="4"',
  wide: true,
})}
  <div class="wide"><button type="submit">Confirm</button></div>`;

// Runs in the buyer's browser, after SHARED_SCRIPT.
const SCRIPT = `
  checks.cvv = () => checkCode(input('cvv').value, settings.codeSize);
  document.getElementById('cvv-hint').textContent =
    settings.codeSize === 4 ? '4 digits on the front of the card' : '3 digits on the back of the card';
  watch('cvv');

  onSubmit(async () => {
    const { ok, answer } = await post('/v1/tokens/' + settings.token + '/cvv', { cvv: input('cvv').value.trim() });
    if (!ok) return showRefusal(answer, { '/cvv': 'cvv' });
    finish('Security code is ready.', { type: 'causeway.cvv-ready', token: settings.token });
  });
  tellState();`;
