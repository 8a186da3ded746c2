/**
 * The frame around every hosted field: a page of the vault's own origin that a checkout shows in a frame, so that digits go
 * from the buyer's keyboard to the vault and the checkout sees a token only (PCI DSS SAQ A pattern; standards.md §7).
 *
 * Invariants: nothing on the page comes from another origin (CSP with one nonce, default-src 'none'); it can be framed by
 * the listed parents only; it talks to the one parent the frame was opened for, never to '*', listens to that one only,
 * and tells it states, brand and token, never a digit of a card.
 */

export interface HostedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageFrame {
  /** The origin of the page around the frame, one of `frameAncestors`. */
  readonly parent: string;
  readonly frameAncestors: readonly string[];
  /** Fresh for every answer. */
  readonly nonce: string;
}

export interface PageContent {
  readonly title: string;
  /** What stands inside the form. */
  readonly form: string;
  /** JavaScript after SHARED_SCRIPT. */
  readonly script: string;
  /** What the script finds in `settings`, beside `parent`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The page and the headers it must be sent with. */
export function hostedPage({ parent, frameAncestors, nonce }: PageFrame, content: PageContent): HostedPage {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ];
  // Checked ids, origins and tables of ours; the escape keeps a later change from closing the script element.
  const settings = JSON.stringify({ ...content.settings, parent }).replaceAll('<', '\\u003c');
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${content.title}</title>
<style nonce="${nonce}">${STYLE}
</style>
</head>
<body>
<form novalidate aria-label="${content.title}">${content.form}
  <p class="wide" id="status" role="status"></p>
</form>
<script nonce="${nonce}">
const settings = ${settings};
${SHARED_SCRIPT}
${content.script}
</script>
</body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    },
  };
}

/** A field with its label, a line that says what belongs there, and a line that says what is wrong. */
export const field = (name: string, options: { label: string; attributes: string; wide?: boolean }): string => `
  <div${options.wide === true ? ' class="wide"' : ''}>
    <label for="${name}">${options.label}</label>
    <input id="${name}" name="${name}" ${options.attributes} inputmode="numeric" required aria-invalid="false"
      aria-describedby="${name}-hint ${name}-error" spellcheck="false" autocapitalize="off">
    <p class="hint" id="${name}-hint"></p>
    <p class="error" id="${name}-error" role="alert"></p>
  </div>`;

const STYLE = `
  :root { color-scheme: light; font: 14px/1.4 system-ui, sans-serif; color: #1b2330; }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 4px; }
  form { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 12px; max-width: 420px; }
  .wide { grid-column: 1 / -1; }
  label { display: block; font-size: 12px; color: #4b5563; margin-bottom: 4px; }
  .keep { display: flex; gap: 8px; align-items: center; font-size: 14px; color: inherit; }
  .keep input { width: 18px; height: 18px; }
  input { width: 100%; padding: 7px 10px; font: inherit; border: 1px solid #c3ccd8; border-radius: 4px; background: #fff; }
  input:focus-visible, button:focus-visible { outline: 3px solid #5482ba; outline-offset: 1px; }
  input:disabled { background: #eef0f4; border-color: #c3c9d4; }
  input[aria-invalid=true] { border-color: #b3261e; border-width: 2px; }
  .hint, .error { margin: 3px 0 0; font-size: 12px; }
  .hint { color: #4b5563; }
  .error { min-height: 1.3em; color: #b3261e; }
  button { width: 100%; padding: 8px; font: inherit; font-weight: 600; color: #fff; background: #305a8f; border: 0;
           border-radius: 4px; cursor: pointer; }
  button:disabled { background: #6b7688; cursor: default; }
  [hidden] { display: none; }
  #status { margin: 0; font-size: 14px; min-height: 1.4em; }
  button[hidden] ~ #status:empty { min-height: 0; }
  /* Fingers need room, and phones zoom into text below 16 px. */
  @media (pointer: coarse) { input, button { font-size: 16px; min-height: 44px; } }
  @media (max-width: 260px) { form { grid-template-columns: 1fr; } }`;

// Runs in the buyer's browser. The page's own script sets `checks` (by field, a function that says state and words).
const SHARED_SCRIPT = `
  const form = document.querySelector('form');
  const button = document.querySelector('button');
  const status = document.getElementById('status');
  const checks = {};
  const input = (name) => document.getElementById(name);
  const wall = new Date();
  const today = { year: wall.getFullYear(), month: wall.getMonth() + 1 };
  let extra = () => ({});
  let finished = false;
  let told = '';

  const tell = (message) => window.parent.postMessage(message, settings.parent);

  function tellState() {
    const fields = Object.fromEntries(Object.keys(checks).map((name) => [name, checks[name]().state]));
    const complete = Object.values(fields).every((state) => state === 'valid');
    const message = { type: settings.stateType, complete, fields, ...extra() };
    if (JSON.stringify(message) === told) return;
    told = JSON.stringify(message);
    tell(message);
  }

  function showWords(name, words) {
    const place = document.getElementById(name + '-error');
    if (place.textContent !== words) place.textContent = words;
    input(name).setAttribute('aria-invalid', String(words !== ''));
  }

  /** Shows the words of all fields and goes to the first that has some. True when there was none. */
  function showAll(words) {
    for (const name of Object.keys(checks)) showWords(name, words[name] ?? '');
    const first = Object.keys(checks).find((name) => words[name]);
    if (first) input(first).focus();
    return first === undefined;
  }

  const wordsOfAll = () => Object.fromEntries(Object.keys(checks).map((name) => [name, checks[name]().words]));

  /** Words appear when a field is left with something wrong in it, and go as soon as it is right. */
  function watch(name) {
    input(name).addEventListener('input', () => {
      if (checks[name]().state === 'valid') showWords(name, '');
      tellState();
    });
    input(name).addEventListener('blur', () => {
      const { state, words } = checks[name]();
      if (state !== 'empty') showWords(name, words);
    });
  }

  async function post(path, body) {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { ok: response.ok, answer: response.status === 204 ? {} : await response.json() };
  }

  function finish(words, message) {
    finished = true;
    form.reset();
    for (const element of form.elements) element.disabled = true;
    button.hidden = true;
    status.textContent = words;
    tell(message);
  }

  function onSubmit(work) {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (finished || button.disabled) return;
      if (!showAll(wordsOfAll())) return tell({ type: 'causeway.refused' });
      button.disabled = true;
      status.textContent = settings.busy;
      await work().catch(() => { status.textContent = 'No connection. Please try again.'; });
      button.disabled = false;
      if (!finished) tell({ type: 'causeway.refused' });
    });
  }

  function showRefusal(answer, fieldOf) {
    const words = {};
    for (const { pointer, detail } of answer.errors ?? []) {
      if (fieldOf[pointer]) words[fieldOf[pointer]] ??= detail;
    }
    const named = !showAll(words);
    status.textContent = named ? '' : settings.failed;
  }

  // How high the frame must be for nothing of the form to be cut off.
  // Told at once, too: browsers do not draw, and so do not measure, a frame that is scrolled out of sight.
  let toldHeight = 0;
  function tellSize() {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === toldHeight) return;
    toldHeight = height;
    tell({ type: 'causeway.size', height });
  }
  new ResizeObserver(tellSize).observe(document.body);
  tellSize();

  // The parent may ask for what its own buttons do; anybody else is not heard.
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== settings.parent || finished) return;
    const type = event.data?.type;
    if (type === 'causeway.submit') form.requestSubmit();
    if (type === 'causeway.focus') input(Object.keys(checks)[0]).focus();
  });`;
