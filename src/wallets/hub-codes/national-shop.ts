/**
 * A shop as a national code names it. Schemes leave out what they do not need (PromptPay and VietQR have no name and no category), so
 * each fact has a place to fall back to; who is paid is what the scheme's own template says.
 */
import type { ShopFacts } from '../../connectors/ports/wallet.ts';
import type { NationalRoute } from './route-code.ts';

/** ISO 18245 has no code for what nobody says. */
const NO_CATEGORY = '0000';

export function shopOfNational({ code, scheme, acquirer }: NationalRoute): ShopFacts {
  const account = scheme.objects.find(({ id }) => id !== '00')?.value ?? '';
  const guid = scheme.guid ?? scheme.id;
  return {
    merchantId: `${guid}:${account}`.slice(0, 64),
    name: code.local?.name ?? code.name ?? guid,
    country: code.country ?? (acquirer.acquirer?.countries[0] as string),
    categoryCode: code.categoryCode ?? NO_CATEGORY,
  };
}
