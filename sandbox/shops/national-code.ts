/**
 * The code of a national scheme as a shop at home has it: EMVCo, static, without amount, without the hub's template. Who is paid stands in
 * the scheme's own template. Source: EMV QRCPS merchant-presented mode 1.1; written apart from the hub's writer.
 */
import { CURRENCIES } from '../../src/base/currency.ts';
import { emvChecksum } from '../base/emv-checksum.ts';
import type { Acquirer, Shop } from './acquirer.ts';

const SCHEME_TEMPLATE = '28';

/** A scheme's template in the form that the hub takes for its printed codes. */
export const schemeTemplate = ({ merchantId }: Shop, guid: string) => ({
  templateId: SCHEME_TEMPLATE,
  guid,
  objects: { '01': merchantId },
});

export function nationalCode({ country }: Acquirer, shop: Shop, scheme: string): string {
  const template = object('00', scheme) + object('01', shop.merchantId);
  const body = [
    object('00', '01'),
    object('01', '11'),
    object(SCHEME_TEMPLATE, template),
    object('52', shop.mcc),
    object('53', CURRENCIES[shop.currency].numeric),
    object('58', country),
    object('59', shop.name),
    object('60', shop.city),
    '6304',
  ].join('');
  return body + emvChecksum(Buffer.from(body, 'utf8'));
}

const object = (id: string, value: string): string => `${id}${String(value.length).padStart(2, '0')}${value}`;
