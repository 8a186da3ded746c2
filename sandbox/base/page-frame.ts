/**
 * What all pages of wallets and shops have: the name in its colour, one column that fits 390 pixels, fields and buttons a thumb can
 * hit, no script, nothing from outside. The ink on the brand's colour is whichever of black and white reads better.
 */
import { createHash } from 'node:crypto';
import type { Reply } from './http-server.ts';

/** Whose page it is. */
export interface Brand {
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

export interface Framed {
  readonly title: string;
  readonly body: string;
  /** Announced before everything else. */
  readonly error?: string | undefined;
  readonly status?: number;
  /** Seconds until it is loaded again by itself, for what changes without the reader. */
  readonly reloadSeconds?: number | undefined;
  /** Whether a form of it may lead to a page of somebody else. */
  readonly leadsOut?: boolean;
}

export function page(
  brand: Brand,
  { title, body, error, status = 200, reloadSeconds, leadsOut = false }: Framed,
): Reply {
  const style = styleOf(brand.colour);
  const hash = createHash('sha256').update(style).digest('base64');
  const alert = error === undefined ? '' : `<p id="error" class="error" role="alert">${escaped(error)}</p>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'${leadsOut ? ' http: https:' : ''}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...(reloadSeconds === undefined ? {} : { refresh: String(reloadSeconds) }),
    },
    body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${error === undefined ? '' : 'Error: '}${escaped(title)} · ${escaped(brand.name)}</title>
    <style>${style}</style>
  </head>
  <body>
    <header><strong>${escaped(brand.name)}</strong><span>sandbox</span></header>
    <main>
    <h1>${escaped(title)}</h1>
    ${alert}
    ${body}
    </main>
  </body>
</html>
`,
  };
}

export const seeOther = (location: string): Reply => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store' },
});

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text inside an element or a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Black or white, whichever has the higher contrast (WCAG 2.2, relative luminance); at least 4.5 to 1 on any colour. */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? '#000000' : '#ffffff';
}

const styleOf = (colour: string): string => `
  :root { color-scheme: light; font: 17px/1.45 system-ui, sans-serif; color: #16202c; background: #eef1f5;
    --brand: ${colour}; --ink: ${inkOn(colour)}; }
  * { box-sizing: border-box; }
  body { margin: 0; max-width: 30rem; margin-inline: auto; background: #fff; min-height: 100vh; }
  header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: 1rem;
    color: var(--ink); background: var(--brand); }
  header strong { font-size: 1.25rem; }
  main { padding: 1rem 1rem 3rem; }
  h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.2; }
  h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
  p { margin: .5rem 0; }
  .balance { margin: 0; font-size: 2rem; font-weight: 700; font-variant-numeric: tabular-nums; }
  .quiet { color: #46566a; font-size: .9rem; }
  .error { padding: .75rem; color: #8c1313; background: #fdeeee; border-left: 4px solid #b42318; }
  .good { padding: .75rem; color: #0b5132; background: #e9f7ef; border-left: 4px solid #12805c; font-weight: 600; }
  .bad { padding: .75rem; color: #8c1313; background: #fdeeee; border-left: 4px solid #b42318; font-weight: 600; }
  dl { margin: 0 0 1rem; }
  dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .55rem 0; border-bottom: 1px solid #e2e7ee; }
  dt { color: #46566a; }
  dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
  dd.whole { white-space: nowrap; }
  .total dd, .total dt { color: #16202c; font-size: 1.25rem; font-weight: 700; }
  label { display: block; margin-top: .75rem; font-weight: 600; }
  input, textarea { width: 100%; min-height: 3rem; padding: .6rem .75rem; font: inherit; border: 1px solid #64748b; border-radius: 10px; }
  textarea { min-height: 5.5rem; overflow-wrap: anywhere; }
  input.big { font-size: 1.5rem; letter-spacing: .1em; font-variant-numeric: tabular-nums; }
  button, .button { display: flex; align-items: center; justify-content: center; width: 100%; min-height: 3rem; margin-top: .75rem; padding: .5rem;
    font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: 10px; cursor: pointer;
    color: var(--ink); background: var(--brand); border: 1px solid #16202c33; }
  .plain { color: #16202c; background: #fff; border: 1px solid #64748b; }
  ul { margin: 0; padding: 0; list-style: none; }
  li a { display: flex; justify-content: space-between; gap: 1rem; min-height: 3rem; padding: .6rem 0; align-items: center; color: inherit; text-decoration: none;
    border-bottom: 1px solid #e2e7ee; }
  li small { display: block; color: #46566a; }
  li span:last-child { flex: none; text-align: right; font-variant-numeric: tabular-nums; }
  .open { padding: .75rem; color: #4a3500; background: #fff6df; border-left: 4px solid #b7791f; font-weight: 600; }
  .code { padding: .5rem; text-align: center; border: 1px solid #c9d1db; border-radius: 10px; }
  .code svg { display: block; width: 100%; height: auto; margin: 0 auto 1rem; }
  .code .qr svg { width: 13rem; }
  .digits { font-size: 1.05rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
  :focus-visible { outline: 3px solid #e08a00; outline-offset: 2px; }`;
