/**
 * Whose code somebody has scanned. Pure, from the text and who takes part; rows of single codes are looked up by the caller.
 *
 * A code for many schemes is routed to one, always the same: our own template first, then the schemes that acquirers of the hub
 * serve by push, in the order of their template ids; of several acquirers of one scheme those of the code's country come first, then
 * the one whose name in messages is first. Templates that nobody knows are skipped. A suspended acquirer counts as one that
 * is not there for schemes; a code that names it is told so.
 */
import type { Currency } from '../../base/currency.ts';
import type { Money } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import { readGeneralPayload } from '../codes/general-payload.ts';
import { type MerchantCode, readMerchantCode, type Template } from '../codes/merchant-code.ts';
import type { CodeRefusal } from './errors.ts';
import { readHubTemplate } from './hub-template.ts';

export type Route =
  /** Our template: a shop of an acquirer, by their names in messages. */
  | {
      readonly kind: 'store';
      readonly acquirerId: string;
      readonly merchantId: string;
      readonly currency: Currency | null;
    }
  | NationalRoute
  /** A link: an order code, an acquirer's own code or a registered page, by what is known of it. */
  | { readonly kind: 'link'; readonly isOurs: boolean; readonly acquirer: Participant | null };

/** A scheme that an acquirer serves by push. */
export interface NationalRoute {
  readonly kind: 'national';
  readonly acquirer: Participant;
  readonly scheme: Template;
  readonly code: MerchantCode;
  readonly currency: Currency;
  /** Null where the person types it. */
  readonly amount: Money | null;
  /** Made for one payment. */
  readonly once: boolean;
}

export const MOST_CHARACTERS = 512;

/**
 * Checks in this order: that it is text that fits, its kind, then of an EMVCo code its structure, its checksum and its templates.
 * @param domain host of the order codes of this installation.
 * @param acquirers in the order of their names.
 */
export function routeCode(
  text: string,
  { domain, acquirers }: { readonly domain: string; readonly acquirers: readonly Participant[] },
): Result<Route, CodeRefusal> {
  if (text === '' || text.length > MOST_CHARACTERS)
    return refuse('invalid_code', `a code has 1 to ${MOST_CHARACTERS} characters`);
  if (/^https?:\/\//i.test(text)) return ok(routeLink(text, domain, acquirers));
  if (/^0002/.test(text)) return routeMerchantCode(text, acquirers);
  if (/^\d{17,32}$/.test(text))
    return refuse('invalid_code', 'is a code that a person shows to a shop, and no shop shows it');
  return refuse('invalid_code', 'is neither a link nor a code of EMVCo');
}

/** The longest prefix is the most of its acquirer's own. */
function routeLink(text: string, domain: string, acquirers: readonly Participant[]): Route {
  const payload = readGeneralPayload(text);
  const isOurs = payload.ok && payload.value.domain.toLowerCase() === domain.toLowerCase();
  const fits = (prefix: string): boolean => text.toLowerCase().startsWith(prefix.toLowerCase());
  const own = active(acquirers).flatMap((acquirer) =>
    (acquirer.acquirer?.codePrefixes ?? []).filter(fits).map((prefix) => ({ acquirer, length: prefix.length })),
  );
  const [best] = own.sort((left, right) => right.length - left.length);
  return { kind: 'link', isOurs, acquirer: best?.acquirer ?? null };
}

function routeMerchantCode(text: string, acquirers: readonly Participant[]): Result<Route, CodeRefusal> {
  const read = readMerchantCode(text);
  if (!read.ok) return refuse('invalid_code', read.error.detail, { facts: { because: read.error.code } });
  const code = read.value;
  const own = code.accounts.map(readHubTemplate).find((template) => template !== null);
  if (own !== undefined && own !== null) return ok({ kind: 'store', ...own, currency: code.currency });
  const templates = [...code.accounts].sort((left, right) => Number(left.id) - Number(right.id));
  for (const scheme of templates) {
    const acquirer = acquirerOf(scheme, code.country, acquirers);
    if (acquirer !== null) return nationalRoute({ code, scheme, acquirer });
  }
  const seen = templates.map(({ id, guid }) => `${id} ${guid ?? 'of a card scheme'}`);
  const what = seen.length === 0 ? 'it has none' : `it has ${seen.join(', ')}`;
  return refuse('invalid_code', `no template of this code is known here: ${what}`, { facts: { seen } });
}

function acquirerOf(scheme: Template, country: string | null, acquirers: readonly Participant[]): Participant | null {
  const guid = scheme.guid?.toLowerCase();
  const serving = active(acquirers).filter(({ acquirer }) =>
    acquirer?.pushSchemes.some((each) => each.toLowerCase() === guid),
  );
  const near = serving.find(({ acquirer }) => country !== null && acquirer?.countries.includes(country));
  return near ?? serving[0] ?? null;
}

function nationalRoute(found: Pick<NationalRoute, 'code' | 'scheme' | 'acquirer'>): Result<Route, CodeRefusal> {
  const { currency, amount, dynamic } = found.code;
  if (currency === null) return refuse('invalid_code', 'does not say a currency that one can pay in (53)');
  return ok({ kind: 'national', ...found, currency, amount, once: dynamic === true && amount !== null });
}

const active = (acquirers: readonly Participant[]): readonly Participant[] =>
  acquirers.filter(({ state, acquirer }) => state === 'active' && acquirer !== null);
