/**
 * Use of a card that is kept: who initiates the charge, whether the card is or will be on file, under which agreement.
 * Fields are checked, kept and echoed. A charge without the cardholder must say that the card is stored, and for Visa name
 * the scheme's transaction of the first use; the issuer knows only those it has seen with the same card.
 * Source: Online Payments OpenAPI 2.0.55 (initiatorType, accountOnFile, recurring); matrix of stored credentials.
 */
import type { Store } from '../base/store.ts';
import type { FieldReader } from './fields.ts';
import { type Refusal, refusal } from './issuer.ts';

/** As in the request; absent fields were not sent. */
export interface Credential {
  readonly initiatorType?: string;
  readonly accountOnFile?: string;
  readonly isAmountFinal?: boolean;
  readonly authorizationPurpose?: string;
  readonly recurring?: Readonly<Record<string, unknown>>;
  readonly originalNetworkTransactionId?: string;
}

const INITIATORS = ['CARDHOLDER', 'MERCHANT'];
const ON_FILE = ['NOT_STORED', 'TO_BE_STORED', 'STORED'];
const PURPOSES = ['DELAYED_CHARGE', 'NO_SHOW', 'REAUTHORIZATION', 'RESUBMISSION'];
const SEQUENCES = ['FIRST', 'SUBSEQUENT'];
const CARD = 'paymentMethodType.card';

export function readCredential(fields: FieldReader, cardType: string): Credential {
  const initiatorType = fields.choice('initiatorType', INITIATORS);
  const accountOnFile = fields.choice('accountOnFile', ON_FILE);
  const authorizationPurpose = fields.choice('authorizationPurpose', PURPOSES);
  const isAmountFinal = fields.flag('isAmountFinal');
  const original = fields.text(`${CARD}.originalNetworkTransactionId`, { min: 4, max: 40 });
  const recurring = fields.object('recurring');
  const sequence =
    fields.choice('recurring.recurringSequence', SEQUENCES) ?? fields.choice('recurringSequence', SEQUENCES);
  fields.text('recurring.agreementId', { min: 1, max: 100 });
  if (initiatorType === 'MERCHANT') {
    if (accountOnFile !== 'STORED') fields.fail('accountOnFile', 'must be STORED when the merchant initiates');
    if (cardType === 'VI' && original === null) {
      fields.fail(`${CARD}.originalNetworkTransactionId`, 'is required for Visa when the merchant initiates');
    }
  }
  if (sequence !== null && (accountOnFile === null || accountOnFile === 'NOT_STORED')) {
    fields.fail('accountOnFile', 'must be TO_BE_STORED or STORED with a recurring sequence');
  }
  return {
    ...(initiatorType === null ? {} : { initiatorType }),
    ...(accountOnFile === null ? {} : { accountOnFile }),
    ...(isAmountFinal === null ? {} : { isAmountFinal }),
    ...(authorizationPurpose === null ? {} : { authorizationPurpose }),
    ...(Object.keys(recurring).length === 0 ? {} : { recurring }),
    ...(original === null ? {} : { originalNetworkTransactionId: original }),
  };
}

/** A first use that was declined opened no agreement. */
const KNOWN = [`payment where state <> 'DECLINED'`, 'verification where approved = 1'].map(
  (approved) => `select 1 from ${approved} and network_transaction = ? and masked = ?
    and json_extract(credential, '$.accountOnFile') in ('TO_BE_STORED', 'STORED')`,
);
const SEEN = KNOWN.join(' union all ');

/** The issuer's no to a first use that it has never seen with this card, or null. */
export function unknownFirstUse(store: Store, credential: Credential, masked: string): Refusal | null {
  const id = credential.originalNetworkTransactionId;
  if (id === undefined || store.first(SEEN, id, masked, id, masked) !== null) return null;
  return refusal('INVALID_ORIGINAL_TRANSACTION', 'Original transaction is not known', '12');
}

/** What answers repeat of it. */
export function shownCredential(json: string): Omit<Credential, 'originalNetworkTransactionId'> {
  // Written by this file, in insert statements of payments and verifications.
  const { originalNetworkTransactionId: _, ...shown } = JSON.parse(json) as Credential;
  return shown;
}
