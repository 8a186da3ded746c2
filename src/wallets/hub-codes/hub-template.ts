/**
 * Our template in EMVCo codes (26–51): by it a printed code says which shop of which acquirer it is of, whoever has printed it. A
 * shop's first code has no number; codes made after it have one, so that each can be retired alone.
 */
import type { DataObject } from '../codes/data-objects.ts';
import type { Template } from '../codes/merchant-code.ts';

export const HUB_GUID = 'org.causeway.hub';
/** Where we put it; it is read wherever it stands. */
export const HUB_TEMPLATE_ID = '26';

export interface HubTemplate {
  /** `acquirerId`. */
  readonly acquirerId: string;
  /** `referenceMerchantId`. */
  readonly merchantId: string;
  /** From 1: which of the shop's codes it is. */
  readonly number: number;
}

export const writeHubTemplate = ({ acquirerId, merchantId, number }: HubTemplate) => ({
  id: HUB_TEMPLATE_ID,
  guid: HUB_GUID,
  objects: [
    { id: '01', value: acquirerId },
    { id: '02', value: merchantId },
    ...(number > 1 ? [{ id: '03', value: String(number) }] : []),
  ] satisfies DataObject[],
});

/** Null when it does not say both. Identifiers of schemes are compared without regard to case. */
export function readHubTemplate({ guid, objects }: Template): Omit<HubTemplate, 'number'> | null {
  if (guid?.toLowerCase() !== HUB_GUID) return null;
  const of = (id: string): string => objects.find((object) => object.id === id)?.value ?? '';
  const [acquirerId, merchantId] = [of('01'), of('02')];
  return acquirerId === '' || merchantId === '' ? null : { acquirerId, merchantId };
}
