/**
 * Fields we send that came after OpenAPI 2.0.55, the newest file that is published as a whole: the only ones that may stand
 * in a body beside it. Whoever validates a body against that file takes these out first. Nothing else goes beyond it.
 *
 * | field                       | where                | since, as far as known                                       |
 * | subMerchantSupplementalData | POST payments        | 2.8.0; an aggregator must name its seller                    |
 * | captureId                   | POST refunds         | 2.8.0; a refund of one of several captures                   |
 * | isReauthorization           | PATCH payments/{id}  | the network's own collection, after 2.8.0                    |
 */
export const LATER_FIELDS = {
  payment: ['subMerchantSupplementalData'],
  verification: [],
  capture: [],
  refund: ['captureId'],
  change: ['isReauthorization'],
} as const satisfies Record<string, readonly string[]>;
