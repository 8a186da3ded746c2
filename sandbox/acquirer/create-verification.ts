/** POST /verifications: asks the issuer about card, address and verification value; no amount, nothing is held. */

import { assert } from '../../src/base/assert.ts';
import { isCurrency } from '../../src/base/currency.ts';
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { askIssuer } from './ask-issuer.ts';
import { readCardRequest } from './card-request.ts';
import { issuersWords } from './create-payment.ts';
import { readFields } from './fields.ts';
import { avsResult, cvvResult, expiryOf, maskOf } from './issuer.ts';
import { invalid } from './messages.ts';
import { uuid } from './notifications.ts';
import { done, once } from './once.ts';
import * as rows from './payment-rows.ts';
import { verificationAnswer, verificationBy } from './verification-answer.ts';

export function createVerification(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store, time, settings } = acquirer;
  return once(acquirer, 'verifications', requestId, () => {
    const fields = readFields(bodyObject(request) ?? {});
    const asked = readCardRequest(fields);
    const currency = fields.text('currency', { required: true });
    if (!isCurrency(currency)) fields.fail('currency', 'must be an ISO 4217 code');
    if (fields.errors.length > 0 || asked === null || !isCurrency(currency)) return invalid(fields.errors);
    const { credential, proof } = asked;
    const [masked, expiry] = [maskOf(asked.card.number), expiryOf(asked.card)];
    const question = { masked, expiry, amount: 0n, currency, partial: false, proof, credential };
    const verdict = askIssuer(acquirer, question);
    rows.insertRow(store, 'verification', {
      id: uuid(),
      request_id: requestId,
      currency,
      approved: verdict.approved ? 1n : 0n,
      ...issuersWords(verdict),
      card_type: asked.brand.type,
      card_type_name: asked.brand.name,
      masked,
      cvv_result: cvvResult(asked.brand, asked.card.cvv),
      avs_result: avsResult(asked.postalCode),
      order_number: asked.orderNumber,
      merchant: JSON.stringify({ merchantId: settings.merchantId, ...asked.merchant }),
      credential: JSON.stringify(credential),
      proof: JSON.stringify(proof),
      host_reference: rows.hostReference(),
      network_transaction: rows.networkTransaction(),
      created_ms: BigInt(time.nowMs()),
    });
    const row = verificationBy(store, 'request_id', requestId);
    assert(row !== null, 'the verification just written is there');
    return done(verificationAnswer(row));
  });
}
