/**
 * Over which of the operator's accounts a marketplace's card payments go: data on the marketplace, in its order of
 * preference. A route takes a payment whose currency, brand and country it names; an empty list names all. A marketplace
 * without routes uses every account, in the operator's order.
 */
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';

export interface CardRoute {
  readonly account: Id<'net'>;
  /** ISO 4217. */
  readonly currencies: readonly string[];
  /** As the vault names them: visa, mastercard, american-express… */
  readonly brands: readonly string[];
  /** ISO 3166-1 alpha-2, of the buyer: nothing here knows an issuer's. */
  readonly countries: readonly string[];
}

export interface Routed {
  readonly currency: Currency;
  readonly brand: string;
  readonly country: string;
}

/** The accounts that take it, the preferred first, each once. `all`: those that can be used; a route to another is passed over. */
export function accountsFor(
  routes: readonly CardRoute[],
  all: readonly { readonly id: Id<'net'> }[],
  { currency, brand, country }: Routed,
): readonly Id<'net'>[] {
  if (routes.length === 0) return all.map(({ id }) => id);
  const takes = <Value>(named: readonly Value[], value: Value): boolean => named.length === 0 || named.includes(value);
  const taking = routes.filter(
    (route) => takes(route.currencies, currency) && takes(route.brands, brand) && takes(route.countries, country),
  );
  const usable = new Set(all.map(({ id }) => id));
  return [...new Set(taking.map(({ account }) => account))].filter((account) => usable.has(account));
}
