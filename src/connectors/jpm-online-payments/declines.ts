/**
 * What a decline means for another try, as data. The network says it in up to four ways: its own response code, the
 * scheme's (ISO 8583 field 39), the host's three digits, and for Mastercard the merchant advice code. All that are known
 * are looked up, and the strongest class counts: who hears "stolen card" beside "declined" must not try again.
 * A code that is not here has no class; the caller decides.
 */
import type { DeclineClass } from '../ports/card-acquirer.ts';
import { at, type JsonObject, text } from './lenient-json.ts';

interface DeclineRule {
  readonly by: 'response' | 'scheme' | 'host' | 'advice';
  readonly class: DeclineClass;
  readonly codes: string;
  /** Only on cards of this type. */
  readonly cardType?: 'MC';
}

export const DECLINES: readonly DeclineRule[] = [
  { by: 'response', class: 'hard', codes: 'EXPIRED_CARD' },
  { by: 'response', class: 'authenticate', codes: 'AUTHENTICATION_REQUIRED AUTHENTICATION_INVALID' },
  {
    by: 'response',
    class: 'soft',
    codes: 'DECLINED PROCESSOR_DECLINE INSUFFICIENT_FUNDS DO_NOT_HONOR CONSUMER_ABORTED',
  },
  {
    by: 'response',
    class: 'refused',
    codes: `VALIDATION_ERROR BAD_REQUEST NOT_FOUND UNAUTHORIZED FORBIDDEN AUTHORIZATION_EXPIRED ALREADY_CAPTURED VOIDED
      PAYMENT_VOIDED PAYMENT_DECLINED VOID_NOT_ALLOWED AMOUNT_EXCEEDS_AUTHORIZATION AMOUNT_EXCEEDS_REFUNDABLE
      AMOUNT_UNCHANGED AMOUNT_BELOW_CAPTURED INVALID_ORIGINAL_TRANSACTION`,
  },
  // Pick up, lost, stolen, no such card or issuer, expired, not permitted, cardholder stopped the agreement.
  { by: 'scheme', class: 'hard', codes: '04 07 12 14 15 41 43 46 54 57 R0 R1 R3' },
  // 1A is Visa's, 65 Mastercard's way to ask for the cardholder; on other cards 65 is a count that was reached.
  { by: 'scheme', class: 'authenticate', codes: '1A' },
  { by: 'scheme', class: 'authenticate', codes: '65', cardType: 'MC' },
  { by: 'scheme', class: 'soft', codes: '01 02 05 19 51 55 61 62 65 75 78 82 85 91 96' },
  { by: 'scheme', class: 'refused', codes: '03 13 30' },
  { by: 'host', class: 'hard', codes: '522' },
  { by: 'host', class: 'soft', codes: '303 401 521 530' },
  { by: 'advice', class: 'hard', codes: '03 21' },
  { by: 'advice', class: 'soft', codes: '02' },
];

const STRONGEST_FIRST: readonly DeclineClass[] = ['hard', 'authenticate', 'refused', 'soft'];

const CLASSES: ReadonlyMap<string, DeclineClass> = new Map(
  DECLINES.flatMap(({ by, class: meaning, codes, cardType }) =>
    codes
      .split(/\s+/)
      .map((code) => [`${by} ${code}${cardType === undefined ? '' : ` ${cardType}`}`, meaning] as const),
  ),
);

/** The class of a refusal, from everything its body says; undefined when none of its codes is known. */
export function declineClass(code: string, body: JsonObject): DeclineClass | undefined {
  const card = at(body, 'paymentMethodType', 'card');
  const network = at(card, 'networkResponse');
  const host = text(body.extendedHostErrorCode) ?? /^\d{3}(?=\D|$)/.exec(text(body.hostMessage) ?? '')?.[0];
  const said: readonly (readonly [DeclineRule['by'], string | undefined])[] = [
    ['response', code],
    ['scheme', text(network.networkResponseCode)],
    ['host', host],
    ['advice', text(at(network, 'additionalData').merchantAdviceCode)],
  ];
  const cardType = text(card.cardType) ?? '';
  const found = said.map(([by, value]) => CLASSES.get(`${by} ${value} ${cardType}`) ?? CLASSES.get(`${by} ${value}`));
  return STRONGEST_FIRST.find((meaning) => found.includes(meaning));
}
